/**
 * What: looks what a text could be meant to do. Where: for every text that comes with a request, and once for those in a document.
 * A caller sees the name of a rule.
 */
import { decodeText, ENCODED } from './decodeText.ts';
import { commandInjection } from './rules/commandInjection.ts';
import { pathTraversal } from './rules/pathTraversal.ts';
import type { Rule } from './rules/Rule.ts';
import { script } from './rules/script.ts';
import { sqlInjection } from './rules/sqlInjection.ts';
import { ssrf } from './rules/ssrf.ts';

/** By their names in the configuration. */
const RULES = {
  sql_injection: sqlInjection,
  script,
  path_traversal: pathTraversal,
  command_injection: commandInjection,
  ssrf,
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;

/** One of the operator's own; it takes time in proportion to the length of a text. */
export interface OwnPattern {
  readonly name: string;
  readonly isFound: (text: string) => boolean;
}

export interface Detector {
  /** Whether there is nothing to be looked for, which costs next to nothing to know. */
  isPlain(text: string): boolean;
  /** The rules that a text breaks. */
  find(text: string): readonly string[];
}

/** What most values are: words, numbers, names, dates, addresses of mail. In them there is nothing to be found but by these words. */
const PLAIN = /^[\w\s.,@:+-]*$/;
const WORDS =
  /\d\s+(?:or|and|xor)\s|union|order by|having|waitfor|--|\.\.|169\.254|100\.100\.100|192\.0\.0\.192|metadata|powershell|^\s*[a-z_.2]+:|\n/i;
const BASE64 = /^[A-Za-z0-9+/]{200,}={0,2}$/;

export function createDetector(names: readonly RuleName[], own: readonly OwnPattern[] = []): Detector {
  const rules = names.map((name) => [name, RULES[name]] as const);
  const search = (text: string, found: Set<string>): void => {
    for (const [name, isFound] of rules) if (!found.has(name) && isFound(text)) found.add(name);
  };
  return {
    isPlain: (text) => own.length === 0 && (PLAIN.test(text) || BASE64.test(text)) && !WORDS.test(text),
    find(text) {
      const found = new Set<string>();
      const lower = text.toLowerCase();
      const decoded = ENCODED.test(lower) ? decodeText(lower) : lower;
      for (const { name, isFound } of own)
        if (isFound(text) || (decoded !== lower && isFound(decoded))) found.add(name);
      search(lower, found);
      if (decoded !== lower) search(decoded, found);
      return [...found];
    },
  };
}

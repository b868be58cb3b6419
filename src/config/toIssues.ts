import type * as v from 'valibot';
import { closestName } from '../lib/closestName.ts';
import { isRecord } from '../lib/isRecord.ts';
import { foreignWord } from './foreignWord.ts';
import { KNOWN_KEYS } from './schema/strict.ts';
import { showValue } from './showValue.ts';

export type ConfigPath = readonly (string | number)[];

/** A problem before it is placed in the file. `at` says whether it is about the key or the value there. */
export interface PathIssue {
  readonly path: ConfigPath;
  readonly at: 'key' | 'value';
  readonly message: string;
}

type ValibotIssue = v.BaseIssue<unknown>;

/** Valibot's issues in our words, each with its whole path; unknown keys all, each with the key that was probably meant. */
export function toIssues(issues: readonly ValibotIssue[], parent: ConfigPath = []): PathIssue[] {
  return issues.flatMap((issue) => toPathIssues(issue, parent));
}

function toPathIssues(issue: ValibotIssue, parent: ConfigPath): PathIssue[] {
  const path = [...parent, ...(issue.path ?? []).map((item) => toKey(item.key))];
  if (issue.type === 'union' && issue.issues !== undefined) return unionIssues(issue, issue.issues, path);
  if (issue.kind !== 'schema') return [{ path, at: 'value', message: issue.message }];
  if (issue.type === 'strict_object' && issue.expected === 'never') return unknownKeys(issue, path);
  if (
    issue.type === 'strict_object' &&
    issue.received === 'undefined' &&
    issue.path?.at(-1)?.value === undefined &&
    issue.path !== undefined
  ) {
    return [{ path, at: 'key', message: 'Expected a value; it is missing.' }];
  }
  const expected = describeExpected(issue.expected);
  // A text where a whole section belongs may be what that section keeps secret.
  const got =
    typeof issue.input === 'string' && /^(an object|a list)$/.test(expected) ? 'a text' : showValue(issue.input);
  return [{ path, at: 'value', message: `Expected ${expected}; got ${got}.` }];
}

/** Of the alternatives the one that the value has the shape of; where it has none of them, what they are. */
function unionIssues(issue: ValibotIssue, alternatives: readonly ValibotIssue[], path: ConfigPath): PathIssue[] {
  const list = Array.isArray(issue.input);
  const inside = alternatives.filter(
    ({ path: inner }) => inner !== undefined && (typeof inner[0].key === 'number') === list,
  );
  if (inside.length > 0) return toIssues(inside, path);
  return [
    { path, at: 'value', message: `Expected ${describeExpected(issue.expected)}; got ${showValue(issue.input)}.` },
  ];
}

function unknownKeys(issue: ValibotIssue, path: ConfigPath): PathIssue[] {
  const owner = issue.path?.at(-1)?.input;
  const known = issue.message.slice(KNOWN_KEYS.length).split(',');
  const keys = isRecord(owner) ? Object.keys(owner).filter((key) => !known.includes(key)) : [];
  return keys.map((key) => ({
    path: [...path.slice(0, -1), key],
    at: 'key',
    message: `Unknown key "${key}"${suggestion(key, known)}`,
  }));
}

function suggestion(key: string, known: readonly string[]): string {
  const foreign = foreignWord(key, known);
  if (foreign !== undefined) return `; ${foreign}.`;
  const meant = closestName(key, known);
  if (meant !== undefined) return `; did you mean "${meant}"?`;
  return `; expected one of ${known
    .filter((name) => !name.startsWith('$'))
    .map((name) => `"${name}"`)
    .join(', ')}.`;
}

const words: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['Object', 'an object'],
  ['Array', 'a list'],
]);

function describeExpected(expected: string | null): string {
  const parts = (expected ?? 'another value').replaceAll(/[()]/g, '').split(' | ');
  // Text stands beside numbers and booleans for the environment's sake only.
  const wanted =
    parts.includes('boolean') || parts.includes('number') ? parts.filter((part) => part !== 'string') : parts;
  return wanted.map((part) => words.get(part) ?? part).join(' or ');
}

function toKey(key: unknown): string | number {
  return typeof key === 'number' ? key : String(key);
}

import type { ConfigPath, PathIssue } from './toIssues.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Expanded {
  readonly value: unknown;
  readonly issues: readonly PathIssue[];
}

/**
 * Puts the environment into every text of a document: `${env.NAME}`, `${env.NAME:-default}`. As in a shell, the default also stands for
 * an empty variable. Pure: the environment is passed in.
 */
export function expandEnvironment(value: unknown, env: Environment): Expanded {
  const issues: PathIssue[] = [];
  return { value: expand(value, [], env, issues), issues };
}

function expand(value: unknown, path: ConfigPath, env: Environment, issues: PathIssue[]): unknown {
  if (typeof value === 'string')
    return expandText(value, env, (message) => issues.push({ path, at: 'value', message }));
  if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, index], env, issues));
  // Instances of classes, such as places in a parsed document, are nobody's text.
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, expand(item, [...path, key], env, issues)]),
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function expandText(text: string, env: Environment, report: (message: string) => void): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (whole, inner: string) => {
    const match = /^env\.([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inner);
    if (match?.[1] === undefined) {
      report(`Expected "\${env.NAME}" or "\${env.NAME:-default}"; got "${whole}".`);
      return whole;
    }
    const [, name, fallback] = match;
    const set = env[name];
    if (set !== undefined && (set !== '' || fallback === undefined)) return set;
    if (fallback !== undefined) return fallback;
    report(`Expected the environment variable "${name}", which has no default here; it is not set.`);
    return whole;
  });
}

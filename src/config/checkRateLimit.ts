import { closestName } from '../lib/closestName.ts';
import { isRecord } from '../lib/isRecord.ts';
import type { PathIssue } from './toIssues.ts';

/** What a schema of types can't say of `rate_limit`: names that are taken or unknown, a store that is not there. */
export function checkRateLimit(
  input: Readonly<Record<string, unknown>>,
  /** Undefined where they are not known. */
  subgraphs: readonly string[] | undefined,
): PathIssue[] {
  const section = input['rate_limit'];
  if (!isRecord(section)) return [];
  return [
    ...checkStore(section, input['redis']),
    ...checkRuleNames(section),
    ...checkFailures(section, input['authentication']),
    ...checkDefaultPlan(section),
    ...checkSubgraphs(section, subgraphs),
  ];
}

function checkStore(section: Readonly<Record<string, unknown>>, redis: unknown): PathIssue[] {
  if (section['store'] !== 'redis' || redis !== undefined) return [];
  const message = 'Expected a section "redis" with the address of the store; there is none.';
  return [{ path: ['rate_limit', 'store'], at: 'value', message }];
}

function checkRuleNames(section: Readonly<Record<string, unknown>>): PathIssue[] {
  const rules = Array.isArray(section['rules']) ? section['rules'] : [];
  const first = new Map<unknown, number>();
  const issues: PathIssue[] = [];
  for (const [index, rule] of rules.entries()) {
    const name = isRecord(rule) ? rule['name'] : undefined;
    if (name === undefined) continue;
    const taken = first.get(name);
    if (taken === undefined) first.set(name, index);
    else {
      const message = `Expected a name of its own; "${String(name)}" is also the name of rules[${taken}].`;
      issues.push({ path: ['rate_limit', 'rules', index, 'name'], at: 'value', message });
    }
  }
  return issues;
}

function checkFailures(section: Readonly<Record<string, unknown>>, authentication: unknown): PathIssue[] {
  const rules = Array.isArray(section['rules']) ? section['rules'] : [];
  if (authentication !== undefined) return [];
  const message = 'Expected a section "authentication" beside this; nobody judges credentials without.';
  return rules.flatMap((rule: unknown, index): PathIssue[] =>
    isRecord(rule) && rule['on'] === 'failed_authentication'
      ? [{ path: ['rate_limit', 'rules', index, 'on'], at: 'value', message }]
      : [],
  );
}

function checkDefaultPlan(section: Readonly<Record<string, unknown>>): PathIssue[] {
  const name = section['default_plan'];
  const names = isRecord(section['plans']) ? Object.keys(section['plans']) : [];
  if (typeof name !== 'string' || names.includes(name)) return [];
  const message = `No plan has the name "${name}"${hint(name, names)}`;
  return [{ path: ['rate_limit', 'default_plan'], at: 'value', message }];
}

function checkSubgraphs(section: Readonly<Record<string, unknown>>, names: readonly string[] | undefined): PathIssue[] {
  if (names === undefined || !isRecord(section['subgraphs'])) return [];
  return Object.keys(section['subgraphs'])
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: ['rate_limit', 'subgraphs', name],
      at: 'key',
      message: `No subgraph has the name "${name}"${hint(name, names)}`,
    }));
}

function hint(name: string, names: readonly string[]): string {
  const meant = closestName(name, names);
  return meant === undefined ? '.' : `; did you mean "${meant}"?`;
}

import { closestName } from '../lib/closestName.ts';
import { isRecord } from '../lib/isRecord.ts';
import { THREAT_RULES } from './schema/threatProtectionSchema.ts';
import type { PathIssue } from './toIssues.ts';

/** What a schema of types can't say of `threat_protection`: names that are taken or unknown. */
export function checkThreats(input: Readonly<Record<string, unknown>>): PathIssue[] {
  const section = input['threat_protection'];
  if (!isRecord(section)) return [];
  const patterns = listOf(section['patterns']).map((pattern) => (isRecord(pattern) ? pattern['name'] : undefined));
  const known = new Set<unknown>(THREAT_RULES);
  const issues: PathIssue[] = [];
  for (const [index, name] of patterns.entries()) {
    if (typeof name !== 'string') continue;
    if (known.has(name))
      issues.push({
        path: ['threat_protection', 'patterns', index, 'name'],
        at: 'value',
        message: `Expected a name of its own; "${name}" is already one of a rule.`,
      });
    known.add(name);
  }
  const names = [...known, 'max_characters'].filter((name) => typeof name === 'string');
  for (const [index, allowance] of listOf(section['allow']).entries())
    for (const [at, name] of listOf(isRecord(allowance) ? allowance['rules'] : undefined).entries()) {
      if (typeof name !== 'string' || names.includes(name)) continue;
      const meant = closestName(name, names);
      const hint = meant === undefined ? '.' : `; did you mean "${meant}"?`;
      issues.push({
        path: ['threat_protection', 'allow', index, 'rules', at],
        at: 'value',
        message: `No rule has the name "${name}"${hint}`,
      });
    }
  return issues;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

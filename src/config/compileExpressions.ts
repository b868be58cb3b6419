import type { Expression } from '../expressions/compileExpression.ts';
import { isRecord } from '../lib/isRecord.ts';
import { credentialPlaces } from './credentialPlaces.ts';
import type { ConfigPath, PathIssue } from './toIssues.ts';

export interface CompiledExpressions {
  readonly issues: readonly PathIssue[];
  /** The text of a header, by the source of its expression; undefined for one that has an issue. */
  readonly text: (source: string) => Expression<string> | undefined;
}

/** The expressions of the configuration. Their language is loaded only where there are any: that takes 17 ms and 9 MB. */
export async function compileExpressions(input: unknown): Promise<CompiledExpressions> {
  if (!isRecord(input)) return { issues: [], text: () => undefined };
  const found = [
    ...['headers', 'subgraphs'].flatMap((key) => findInserted(input[key], [key])),
    ...findDecision(input, ['demand_control', 'expose']),
    ...findDecision(input, ['persisted_documents', 'allow']),
    ...['block_mutations', 'block_subscriptions'].flatMap((key) => findBlock(input['security'], key)),
    ...findAllowances(input['threat_protection']),
    ...findPrivateIds(input['response_cache']),
    ...findPolicies(input['authorization']),
    ...findLimits(input['rate_limit']),
    ...findClients(input['authentication']),
    ...findClaims(input),
  ];
  const compiled = new Map<string, Expression<string>>();
  if (found.length === 0) return { issues: [], text: () => undefined };
  const { compileExpression } = await import('../expressions/compileExpression.ts');
  const issues: PathIssue[] = [];
  for (const { path, source, type } of found) {
    try {
      if (type === 'bool') compileExpression(source, 'bool');
      else compiled.set(source, compileExpression(source, 'string'));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      issues.push({ path, at: 'value', message: `Expected an expression (CEL): ${why}` });
    }
  }
  return { issues, text: (source) => compiled.get(source) };
}

interface Found {
  readonly path: ConfigPath;
  readonly source: string;
  readonly type: 'bool' | 'string';
}

/** An expression that says yes or no; `true` and `false` may stand there as they are. */
function findDecision(
  input: Readonly<Record<string, unknown>>,
  [section, key]: readonly [string, string],
): readonly Found[] {
  const settings = input[section];
  const source = isRecord(settings) ? settings[key] : undefined;
  if (typeof source !== 'string' || source === 'true' || source === 'false') return [];
  return [{ path: [section, key], source, type: 'bool' }];
}

function findBlock(security: unknown, key: string): readonly Found[] {
  const block = isRecord(security) ? security[key] : undefined;
  const settings = isRecord(block) ? block : { [key]: block };
  const name = isRecord(block) ? 'condition' : key;
  const path = isRecord(block) ? ['security', key] : ['security'];
  return findDecision({ settings }, ['settings', name]).map((found) => ({ ...found, path: [...path, name] }));
}

function findAllowances(section: unknown): readonly Found[] {
  const entries = isRecord(section) && Array.isArray(section['allow']) ? section['allow'] : [];
  return entries.flatMap((entry: unknown, index): Found[] =>
    isRecord(entry) && typeof entry['when'] === 'string'
      ? [{ path: ['threat_protection', 'allow', index, 'when'], source: entry['when'], type: 'bool' }]
      : [],
  );
}

function findPolicies(authorization: unknown): readonly Found[] {
  const policies = isRecord(authorization) && isRecord(authorization['policies']) ? authorization['policies'] : {};
  return Object.entries(policies).flatMap(([name, source]): Found[] =>
    typeof source === 'string' ? [{ path: ['authorization', 'policies', name], source, type: 'bool' }] : [],
  );
}

/** Of certificates: whether one is accepted, and whose it is. */
function findClients(authentication: unknown): readonly Found[] {
  const settings = isRecord(authentication) ? authentication['client_certificate'] : undefined;
  if (!isRecord(settings)) return [];
  return (['allow', 'consumer', 'scopes', 'plan'] as const).flatMap((key): Found[] => {
    const source = settings[key];
    if (typeof source !== 'string') return [];
    const path = ['authentication', 'client_certificate', key];
    return [{ path, source, type: key === 'allow' ? 'bool' : 'string' }];
  });
}

/** Words that stand for whose a counter is, where an expression could stand too. */
const OWNERS = new Set(['caller', 'address', 'plan', 'operation', 'all']);

function findLimits(limits: unknown): readonly Found[] {
  if (!isRecord(limits)) return [];
  const found: Found[] = [];
  const note = (path: ConfigPath, source: unknown, type: Found['type']): void => {
    if (typeof source === 'string' && !(type === 'string' && OWNERS.has(source)))
      found.push({ path: ['rate_limit', ...path], source, type });
  };
  const noteKeys = (path: ConfigPath, keys: unknown): void => {
    if (Array.isArray(keys)) for (const [index, key] of keys.entries()) note([...path, index], key, 'string');
    else note(path, keys, 'string');
  };
  for (const [index, rule] of (Array.isArray(limits['rules']) ? limits['rules'] : []).entries()) {
    if (!isRecord(rule)) continue;
    noteKeys(['rules', index, 'key'], rule['key']);
    note(['rules', index, 'when'], rule['when'], 'bool');
  }
  for (const [name, subgraph] of Object.entries(isRecord(limits['subgraphs']) ? limits['subgraphs'] : {}))
    if (isRecord(subgraph)) noteKeys(['subgraphs', name, 'key'], subgraph['key']);
  if (typeof limits['plan'] === 'string')
    found.push({ path: ['rate_limit', 'plan'], source: limits['plan'], type: 'string' });
  return found;
}

/** Those of caches, for all subgraphs and for single ones. */
function findPrivateIds(cache: unknown): readonly Found[] {
  const subgraph = isRecord(cache) && isRecord(cache['subgraph']) ? cache['subgraph'] : {};
  const named = isRecord(subgraph['subgraphs']) ? subgraph['subgraphs'] : {};
  const places = [
    [['all'], subgraph['all']] as const,
    ...Object.entries(named).map(([name, settings]) => [['subgraphs', name], settings] as const),
  ];
  return places.flatMap(([path, settings]): Found[] => {
    const source = isRecord(settings) ? settings['private_id'] : undefined;
    if (typeof source !== 'string') return [];
    return [{ path: ['response_cache', 'subgraph', ...path, 'private_id'], source, type: 'string' }];
  });
}

/** Those of the tokens for subgraphs. */
function findClaims(input: unknown): readonly Found[] {
  return credentialPlaces(input, 'authentication').flatMap(({ path, value }) => {
    const jwt = value['internal_jwt'];
    const claims = isRecord(jwt) && isRecord(jwt['claims']) ? jwt['claims'] : {};
    return Object.entries(claims).flatMap(([name, source]): Found[] =>
      typeof source === 'string' ? [{ path: [...path, 'internal_jwt', 'claims', name], source, type: 'string' }] : [],
    );
  });
}

/** Every `insert: { expression }`. */
function findInserted(value: unknown, path: ConfigPath): readonly Found[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => findInserted(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'insert' && isRecord(item) && typeof item['expression'] === 'string')
      return [{ path: [...path, key, 'expression'], source: item['expression'], type: 'string' }];
    return findInserted(item, [...path, key]);
  });
}

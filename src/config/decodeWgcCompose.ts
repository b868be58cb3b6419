import { isRecord } from '../lib/isRecord.ts';
import type { Translated } from './decodeSupergraphYaml.ts';
import type { PathIssue } from './toIssues.ts';

/** Cosmo's `compose.yaml` for `wgc router compose`: told by `version` beside a list of subgraphs. */
export function isWgcCompose(value: unknown): boolean {
  return isRecord(value) && value['version'] !== undefined && Array.isArray(value['subgraphs']);
}

/** What belongs to Cosmo's own router (`feature_flags`, `feature_graphs`, ...) is a warning; a subgraph that is no HTTP service an issue. */
export function decodeWgcCompose(value: unknown): Translated {
  if (!isRecord(value)) return { input: value, issues: [], warnings: [] };
  const { version: _version, subgraphs, ...rest } = value;
  const issues: PathIssue[] = [];
  const warnings: PathIssue[] = Object.keys(rest).map((key) => ({
    path: [key],
    at: 'key',
    message: `"${key}" is for Cosmo's own router and is left out.`,
  }));
  const entries = Array.isArray(subgraphs)
    ? subgraphs.map((entry: unknown, index) =>
        isRecord(entry) ? decodeEntry(entry, index, { issues, warnings }) : entry,
      )
    : subgraphs;
  return { input: { subgraphs: entries }, issues, warnings };
}

interface Reports {
  readonly issues: PathIssue[];
  readonly warnings: PathIssue[];
}

function decodeEntry(entry: Readonly<Record<string, unknown>>, index: number, reports: Reports): unknown {
  const { introspection, subscription, plugin, grpc, ...rest } = entry;
  for (const [key, foreign] of [
    ['plugin', plugin],
    ['grpc', grpc],
  ] as const) {
    if (foreign === undefined) continue;
    reports.issues.push({
      path: ['subgraphs', index, key],
      at: 'key',
      message: `Expected a GraphQL service; got "${key}", a mapping that only Cosmo's router runs.`,
    });
  }
  const source = isRecord(introspection) ? { schema: decodeIntrospection(introspection) } : {};
  return { ...rest, ...('schema' in rest ? {} : source), ...decodeSubscription(subscription, index, reports) };
}

/** wgc asks `{ _service { sdl } }` unless `raw` is set. */
function decodeIntrospection({ raw, ...endpoint }: Readonly<Record<string, unknown>>): unknown {
  return raw === true ? { introspection: endpoint } : { service: endpoint };
}

function decodeSubscription(
  subscription: unknown,
  index: number,
  { warnings }: Reports,
): Readonly<Record<string, unknown>> {
  if (!isRecord(subscription)) return {};
  const protocol = subscription['protocol'] ?? 'ws';
  if (protocol === 'sse_post') {
    warnings.push({
      path: ['subgraphs', index, 'subscription', 'protocol'],
      at: 'value',
      message: '"sse_post" is taken as "sse".',
    });
  }
  const url = subscription['url'] === undefined ? {} : { url: subscription['url'] };
  return { subscriptions: { protocol: protocol === 'sse_post' ? 'sse' : protocol, ...url } };
}

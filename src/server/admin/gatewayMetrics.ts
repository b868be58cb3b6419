import { codes } from '../../errors/codes.ts';
import type { Metric } from '../../lib/Metric.ts';

export interface GatewayMetrics {
  readonly metrics: readonly Metric[];
  /** Counts an error that a client is told. */
  noteError(code: unknown): void;
}

interface Sources {
  /** As /ready tells it. */
  readonly status: () => unknown;
}

/** What the server itself knows: errors by their code, and how the subgraphs stand. */
export function createGatewayMetrics({ status }: Sources): GatewayMetrics {
  const errors = new Map<string, number>();
  return {
    noteError(code) {
      // A code that a subgraph or a plugin made up would make a series each.
      const known = typeof code === 'string' && Object.hasOwn(codes, code) ? code : 'OTHER';
      errors.set(known, (errors.get(known) ?? 0) + 1);
    },
    metrics: [
      {
        name: 'weft_errors_total',
        help: 'Errors that clients were told, by code.',
        kind: 'counter',
        labels: ['code'],
        read: () => [...errors].map(([code, value]) => ({ labels: { code }, value })),
      },
      {
        name: 'weft_subgraph_live',
        help: 'Whether the schema of a subgraph is that of now (1), or an earlier one or missing (0).',
        kind: 'gauge',
        labels: ['subgraph'],
        read: () =>
          subgraphsOf(status()).map(({ name, state }) => ({
            labels: { subgraph: name },
            value: state === 'live' ? 1 : 0,
          })),
      },
    ],
  };
}

function subgraphsOf(status: unknown): readonly { readonly name: string; readonly state: string }[] {
  const { subgraphs = [] } = (status ?? {}) as { readonly subgraphs?: readonly { name: string; state: string }[] };
  return subgraphs;
}

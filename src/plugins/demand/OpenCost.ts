import type { SubgraphCost } from '../../context.ts';

/** What an operation costs, while it is counted. */
export interface OpenCost {
  readonly estimated: number;
  actual?: number;
  subgraphs?: Map<string, OpenSubgraphCost>;
}

export type OpenSubgraphCost = { -readonly [K in keyof SubgraphCost]: SubgraphCost[K] };

/** The sum of a subgraph, made where there is none. */
export function sumOf(cost: OpenCost, subgraph: string): OpenSubgraphCost {
  cost.subgraphs ??= new Map();
  const known = cost.subgraphs.get(subgraph) ?? { estimated: 0, actual: 0, calls: 0 };
  cost.subgraphs.set(subgraph, known);
  return known;
}

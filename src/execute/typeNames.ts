import type { SubgraphInfo, Supergraph } from '../supergraph/Supergraph.ts';

const inverses = new WeakMap<SubgraphInfo, ReadonlyMap<string, string>>();

/** The supergraph's name of a type that a subgraph names in `__typename`. */
export function supergraphTypeName(supergraph: Supergraph, graph: number, sourceName: unknown): string | undefined {
  if (typeof sourceName !== 'string') return undefined;
  const subgraph = supergraph.subgraphs[graph];
  const renames = subgraph?.definition.renames?.types;
  if (subgraph === undefined || renames === undefined) return sourceName;
  const inverse = inverses.get(subgraph) ?? new Map(Object.entries(renames).map(([name, source]) => [source, name]));
  inverses.set(subgraph, inverse);
  return inverse.get(sourceName) ?? sourceName;
}

import type { Supergraph } from '../supergraph/Supergraph.ts';
import { sourceFieldName, standing } from './ownership.ts';
import type { ShapeField } from './Plan.ts';
import { sourceTypeName } from './printUpstream.ts';

/** How the subgraph that is asked names what other subgraphs gave. */
export interface SourceNames {
  readonly field: (field: ShapeField) => string;
  readonly type: (type: string) => string;
}

export function sourceNames(graph: number, supergraph: Supergraph): SourceNames {
  // Behind an interface object the subgraph knows nothing but the interface.
  const type = (name: string) =>
    standing(supergraph, name, graph)?.sourceName ?? sourceTypeName(supergraph, name, graph);
  if (supergraph.subgraphs[graph]?.definition.renames === undefined) return { type, field: (field) => field.key };
  return { type, field: (field) => sourceFieldName(supergraph, field.on, field.name, graph) ?? field.key };
}

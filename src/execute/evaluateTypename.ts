import type { Shape } from '../plan/Plan.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { Frame } from './Run.ts';
import { supergraphTypeName } from './typeNames.ts';

/** The run-time type of a value whose types are told apart: by the supergraph's name, and as the subgraph wrote it. */
export function evaluateTypename(
  shape: Shape,
  frame: Frame,
  supergraph: Supergraph,
): { readonly type: string | undefined; readonly sourceName: unknown } {
  const slot = shape.branches?.slot ?? 0;
  const sourceName = (frame[slot] as Readonly<Record<string, unknown>> | null | undefined)?.['__typename'];
  return { type: supergraphTypeName(supergraph, shape.position.slots[slot]?.graph ?? 0, sourceName), sourceName };
}

import { graphOfType } from '../supergraph/partInterfaceObjects.ts';
import type { Router } from './createRouter.ts';
import { fieldInfo } from './ownership.ts';
import type { Position } from './Plan.ts';

/**
 * Members of a union that every subgraph which could answer the position knows; undefined where the position's type is no union.
 * Which of these subgraphs is asked is the planner's choice and must not show: what one of them alone can answer is null.
 */
export function agreedMembers(router: Router, position: Position): ReadonlySet<string> | undefined {
  const info = router.supergraph.types.get(position.type);
  if (info?.kind !== 'union') return undefined;
  const known = candidates(router, position).map((graph) => info.graphs.get(graph)?.possible ?? []);
  return new Set(info.possible.filter((member) => known.every((members) => members.includes(member))));
}

/** Subgraphs that can answer the position for a client that came by its path. */
function candidates(router: Router, position: Position): readonly number[] {
  if (position.viewOf !== null) return candidates(router, position.viewOf);
  if (position.from === null) return [];
  const { position: parent, field } = position.from;
  const owners = [...(fieldInfo(router.supergraph, parent.type, field)?.owners.values() ?? [])];
  const places = candidates(router, parent).map((graph) => ({ graph, provides: null }));
  const routes = router.routes(parent.type, places);
  const able = owners
    .filter((owner) => !owner.external && routes.has(owner.graph))
    .map((owner) => graphOfType(router.supergraph, owner.graph, position.type));
  // Who answers it now counts too, where only the path there makes it able to.
  return [
    ...new Set([...able, ...position.slots.flatMap(({ graph, origin }) => (origin.kind === 'above' ? [] : graph))]),
  ];
}

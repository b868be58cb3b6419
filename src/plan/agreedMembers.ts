import { graphOfType } from '../supergraph/partInterfaceObjects.ts';
import type { Router } from './createRouter.ts';
import { fieldInfo, narrowerType, type Place, possibleAt } from './ownership.ts';
import type { Position } from './Plan.ts';

/**
 * Members of a union that every subgraph which could answer the position knows; undefined where the position's type is no union.
 * Which of these subgraphs is asked is the planner's choice and must not show: what one of them alone can answer is null.
 */
export function agreedMembers(router: Router, position: Position): ReadonlySet<string> | undefined {
  const info = router.supergraph.types.get(position.type);
  if (info?.kind !== 'union') return undefined;
  const known = candidates(router, position).map((place) => possibleAt(router.supergraph, position.type, [place]));
  return new Set(info.possible.filter((member) => known.every((members) => members.includes(member))));
}

/** Places in which a client that came by the position's path could stand. */
function candidates(router: Router, position: Position): readonly Place[] {
  if (position.viewOf !== null) return candidates(router, position.viewOf);
  if (position.from === null) return [];
  const { supergraph } = router;
  const { position: parent, field } = position.from;
  const owners = [...(fieldInfo(supergraph, parent.type, field)?.owners.values() ?? [])];
  const routes = router.routes(parent.type, candidates(router, parent));
  const able = owners
    .filter((owner) => !owner.external && routes.has(owner.graph))
    .map(({ graph }) => ({
      graph: graphOfType(supergraph, graph, position.type),
      provides: null,
      as: narrowerType(supergraph, parent.type, field, graph),
    }));
  // Who answers it now counts too, where only the path there makes it able to.
  const now = position.slots.filter(
    ({ graph, origin }) => origin.kind !== 'above' && able.every((place) => place.graph !== graph),
  );
  return [...able, ...now.map(({ graph, as }) => ({ graph, provides: null, as }))];
}

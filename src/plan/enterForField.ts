import { type Builder, type Demand, placesOf } from './createBuilder.ts';
import { AT_ONCE } from './defers.ts';
import { enterApart, enterSubgraph, wayApart } from './enterSubgraph.ts';
import { childTypeName, fieldInfo, type Place, resolvable } from './ownership.ts';
import type { Position } from './Plan.ts';
import type { Field } from './Selection.ts';

interface Asked {
  readonly field: Field;
  readonly place: Place;
  readonly demand: Demand;
}

/** The slot that a field is read from. What is deferred is fetched apart, so that nothing else waits for it; but for what costs nothing where it is. */
export function enterForField(builder: Builder, position: Position, asked: Asked): number {
  const { field, place, demand } = asked;
  if (field.defer !== null && demand.defer !== AT_ONCE && !isFree(builder, position, asked)) {
    const apart = enterApart(builder, position, place.graph, demand);
    if (apart !== undefined) return apart;
  }
  return enterSubgraph(builder, position, place.graph, demand);
}

/** What only the path provides; what the key of a request of its own would bring along; a mere reference to what other subgraphs know. */
function isFree(builder: Builder, position: Position, asked: Asked): boolean {
  const { field, place } = asked;
  if (!resolvable(builder.supergraph, position.type, field.name, { graph: place.graph, provides: null })) return true;
  return field.selection === null ? isInKey(builder, position, asked) : isReference(builder, position, asked);
}

function isInKey({ router, ...builder }: Builder, position: Position, { field, place, demand }: Asked): boolean {
  const { graph } = place;
  if (!placesOf(position, demand.defer).some((entry) => entry.graph === graph)) return false;
  const key = wayApart({ router, ...builder }, position, graph, demand.defer)?.lookup?.key;
  return (
    key !== undefined &&
    router
      .fieldSet(key)
      .fieldsFor(position.type)
      .some(({ name, args }) => name === field.name && args === field.args)
  );
}

function isReference({ supergraph, router, assigner }: Builder, position: Position, { field, place }: Asked): boolean {
  const type = fieldInfo(supergraph, position.type, field.name)?.type;
  const childType = childTypeName(supergraph, position.type, field.name);
  const named = type?.kind === 'nonNull' ? type.of : type;
  if (named?.kind !== 'named' || supergraph.types.get(childType)?.kind !== 'object' || field.selection === null)
    return false;
  const { graphs } = assigner.assign(childType, field.selection.fieldsFor(childType), [
    router.childPlace(position.type, field, place),
  ]);
  return graphs.every((own) => own.length > 0 && !own.includes(place.graph));
}

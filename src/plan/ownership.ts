import { wholeGraph } from '../supergraph/partInterfaceObjects.ts';
import type { FieldInfo, FieldOwner, Supergraph, TypeInGraph } from '../supergraph/Supergraph.ts';
import { namedType } from '../supergraph/TypeRef.ts';
import type { Field, Selection } from './Selection.ts';

/** A subgraph at hand for a position, with what the path there provides beyond what the subgraph can always resolve. */
export interface Place {
  readonly graph: number;
  readonly provides: Selection | null;
  /** The type that the subgraph itself gives the value, where it is narrower than the supergraph's. */
  readonly as?: string | undefined;
}

/** The field as the supergraph defines it on `type`. */
export function fieldInfo(supergraph: Supergraph, type: string, field: string): FieldInfo | undefined {
  return supergraph.types.get(type)?.fields.get(field);
}

/**
 * Who resolves `type.field` in a subgraph; also where the subgraph knows only an interface of the type, as an interface object.
 * `on` is the type that the subgraph knows the field by.
 */
export function ownerIn(
  supergraph: Supergraph,
  type: string,
  field: string,
  graph: number,
): (FieldOwner & { readonly on: string }) | undefined {
  const info = supergraph.types.get(type);
  const own = info?.fields.get(field)?.owners.get(graph);
  if (own !== undefined) return { ...own, on: type };
  if (info === undefined || info.graphs.has(graph)) return undefined;
  for (const name of info.supertypes) {
    const supertype = supergraph.types.get(name);
    const owner = supertype?.fields.get(field)?.owners.get(graph);
    if (owner !== undefined && supertype?.graphs.get(graph)?.isInterfaceObject === true) return { ...owner, on: name };
  }
  return undefined;
}

/** How a type stands in a subgraph, by itself or as one of an interface object; `as` is the name that the subgraph knows it by. */
export function standing(
  supergraph: Supergraph,
  type: string,
  graph: number,
): (TypeInGraph & { readonly as: string }) | undefined {
  const info = supergraph.types.get(type);
  const own = info?.graphs.get(graph);
  if (own !== undefined) return { ...own, as: type };
  for (const name of info?.supertypes ?? []) {
    const inGraph = supergraph.types.get(name)?.graphs.get(graph);
    if (inGraph?.isInterfaceObject === true) return { ...inGraph, as: name };
  }
  return undefined;
}

/** The field's name in the subgraph's own schema, if it has the field. */
export function sourceFieldName(
  supergraph: Supergraph,
  type: string,
  field: string,
  graph: number,
): string | undefined {
  const whole = wholeGraph(supergraph.subgraphs, graph);
  const owner = ownerIn(supergraph, type, field, graph) ?? ownerIn(supergraph, type, field, whole);
  return owner?.sourceName;
}

/** What the field's path provides, seen from the place's own subgraph. */
export function providedField(place: Place, type: string, field: string): Field | undefined {
  return place.provides?.fieldsFor(type).find((entry) => entry.name === field);
}

/** Whether the subgraph resolves the field here, by itself or because the path provides it. */
export function resolvable(supergraph: Supergraph, type: string, field: string, place: Place): boolean {
  const owner = ownerIn(supergraph, type, field, place.graph);
  if (owner !== undefined && !owner.external) return true;
  return providedField(place, type, field) !== undefined;
}

/** The requirement that stands before the field in this place, if any; a provided field needs none. */
export function requirement(supergraph: Supergraph, type: string, field: string, place: Place): FieldOwner['requires'] {
  if (providedField(place, type, field) !== undefined) return undefined;
  return ownerIn(supergraph, type, field, place.graph)?.requires;
}

/** The named type of a field in one subgraph, where it is not the supergraph's. */
export function narrowerType(supergraph: Supergraph, type: string, field: string, graph: number): string | undefined {
  const name = ownerIn(supergraph, type, field, graph)?.typeText.replace(/[![\]]/g, '');
  return name === childTypeName(supergraph, type, field) ? undefined : name;
}

export function childTypeName(supergraph: Supergraph, type: string, field: string): string {
  const info = fieldInfo(supergraph, type, field);
  return info === undefined ? 'String' : namedType(info.type);
}

/** Object types that a value of `type` can have when these subgraphs answer it. */
export function possibleAt(supergraph: Supergraph, type: string, places: readonly Place[]): readonly string[] {
  const info = supergraph.types.get(type);
  if (info === undefined) return [];
  if (info.kind === 'object') return [type];
  const first = places[0];
  const narrower = first?.as === undefined ? undefined : supergraph.types.get(first.as);
  if (first !== undefined && narrower !== undefined)
    return narrower.graphs.get(first.graph)?.possible ?? narrower.possible;
  const inGraph = first === undefined ? undefined : info.graphs.get(first.graph);
  if (inGraph?.isInterfaceObject === true) return info.possible;
  return inGraph?.possible ?? info.possible;
}

/** Fields of these types are acts: each is asked of one subgraph, once, even where only several could give all that is selected. */
export function isOneAct({ roots }: Supergraph, type: string): boolean {
  return type === roots.mutation || type === roots.subscription;
}

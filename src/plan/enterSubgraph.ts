import type { SelectionSetNode } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import { addCall, type Builder, callsRead, dependsOn, placesOf, rootOf } from './createBuilder.ts';
import type { Route } from './createRouter.ts';
import { ALWAYS, type Guard } from './guards.ts';
import type { Call, Position, ShapeField, UpstreamNode } from './Plan.ts';
import type { Selection } from './Selection.ts';
import { addUpstreamField } from './upstreamFields.ts';
import { widenSlot } from './widenSlot.ts';

/** The slot of a subgraph's object at this position; calls the subgraph (and what its key needs) where it is not at hand yet. */
export function enterSubgraph(builder: Builder, position: Position, graph: number, guard: Guard): number {
  const known = slotOf(builder, position, graph);
  if (known >= 0) {
    widenSlot(builder, position, known, guard);
    return known;
  }
  const route = builder.router.routes(position.type, placesOf(position)).get(graph);
  if (route === undefined) throw unplannable(builder, position, graph);
  return call(builder, position, route, guard).slot;
}

function slotOf(builder: Builder, position: Position, graph: number): number {
  // A mutation's root fields run one after the other: only the last call can take one more.
  if (builder.operation === 'mutation' && position.type === rootOf(builder)) {
    return position.slots.at(-1)?.graph === graph ? position.slots.length - 1 : -1;
  }
  return position.slots.findIndex((slot) => slot.graph === graph);
}

/** The slot of a call to `graph` that has been given what the field requires. */
export function enterWithRequirement(
  builder: Builder,
  position: Position,
  { graph, needs, guard }: { readonly graph: number; readonly needs: SelectionSetNode; readonly guard: Guard },
): { readonly slot: number; readonly required: readonly ShapeField[] } {
  const required = builder.planFields(position, builder.router.fieldSet(needs).fieldsFor(position.type), {
    guard,
    isInternal: true,
  });
  const sources = [...callsRead(required, position)];
  const usable = position.slots.findIndex(({ graph: id, origin }) => {
    if (id !== graph || origin.kind !== 'entity') return false;
    const site = origin.call.sites[0];
    return (
      site !== undefined &&
      !sources.some((source) => dependsOn(source, origin.call)) &&
      !conflicts(site.representation, required)
    );
  });
  const origin = position.slots[usable]?.origin;
  if (origin?.kind === 'entity') {
    widenSlot(builder, position, usable, guard);
    require(builder, origin.call, required);
    return { slot: usable, required };
  }
  const route = builder.router.entry(position.type, placesOf(position), graph);
  if (route === undefined) throw unplannable(builder, position, graph);
  const added = call(builder, position, route, guard);
  require(builder, added.call, required);
  return { slot: added.slot, required };
}

function call(
  builder: Builder,
  position: Position,
  route: Route,
  guard: Guard,
): { readonly call: Call; readonly slot: number } {
  const key = planKey(builder, position, route, guard);
  const added = addCall(builder, position, position.type, route);
  added.call.guard = guard;
  const [site] = added.call.sites;
  if (site !== undefined) {
    site.representation.push(...key);
    site.keys = key.length;
  }
  const { lookup } = route;
  if (lookup?.kind === 'rootBatch' && lookup.merge?.reply !== 'positional') {
    selectKey(builder, added.call.node, lookup.type, builder.router.fieldSet(lookup.key));
  }
  return added;
}

/** A batch reply is matched by its keys, so it has to bring them. */
function selectKey(builder: Builder, node: UpstreamNode, type: string, key: Selection): void {
  const { supergraph, guards } = builder;
  for (const field of key.fieldsFor(type)) {
    const added = addUpstreamField(node, type, field, { supergraph, guards, guard: ALWAYS });
    if (added.node !== null && field.selection !== null)
      selectKey(builder, added.node, added.node.type, field.selection);
  }
}

/** Reads the key from the subgraphs that the route names. */
function planKey(builder: Builder, position: Position, { lookup, keyFrom }: Route, guard: Guard): ShapeField[] {
  if (lookup === null) return [];
  return builder.router
    .fieldSet(lookup.key)
    .fieldsFor(position.type)
    .filter((field) => field.name !== '__typename')
    .flatMap((field) =>
      builder.planFields(position, [field], { guard, from: keyFrom.get(field.name), isInternal: true }),
    )
    .map((field) => ({ ...field, guard: 0 }));
}

function require(builder: Builder, call: Call, required: readonly ShapeField[]): void {
  const representation = call.sites[0]?.representation;
  for (const field of required) {
    const known = representation?.find((entry) => entry.key === field.key);
    if (known === undefined) representation?.push({ ...field });
    else {
      known.guard = builder.guards.or(known.guard, field.guard);
      mergeChildren(known, field);
    }
  }
}

function mergeChildren(into: ShapeField, from: ShapeField): void {
  if (into.child === null || from.child === null) return;
  mergeFields(into.child.fields, from.child.fields);
  for (const [type, shape] of from.child.branches?.byType ?? []) {
    const known = into.child.branches?.byType.get(type);
    if (known === undefined) into.child.branches?.byType.set(type, shape);
    else mergeFields(known.fields, shape.fields);
  }
}

function mergeFields(into: ShapeField[], from: readonly ShapeField[]): void {
  for (const field of from) {
    const known = into.find((entry) => entry.key === field.key);
    if (known === undefined) into.push(field);
    else mergeChildren(known, field);
  }
}

/** One representation cannot hold one field with two sets of arguments. */
function conflicts(fields: readonly ShapeField[], others: readonly ShapeField[]): boolean {
  return others.some((other) => {
    const known = fields.find((field) => field.key === other.key);
    if (known === undefined) return false;
    if (known.args !== other.args || !readsAlike(known, other)) return true;
    if (known.child === null || other.child === null) return false;
    if ((known.child.branches === null) !== (other.child.branches === null)) return true;
    if (conflicts(known.child.fields, other.child.fields)) return true;
    return [...(other.child.branches?.byType ?? [])].some(([type, shape]) => {
      const mine = known.child?.branches?.byType.get(type);
      return mine !== undefined && conflicts(mine.fields, shape.fields);
    });
  });
}

/** From the same objects: else what is there under one condition need not be there under the other. */
function readsAlike(one: ShapeField, other: ShapeField): boolean {
  if (one.child?.position !== other.child?.position) return false;
  return (
    one.reads.length === other.reads.length &&
    one.reads.every(({ slot, key }, index) => slot === other.reads[index]?.slot && key === other.reads[index]?.key)
  );
}

function unplannable(builder: Builder, position: Position, graph: number): GatewayError {
  const name = builder.supergraph.subgraphs[graph]?.name ?? String(graph);
  return new GatewayError(
    'INTERNAL_SERVER_ERROR',
    `No key leads from here to "${position.type}" in the subgraph "${name}".`,
  );
}

import type { SelectionSetNode } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import type { RequiredArgument } from '../supergraph/Supergraph.ts';
import { collectArgument } from './collectArgument.ts';
import {
  addCall,
  type Builder,
  callsRead,
  type Demand,
  dependsOn,
  isAtHand,
  isRootType,
  placesOf,
  rootOf,
} from './createBuilder.ts';
import type { Route } from './createRouter.ts';
import { AT_ONCE, type DeferSet } from './defers.ts';
import { ALWAYS } from './guards.ts';
import { conflicts, mergeChildren, readsAlike, unconditional } from './mergeRequired.ts';
import type { Call, CollectedUse, Position, ShapeField, Slot, UpstreamNode } from './Plan.ts';
import { readAbove } from './readAbove.ts';
import type { Selection } from './Selection.ts';
import { addUpstreamField } from './upstreamFields.ts';
import { widenSlot } from './widenSlot.ts';

/** The slot of a subgraph's object at this position; calls the subgraph (and what its key needs) where it is not at hand yet. */
export function enterSubgraph(builder: Builder, position: Position, graph: number, demand: Demand): number {
  const known = slotOf(builder, position, graph, demand);
  if (known >= 0) {
    widenSlot(builder, position, known, demand.guard);
    return known;
  }
  const route = builder.router.routes(position.type, placesOf(position, demand.defer)).get(graph);
  if (route === undefined) throw unplannable(builder, position, graph);
  return call(builder, position, route, demand).slot;
}

/** The slot of a call that is made for a deferred part alone, though the subgraph may be at hand; undefined where no way leads there. */
export function enterApart(builder: Builder, position: Position, graph: number, demand: Demand): number | undefined {
  const { guard, defer } = demand;
  const known = position.slots.findIndex((slot) => isOf(slot, graph) && slot.defer === defer);
  if (known >= 0) {
    widenSlot(builder, position, known, guard);
    return known;
  }
  const route = wayApart(builder, position, graph, defer);
  return route === undefined ? undefined : call(builder, position, route, demand).slot;
}

/** An own way into a subgraph: any root field can be asked for once more, and an entity where that does not take a request each. */
export function wayApart(builder: Builder, position: Position, graph: number, defer: DeferSet): Route | undefined {
  const places = placesOf(position, defer);
  const isHere = places.some((place) => place.graph === graph);
  const route = builder.router.entry(position.type, places, graph);
  if (route === undefined) {
    const root = builder.router.routes(position.type, places).get(graph);
    return isRootType(builder, position.type) && root?.lookup === null ? root : undefined;
  }
  return isHere && route.lookup?.kind === 'root' ? undefined : route;
}

/** An object that is of a position above is not of this one. */
function isOf({ graph, origin }: Slot, wanted: number): boolean {
  return graph === wanted && origin.kind !== 'above';
}

function slotOf(builder: Builder, position: Position, graph: number, { defer }: Demand): number {
  // A mutation's root fields run one after the other: only the last call can take one more.
  if (builder.operation === 'mutation' && position.type === rootOf(builder)) {
    return position.slots.at(-1)?.graph === graph ? position.slots.length - 1 : -1;
  }
  // What is there sooner is read sooner; but nothing that is given at once waits for what is given later.
  const sooner = position.slots.findIndex(
    (slot, index) =>
      isOf(slot, graph) && (slot.defer === AT_ONCE || (defer !== AT_ONCE && isAtHand(position, index, defer))),
  );
  return sooner >= 0 ? sooner : position.slots.findIndex((slot) => isOf(slot, graph) && slot.defer === defer);
}

export interface Needs {
  readonly graph: number;
  readonly needs: SelectionSetNode;
  /** Where the field takes what it requires as arguments. */
  readonly args: readonly RequiredArgument[];
  readonly demand: Demand;
}

export interface EnteredWith {
  readonly slot: number;
  readonly required: readonly ShapeField[];
  readonly collected: readonly CollectedUse[];
}

/** The slot of a call to `graph` that has been given what the field requires, in the representation or as arguments. */
export function enterWithRequirement(
  builder: Builder,
  position: Position,
  { graph, needs, args, demand }: Needs,
): EnteredWith {
  const internal = { guard: demand.guard, defer: demand.defer, isInternal: true };
  const read = (set: SelectionSetNode) =>
    builder.planFields(position, builder.router.fieldSet(set).fieldsFor(position.type), internal);
  const argued = args.map((argument) => ({
    argument,
    fields:
      argument.context === undefined ? read(argument.selection) : readAbove(builder, position, argument, internal),
  }));
  // What is given as an argument is not sent again; what comes from above is no part of the entity. Its type a representation has anyhow.
  const represented = args.some(({ context }) => context === undefined)
    ? []
    : read(needs).filter(({ kind }) => kind !== 'typename');
  const required = [...represented, ...argued.flatMap(({ fields }) => fields)];
  const entered = callWith(builder, position, { graph, required, represented, collected: args.length, demand });
  require(builder, entered.call, represented);
  const collected = argued.map(({ argument, fields }) => ({
    name: argument.name,
    argument: collectArgument(builder, entered.call, { type: argument.type, value: argument.value, fields }),
  }));
  return { slot: entered.slot, required, collected };
}

interface With {
  readonly graph: number;
  readonly required: readonly ShapeField[];
  /** Those of them that go into the representation. */
  readonly represented: readonly ShapeField[];
  /** How many arguments are collected for the field. */
  readonly collected: number;
  readonly demand: Demand;
}

/** More arguments would not fit into the bits that tell which of them have no value. */
const MOST_COLLECTED = 30;

/** A call that can still take the requirement along, or one of its own. */
function callWith(
  builder: Builder,
  position: Position,
  { graph, required, represented, collected, demand }: With,
): { readonly call: Call; readonly slot: number } {
  const { guard, defer } = demand;
  const sources = [...callsRead(required, position)];
  const usable = position.slots.findIndex(({ graph: id, origin, defer: part }) => {
    if (id !== graph || part !== defer || origin.kind !== 'entity') return false;
    const site = origin.call.sites[0];
    return (
      site !== undefined &&
      origin.call.arguments.length + collected <= MOST_COLLECTED &&
      !sources.some((source) => dependsOn(source, origin.call)) &&
      !conflicts(site.representation.slice(site.keys), represented)
    );
  });
  const origin = position.slots[usable]?.origin;
  if (origin?.kind === 'entity') {
    widenSlot(builder, position, usable, guard);
    return { slot: usable, call: origin.call };
  }
  const route = builder.router.entry(position.type, placesOf(position, defer), graph);
  if (route === undefined) throw unplannable(builder, position, graph);
  return call(builder, position, route, demand);
}

function call(
  builder: Builder,
  position: Position,
  route: Route,
  demand: Demand,
): { readonly call: Call; readonly slot: number } {
  const key = planKey(builder, position, route, demand);
  const added = addCall(builder, position, position.type, { ...route, defer: demand.defer });
  added.call.guard = demand.guard;
  const [site] = added.call.sites;
  if (site !== undefined) {
    site.representation.push(...key);
    site.keys = key.length;
  }
  const { lookup } = route;
  if (lookup?.batch?.reply === 'byKey') {
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
function planKey(
  builder: Builder,
  position: Position,
  { lookup, keyFrom }: Route,
  { guard, defer }: Demand,
): ShapeField[] {
  if (lookup === null) return [];
  return builder.router
    .fieldSet(lookup.key)
    .fieldsFor(position.type)
    .filter((field) => field.name !== '__typename')
    .flatMap((field) =>
      builder.planFields(position, [field], { guard, defer, from: keyFrom.get(field.name), isInternal: true }),
    )
    .map(unconditional);
}

function require(builder: Builder, call: Call, required: readonly ShapeField[]): void {
  const representation = call.sites[0]?.representation;
  for (const field of required) {
    // What the key reads of an object that can be null by itself comes from another one, and is put together when it is sent.
    const known = representation?.find((entry) => entry.key === field.key && readsAlike(entry, field));
    if (known === undefined) representation?.push({ ...field });
    else {
      known.guard = builder.guards.or(known.guard, field.guard);
      mergeChildren(known, field, builder.guards);
    }
  }
}

function unplannable(builder: Builder, position: Position, graph: number): GatewayError {
  const name = builder.supergraph.subgraphs[graph]?.name ?? String(graph);
  return new GatewayError(
    'INTERNAL_SERVER_ERROR',
    `No key leads from here to "${position.type}" in the subgraph "${name}".`,
  );
}

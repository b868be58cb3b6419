import type { OperationTypeNode } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { Assigner } from './createAssigner.ts';
import type { Route, Router } from './createRouter.ts';
import { AT_ONCE, type DeferSet } from './defers.ts';
import { ALWAYS, type Guard, type GuardTable } from './guards.ts';
import { type Place, standing } from './ownership.ts';
import type { Call, Position, Shape, ShapeField, Site, Slot, SlotOrigin } from './Plan.ts';
import type { PlanningBudget } from './PlanningBudget.ts';
import type { Field, Selection } from './Selection.ts';
import { branchOf, createUpstreamNode } from './upstreamFields.ts';

/** Steps that a position and a call stand for: documents, walks and code are made for each. */
const POSITION_STEPS = 5;
const CALL_STEPS = 50;

/** What grows while one operation is planned. */
export interface Builder {
  readonly supergraph: Supergraph;
  readonly router: Router;
  readonly assigner: Assigner;
  readonly guards: GuardTable;
  readonly budget: PlanningBudget;
  readonly operation: OperationTypeNode;
  readonly calls: Call[];
  positions: number;
  /** Whether a field was met that the caller may not read. */
  denies: boolean;
  bubbles: boolean;
  /** Plans fields of a position whose run-time type is known (or makes no difference). */
  readonly planFields: (position: Position, fields: readonly Field[], demand: Demand) => ShapeField[];
  /** Plans what is selected at a position of any type. */
  readonly planSelection: (position: Position, selection: Selection, demand: Demand) => Shape;
}

export interface Demand {
  /** Of internal fields: the guard of what they are needed for. */
  readonly guard: Guard;
  /** Take the fields from this subgraph and no other. */
  readonly from?: number | undefined;
  /** For a key or a requirement, which may name what clients must not see. */
  readonly isInternal?: boolean | undefined;
  /** The part of the answer that this is needed for. */
  readonly defer: DeferSet;
}

export function createPosition(
  builder: Builder,
  type: string,
  { viewOf = null, from = null, guard = ALWAYS }: Partial<Pick<Position, 'viewOf' | 'from' | 'guard'>> = {},
): Position {
  builder.positions += 1;
  builder.budget.spend(POSITION_STEPS);
  const [slots, children, views] = [[], new Map(), new Map()];
  return { id: builder.positions, type, slots, children, views, viewOf, typeSlot: null, from, guard };
}

/** The subgraphs whose objects are at hand without a further call, for one part of the answer. */
export function placesOf(position: Position, defer: DeferSet): Place[] {
  const places: Place[] = [];
  for (const [index, slot] of position.slots.entries()) {
    if (isAtHand(position, index, defer) && !places.some((place) => place.graph === slot.graph))
      places.push(placeOf(slot));
  }
  return places;
}

/** Whether the slot's object came with the position itself. */
export function isAtHand(position: Position, index: number, defer: DeferSet): boolean {
  const slot = position.slots[index];
  switch (slot?.origin.kind) {
    case 'child':
      return true;
    // A root call is at hand only where it came with the position: the others are jumps without a key.
    case 'root':
      return index === 0;
    // What was looked up before run-time types are told apart is there for each of them; what is fetched later is not.
    case 'view':
      return (
        slot.defer === defer ||
        slot.defer === AT_ONCE ||
        (position.viewOf !== null && isAtHand(position.viewOf, slot.origin.slot, defer))
      );
    default:
      return false;
  }
}

function placeOf({ graph, provides, as }: Slot): Place {
  return { graph, provides, as };
}

/** All subgraphs whose objects are at hand or already being fetched for this part of the answer. */
export function enteredPlaces(position: Position, defer: DeferSet): Place[] {
  const places = placesOf(position, defer);
  for (const slot of position.slots) {
    if (slot.origin.kind === 'above' || slot.defer !== defer) continue;
    if (!places.some((place) => place.graph === slot.graph)) places.push(placeOf(slot));
  }
  return places;
}

/** The position as seen by one run-time type. */
export function viewFor(builder: Builder, position: Position, type: string): Position {
  if (position.type === type) return position;
  const known = position.views.get(type);
  const view = known ?? createPosition(builder, type, { viewOf: position });
  position.views.set(type, view);
  for (const [index, slot] of position.slots.entries()) {
    if (slot.origin.kind === 'above') continue;
    if (view.slots.some((own) => own.origin.kind === 'view' && own.origin.slot === index)) continue;
    const as = standing(builder.supergraph, type, slot.graph)?.as ?? type;
    const node = as === type ? branchOf(slot.node, type) : slot.node;
    const { graph, provides, defer } = slot;
    view.slots.push({ graph, origin: { kind: 'view', slot: index }, node, provides, defer });
  }
  return view;
}

export function addSlot(position: Position, slot: Slot): number {
  position.slots.push(slot);
  return position.slots.length - 1;
}

/** Adds a call to its subgraph by which the position gets one more object. */
export function addCall(
  builder: Builder,
  position: Position,
  type: string,
  { graph, lookup, defer }: Route & { readonly defer: DeferSet },
): { readonly call: Call; readonly slot: number } {
  builder.budget.spend(CALL_STEPS);
  const operation = lookup === null && type === rootOf(builder) ? builder.operation : ('query' as OperationTypeNode);
  const node = createUpstreamNode(graph, lookup?.type ?? type);
  // Each root call of a mutation waits for the one before it, which has waited for all that were before that, and for what followed from it.
  const before =
    operation === 'mutation'
      ? builder.calls.slice(
          Math.max(
            0,
            builder.calls.findLastIndex((one) => one.operation === 'mutation'),
          ),
        )
      : [];
  // What is given later nobody waits for.
  const after = new Set(before.filter((one) => one.defer === AT_ONCE));
  if (lookup === null && position.slots[0] !== undefined && position.slots[0].origin.kind !== 'root') {
    after.add(callOf(position, 0));
  }
  const call: Call = {
    id: builder.calls.length,
    graph,
    kind: lookup?.kind ?? 'operation',
    lookup,
    type: lookup?.type ?? type,
    node,
    sites: lookup === null ? [] : [{ position, representation: [], keys: 0, arguments: [] }],
    arguments: [],
    after,
    sharedWith: null,
    operation,
    defer,
    isPlain: false,
    guard: null,
  };
  builder.calls.push(call);
  const origin: SlotOrigin = lookup === null ? { kind: 'root', call } : { kind: 'entity', call };
  return { call, slot: addSlot(position, { graph, origin, node, provides: null, defer }) };
}

export function rootOf({ supergraph, operation }: Builder): string | undefined {
  return supergraph.roots[operation];
}

export function isRootType({ supergraph: { roots } }: Builder, type: string): boolean {
  return type === roots.query || type === roots.mutation || type === roots.subscription;
}

/** The call that a slot's object comes from. */
export function callOf(position: Position, slot: number): Call {
  const origin = position.slots[slot]?.origin;
  switch (origin?.kind) {
    case 'root':
    case 'entity':
      return origin.call;
    case 'child':
    case 'above':
      return callOf(origin.parent, origin.slot);
    case 'view':
      if (position.viewOf !== null) return callOf(position.viewOf, origin.slot);
  }
  throw new GatewayError('INTERNAL_SERVER_ERROR', 'A planned position has no source.');
}

/** Calls whose replies are read for these fields. */
export function callsRead(fields: readonly ShapeField[], position: Position, found = new Set<Call>()): Set<Call> {
  for (const field of fields) {
    for (const read of field.reads) found.add(callOf(position, read.slot));
    if (field.above !== undefined) callsRead([field.above.field], field.above.position, found);
    if (field.child === null) continue;
    callsRead(field.child.fields, field.child.position, found);
    if (field.child.branches !== null) found.add(callOf(field.child.position, field.child.branches.slot));
    for (const branch of new Set(field.child.branches?.byType.values()))
      callsRead(branch.fields, branch.position, found);
  }
  return found;
}

/** All that is read at a site: for representations, and for arguments. */
export function fieldsRead(site: Site): readonly ShapeField[] {
  return site.arguments.length === 0 ? site.representation : [...site.representation, ...site.arguments.flat()];
}

/** Calls that have to be over before this one can start. */
export function dependencies(call: Call): Set<Call> {
  const found = new Set(call.after);
  for (const site of call.sites) {
    callsRead(fieldsRead(site), site.position, found);
    typesRead(site.position, found);
    // Nothing is read where a type is its own key; there still has to be an object.
    if (call.lookup !== null && site.representation.length === 0) found.add(callOf(site.position, 0));
  }
  found.delete(call);
  return found;
}

/** Calls that tell which objects stand at a position, where it or one above it is for one run-time type only. */
function typesRead(position: Position, found: Set<Call>): void {
  for (let at: Position | undefined = position; at !== undefined; at = at.viewOf ?? at.from?.position) {
    const { viewOf } = at;
    if (viewOf !== null && viewOf.typeSlot !== null) found.add(callOf(viewOf, viewOf.typeSlot));
  }
}

export function dependsOn(call: Call, other: Call, seen = new Set<Call>()): boolean {
  if (call === other) return true;
  if (seen.has(call)) return false;
  seen.add(call);
  return [...dependencies(call)].some((dep) => dependsOn(dep, other, seen));
}

/** Under which guard the slot's object is asked for, as its own call sees it. */
export function guardAt({ guards }: Builder, position: Position, slot: number): Guard {
  let guard = ALWAYS;
  for (let at = position, index = slot; ; ) {
    const origin = at.slots[index]?.origin;
    if (origin?.kind === 'child') {
      guard = guards.both(at.guard, guard);
      at = origin.parent;
    } else if (origin?.kind === 'above') at = origin.parent;
    else if (origin?.kind === 'view' && at.viewOf !== null) at = at.viewOf;
    else return guard;
    index = origin.slot;
  }
}

/** Internal fields take the guard of what they are needed for. */
export function effectiveGuard(outer: Guard, own: Guard): Guard {
  return outer === ALWAYS ? own : outer;
}

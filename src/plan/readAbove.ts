import { GatewayError } from '../errors/GatewayError.ts';
import { CONTEXT_LEAF, type RequiredArgument } from '../supergraph/Supergraph.ts';
import { addSlot, type Builder, type Demand } from './createBuilder.ts';
import { ALWAYS, type Guard } from './guards.ts';
import type { Position, ShapeField } from './Plan.ts';

/** What an argument takes from the nearest object above that sets its context, as a field that is read at the position itself. */
export function readAbove(
  builder: Builder,
  position: Position,
  { context, selection }: RequiredArgument,
  demand: Demand,
): ShapeField[] {
  const above = nearest(builder, position, context ?? '');
  const fields = builder.router.fieldSet(selection).fieldsFor(above.type);
  const guard = builder.guards.both(guardBetween(builder, position, above), demand.guard);
  const [field] = builder.planFields(above, fields, { ...demand, guard });
  if (field === undefined) return [];
  const base = { key: CONTEXT_LEAF, guard: demand.guard, child: null, required: null };
  const simple = leafOf(field);
  if (simple !== undefined) {
    const { slot, path, leaf } = simple;
    const reads = [{ slot: bringDown(position, { above, slot, path }), key: leaf.reads[0]?.key ?? '' }];
    return [{ ...leaf, ...base, reads }];
  }
  const slots = slotsAbove(field, above).map((slot) => [slot, bringDown(position, { above, slot, path: [] })] as const);
  const reads = slots.map(([slot, own]) => ({
    slot: own,
    key: field.reads.find((read) => read.slot === slot)?.key ?? '',
  }));
  return [{ ...field, ...base, reads, above: { position: above, field, slots } }];
}

/** Slots of the position that a field of it, and what lies below, is read from. */
function slotsAbove({ reads, child }: ShapeField, above: Position): number[] {
  const below = (child?.position.slots ?? []).flatMap(({ origin }) =>
    origin.kind === 'child' && origin.parent === above ? origin.slot : [],
  );
  return [...new Set([...reads.map(({ slot }) => slot), ...below])];
}

function nearest({ supergraph }: Builder, position: Position, context: string): Position {
  for (let at = outer(position); at !== undefined; at = outer(at))
    if (supergraph.types.get(at.type)?.contexts.has(context) === true) return at;
  throw new GatewayError(
    'INTERNAL_SERVER_ERROR',
    `Nothing above "${position.type}" sets the context "${context}" here.`,
  );
}

/** The position of the object that this one was selected in; a view and what it views are one. */
function outer(position: Position): Position | undefined {
  return position.viewOf === null ? position.from?.position : outer(position.viewOf);
}

/** Under which condition there is a position below another one: where it is not seen, nothing is read for it. */
function guardBetween({ guards }: Builder, position: Position, above: Position): Guard {
  let guard: Guard = ALWAYS;
  for (let at = position; at !== above; ) {
    guard = guards.both(at.guard, guard);
    const next = at.viewOf ?? at.from?.position;
    if (next === undefined) break;
    at = next;
  }
  return guard;
}

interface Leaf {
  readonly slot: number;
  /** Keys from the slot's object to the one that the leaf is read from. */
  readonly path: readonly string[];
  readonly leaf: ShapeField;
}

/** Undefined where it does not lie in one subgraph, in objects of known types. */
function leafOf(field: ShapeField): Leaf | undefined {
  const [read] = field.reads;
  const slot = read?.slot ?? 0;
  const path: string[] = [];
  let leaf = field;
  for (let key = read?.key ?? ''; leaf.child !== null; key = leaf.reads[0]?.key ?? '') {
    const { position, fields } = leaf.child;
    const [inner] = fields.filter(({ kind }) => kind === 'value');
    const origin = position.slots[inner?.reads[0]?.slot ?? -1]?.origin;
    if (inner === undefined || origin?.kind !== 'child' || origin.field.key !== key) return undefined;
    path.push(key);
    leaf = inner;
  }
  return { slot, path, leaf };
}

interface Above extends Pick<Leaf, 'slot' | 'path'> {
  readonly above: Position;
}

/** Hands an object of a position above down to this one, through all that lie between. */
function bringDown(position: Position, { above, slot, path }: Above): number {
  const parent = position.viewOf ?? position.from?.position;
  if (parent === undefined) return slot;
  const isLast = parent === above;
  const from = isLast ? slot : bringDown(parent, { above, slot, path });
  const own = isLast ? path : [];
  const known = position.slots.findIndex(
    ({ origin }) => origin.kind === 'above' && origin.slot === from && origin.path.join() === own.join(),
  );
  const source = parent.slots[from];
  if (known >= 0 || source === undefined) return known;
  const { graph, node, defer } = source;
  return addSlot(position, {
    graph,
    node,
    defer,
    provides: null,
    origin: { kind: 'above', parent, slot: from, path: own },
  });
}

import { fieldsRead } from '../plan/createBuilder.ts';
import type { Call, Position, ShapeField, Site, Slot, SlotOrigin } from '../plan/Plan.ts';
import type { TypeRef } from '../supergraph/TypeRef.ts';
import { type Frame, type KeyMap, type Run, stateOf } from './Run.ts';

type Plain = Readonly<Record<string, unknown>>;

/** A field of a reply's object. What every object inherits is a function, and nothing in a reply is one. */
export function readKey(object: unknown, key: string): unknown {
  const value = (object as Plain | null | undefined)?.[key];
  return typeof value === 'function' ? undefined : value;
}

/** Fills the slots that are looked up (not read from a parent) in an order in which each finds what its key is read from. */
export function fillFrame(position: Position, frame: Frame, run: Run): Frame {
  for (const slot of lookedUp(position)) fillSlot(position, slot, frame, run);
  return frame;
}

export function fillSlot(position: Position, slot: number, frame: Frame, run: Run): void {
  const origin = position.slots[slot]?.origin;
  if (origin?.kind === 'root') frame[slot] = stateOf(run, origin.call).entities[0];
  else if (origin?.kind === 'entity')
    frame[slot] = stateOf(run, origin.call).entities[indexOf(origin.call, position, frame, run) ?? -1];
}

/** The frame of a position as one run-time type sees it. */
export function viewFrame(view: Position, frame: Frame, run: Run): Frame {
  // Types that need no view of their own share the position itself.
  if (view.viewOf === null) return frame;
  return fillFrame(view, viewObjects(view, frame), run);
}

/** The objects that a view takes over. */
export function viewObjects(view: Position, frame: Frame): unknown[] {
  return view.slots.map(({ origin }) => {
    if (origin.kind === 'view') return frame[origin.slot];
    return origin.kind === 'above' ? objectAbove(origin, frame) : undefined;
  });
}

type Above = Extract<SlotOrigin, { kind: 'above' }>;

/** An object of the frame above, or what lies in it. */
export function objectAbove({ slot, path }: Above, frame: Frame): unknown {
  return within(frame[slot], path);
}

/** Stands for an object that is null: all that is read from it is null, and not missing. */
const NULL_OBJECT: Plain = new Proxy({}, { get: () => null });

export function within(object: unknown, path: readonly string[]): unknown {
  let inner = object;
  for (const key of path) {
    inner = readKey(inner, key);
    if (inner === null) return NULL_OBJECT;
  }
  return inner;
}

/** The item's values of what `childValues` gave: lists are taken apart in step, what stands above is the same for each. */
export function itemValues(child: Position, values: readonly unknown[], index: number): unknown[] {
  return values.map((entry, slot) => {
    if (child.slots[slot]?.origin.kind === 'above') return entry;
    return Array.isArray(entry) ? entry[index] : undefined;
  });
}

/** The values of a field in every subgraph that gives it, parallel to the child position's slots; lists are not yet taken apart. */
export function childValues(child: Position, frame: Frame): unknown[] {
  return child.slots.map(({ origin }) => {
    if (origin.kind === 'above') return objectAbove(origin, frame);
    return origin.kind === 'child' ? readKey(frame[origin.slot], origin.field.key) : undefined;
  });
}

const orders = new WeakMap<Position, { readonly slots: number; readonly order: readonly number[] }>();

/** Slots that are looked up, each after those that its own key is read from. */
export function lookedUp(position: Position): readonly number[] {
  const known = orders.get(position);
  if (known !== undefined && known.slots === position.slots.length) return known.order;
  const order: number[] = [];
  const visit = (index: number) => {
    const slot = position.slots[index];
    if (slot === undefined || order.includes(index) || (slot.origin.kind !== 'entity' && slot.origin.kind !== 'root'))
      return;
    for (const need of slotsRead(readAt(slot, position))) if (need !== index) visit(need);
    order.push(index);
  };
  for (const index of position.slots.keys()) visit(index);
  orders.set(position, { slots: position.slots.length, order });
  return order;
}

export function siteAt(slot: Slot, position: Position): Site | undefined {
  if (slot.origin.kind !== 'entity') return undefined;
  return slot.origin.call.sites.find((site) => site.position === position);
}

function readAt(slot: Slot, position: Position): readonly ShapeField[] {
  const site = siteAt(slot, position);
  return site === undefined ? [] : fieldsRead(site);
}

/** Slots of a position that these fields are read from, those of their children included. */
export function slotsRead(fields: readonly ShapeField[], found = new Set<number>()): Set<number> {
  for (const field of fields) {
    for (const read of field.reads) found.add(read.slot);
    if (field.child === null) continue;
    const { position, fields: inner, branches } = field.child;
    const below = slotsRead(inner);
    if (branches !== null) {
      below.add(branches.slot);
      for (const shape of new Set(branches.byType.values())) {
        for (const slot of withKeys(shape.position, slotsRead(shape.fields))) {
          const origin = shape.position.slots[slot]?.origin;
          if (origin?.kind === 'view' || (origin?.kind === 'above' && shape.position !== position))
            below.add(origin.slot);
          else if (shape.position === position) below.add(slot);
        }
      }
    }
    for (const slot of withKeys(position, below)) {
      const origin = position.slots[slot]?.origin;
      if (origin?.kind === 'child' || origin?.kind === 'above') found.add(origin.slot);
    }
  }
  return found;
}

/** The slots and all those that the keys of looked-up ones among them are read from. */
export function withKeys(position: Position, slots: ReadonlySet<number>): Set<number> {
  const found = new Set<number>();
  const visit = (index: number) => {
    if (found.has(index)) return;
    found.add(index);
    const slot = position.slots[index];
    const site = slot === undefined ? undefined : siteAt(slot, position);
    if (site === undefined) return;
    for (const need of slotsRead(fieldsRead(site))) visit(need);
    if (keyMode(site) === 'identity') for (const need of identitySlots(site)) visit(need);
  };
  for (const index of slots) visit(index);
  return found;
}

export function keyMode(site: Site): 'values' | 'identity' {
  const fields = fieldsRead(site);
  // Of nothing there are no values: a type that is its own key has one entity.
  return fields.length > 0 && fields.every(isPlain) ? 'values' : 'identity';
}

/** Where values do not tell entities apart, their first object does, with those above that something is read from. */
export function identitySlots({ position, arguments: read }: Site): readonly number[] {
  const above = read.flat().flatMap(({ reads }) => reads.map(({ slot }) => slot));
  return [0, ...new Set(above.filter((slot) => position.slots[slot]?.origin.kind === 'above'))];
}

function isPlain({ child, above, type, guard }: ShapeField): boolean {
  return child === null && above === undefined && !isList(type) && guard === 0;
}

function isList(type: TypeRef): boolean {
  return type.kind === 'list' || (type.kind === 'nonNull' && isList(type.of));
}

/** How a call's entity is found for a frame of one position; derived once a plan, because every object of an answer asks. */
interface Finder {
  readonly mode: 'values' | 'identity';
  /** Of `identity`: the slots whose objects tell entities apart. */
  readonly slots: readonly number[];
  readonly fields: readonly ShapeField[];
}

const finders = new WeakMap<Position, Map<Call, Finder | null>>();

function finderOf(call: Call, position: Position): Finder | null {
  const known = finders.get(position) ?? new Map<Call, Finder | null>();
  finders.set(position, known);
  const found = known.get(call);
  if (found !== undefined) return found;
  const site = [...call.sites, ...(call.sharedWith?.sites ?? [])].find((entry) => entry.position === position);
  const finder =
    site === undefined ? null : { mode: keyMode(site), slots: identitySlots(site), fields: fieldsRead(site) };
  known.set(call, finder);
  return finder;
}

/** Which of the call's entities belongs to this frame; undefined where none was asked for. */
export function indexOf(call: Call, position: Position, frame: Frame, run: Run): number | undefined {
  const finder = finderOf(call, position);
  if (finder === null) return undefined;
  const { index } = stateOf(run, call);
  let level: unknown = index;
  const parts = finder.mode === 'identity' ? finder.slots : finder.fields;
  for (const part of parts) {
    level = (level as KeyMap).get(typeof part === 'number' ? frame[part] : readField(part, frame));
    if (level === undefined) return undefined;
  }
  return level as number;
}

export function setIndex(index: KeyMap, parts: readonly unknown[], value: unknown): void {
  let level = index;
  for (const part of parts.slice(0, -1)) {
    const next = (level.get(part) as KeyMap | undefined) ?? new Map();
    level.set(part, next);
    level = next;
  }
  level.set(parts.at(-1), value);
}

function readField(field: ShapeField, frame: Frame): unknown {
  const [read] = field.reads;
  return read === undefined ? undefined : readKey(frame[read.slot], read.key);
}

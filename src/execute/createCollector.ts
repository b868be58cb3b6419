import { fieldsRead } from '../plan/createBuilder.ts';
import type { Call, CollectedArgument, FieldAbove, Position, Shape, ShapeField, Site } from '../plan/Plan.ts';
import { sourceTypeName } from '../plan/printUpstream.ts';
import { type SourceNames, sourceNames } from '../plan/sourceNames.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { evaluateTypename } from './evaluateTypename.ts';
import { evaluateValue, fitsNulls } from './evaluateValue.ts';
import {
  childValues,
  fillFrame,
  identitySlots,
  itemValues,
  keyMode,
  readKey,
  setIndex,
  slotsRead,
  viewFrame,
} from './frames.ts';
import { type CallState, type Frame, type Run, stateOf, type Tuple } from './Run.ts';
import { walkTo } from './walkSite.ts';

/** Gathers the distinct representations of a call from the replies that are in; runs once a request. */
export type Collector = (run: Run) => void;

export function createCollector(call: Call, supergraph: Supergraph): Collector {
  const sites = sitesOf(call).map(({ site, need }) => ({ site, walk: walkTo(site.position, need, supergraph) }));
  const begin = collectingOf(call, supergraph);
  return (run) => {
    const collecting = begin(run);
    for (const [n, { site, walk }] of sites.entries()) walk(run, (frame) => collect(site, n, frame, collecting));
  };
}

export interface SiteRead {
  readonly site: Site;
  /** Slots of its position that have to be there. */
  readonly need: ReadonlySet<number>;
}

export function sitesOf(call: Call): readonly SiteRead[] {
  return call.sites.map((site) => {
    const need = slotsRead(fieldsRead(site));
    if (keyMode(site) === 'identity') for (const slot of identitySlots(site)) need.add(slot);
    // The call's own slot is what is being collected here.
    const own = site.position.slots.findIndex(
      (slot) => slot.origin.kind === 'entity' && (slot.origin.call === call || slot.origin.call.sharedWith === call),
    );
    need.delete(own);
    return { site, need };
  });
}

/** Makes what the sites of a call fill while one request runs. */
export function collectingOf(call: Call, supergraph: Supergraph): (run: Run) => Collecting {
  const typename = sourceTypeName(supergraph, call.type, call.graph);
  const names = sourceNames(call.graph, supergraph);
  return (run) => {
    const state = stateOf(run, call);
    const reached = call.sites.map(({ position }) => {
      const indices = call.sites.length === 1 ? null : new Set<number>();
      if (indices !== null) state.reached.set(position, indices);
      return indices;
    });
    return { run, state, reached, typename, known: new Map(), supergraph, names, call };
  };
}

interface Reading {
  readonly run: Run;
  readonly supergraph: Supergraph;
  readonly names: SourceNames;
}

export interface Collecting extends Reading {
  readonly call: Call;
  readonly state: CallState;
  /** By site: the entities that it has; null where there is only one. */
  readonly reached: readonly (Set<number> | null)[];
  readonly typename: string;
  /** Index by text, for representations that are not made of scalars alone. */
  readonly known: Map<string, number>;
}

/** Takes up what the n-th site asks for at one frame. */
export function collect(site: Site, n: number, frame: Frame, collecting: Collecting): void {
  const { run, state, typename, known, names } = collecting;
  const parts: unknown[] = [];
  const representation: Record<string, unknown> = { __typename: typename };
  let lacking = false;
  for (const [index, field] of site.representation.entries()) {
    if (field.guard !== 0 && run.guards[field.guard] !== true) continue;
    const name = names.field(field);
    const own = fieldValue(field, frame, collecting);
    const value = Object.hasOwn(representation, name) ? together(representation[name], own) : own;
    if (index < site.keys) {
      if (!isComplete(value)) return;
    } else if (value === undefined) {
      lacking = true;
      parts.push(undefined);
      continue;
    }
    parts.push(value);
    representation[name] = value;
  }
  const tuple = site.arguments.length === 0 ? null : readArguments(site, frame, collecting);
  const isArgued = tuple?.values.some((value) => value !== undefined) === true;
  if (lacking && !collecting.call.isPlain && !isArgued) return;
  parts.push(...(tuple?.parts ?? []));
  const byIdentity = keyMode(site) === 'identity';
  const text = byIdentity ? `${lacking} ${JSON.stringify([representation, tuple?.values])}` : '';
  const found = byIdentity ? known.get(text) : (lookUp(state, parts) as number | undefined);
  const index = found ?? state.representations.length;
  if (found === undefined) {
    state.representations.push(representation);
    if (tuple !== null) {
      const { values, absent, isMissing } = tuple;
      // Known, but nothing of it is left to be asked for.
      const isIdle = !isArgued && !collecting.call.isPlain && site.representation.length === site.keys;
      state.tuples.push({ values, absent, isMissing, isIdle });
    }
    if (lacking) state.lacking.add(index);
    if (byIdentity) known.set(text, index);
  }
  collecting.reached[n]?.add(index);
  if (byIdentity)
    setIndex(
      state.index,
      identitySlots(site).map((slot) => frame[slot]),
      index,
    );
  else if (found === undefined) setIndex(state.index, parts, index);
}

interface ReadTuple extends Omit<Tuple, 'isIdle'> {
  /** Raw values, by which the entity is found again. */
  readonly parts: readonly unknown[];
}

const PLAIN: SourceNames = { field: (field) => field.key, type: (type) => type };

/** The values of the call's arguments at one site. */
function readArguments(site: Site, frame: Frame, { run, supergraph, call }: Collecting): ReadTuple {
  const values: unknown[] = [];
  const parts: unknown[] = [];
  let absent = 0;
  let isMissing = false;
  for (const [index, fields] of site.arguments.entries()) {
    const argument = call.arguments[index] as CollectedArgument;
    for (const field of fields)
      parts.push(field.child === null ? fieldValue(field, frame, { run, supergraph, names: PLAIN }) : null);
    const isWanted = fields.every(({ guard }) => guard === 0 || run.guards[guard] === true);
    const object = isWanted
      ? fieldsOf({ fields, position: site.position }, frame, { run, supergraph, names: PLAIN })
      : undefined;
    const value = object === undefined ? undefined : evaluateValue(argument.value, object);
    const fits = value !== undefined && fitsNulls(value, argument.type);
    values.push(fits ? value : undefined);
    if (fits) continue;
    absent |= 1 << index;
    isMissing ||= isWanted && object === undefined;
  }
  return { values, parts, absent, isMissing };
}

function lookUp(state: CallState, parts: readonly unknown[]): unknown {
  let level: unknown = state.index;
  for (const part of parts) {
    if (!(level instanceof Map)) return undefined;
    level = level.get(part);
  }
  return level;
}

/** A key with a null in it finds nothing: it is not sent. */
export function isComplete(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value !== 'object') return true;
  return Object.values(value).every(isComplete);
}

/** A field as a representation carries it, under the names of the schema; undefined where it could not be had. */
function fieldValue(field: ShapeField, frame: Frame, reading: Reading): unknown {
  if (field.above !== undefined) return valueAbove(field.above, frame, reading);
  const [read] = field.reads;
  if (read === undefined) return undefined;
  const value = readKey(frame[read.slot], read.key);
  if (field.child === null || value === null || value === undefined) return value;
  return shapeValue(field.child, childValues(field.child.position, frame), value, reading);
}

/** What a context gives: the leaf of a selection of which each object has one field. */
function valueAbove({ field, slots }: FieldAbove, frame: Frame, reading: Reading): unknown {
  const above: Frame = [];
  for (const [slot, own] of slots) above[slot] = frame[own];
  return leafOf(fieldValue(field, above, { ...reading, names: PLAIN }), field);
}

function leafOf(value: unknown, { child }: Pick<ShapeField, 'child'>): unknown {
  if (child === null || value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => leafOf(item, { child }));
  const object = value as Readonly<Record<string, unknown>>;
  const shapes = [child, ...(child.branches?.byType.values() ?? [])];
  const inner = shapes
    .flatMap(({ fields }) => fields)
    .find(({ kind, key }) => kind === 'value' && Object.hasOwn(object, key));
  return inner === undefined ? null : leafOf(object[inner.key], inner);
}

function shapeValue(shape: Shape, values: readonly unknown[], value: unknown, context: Reading): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => shapeValue(shape, itemValues(shape.position, values, index), item, context));
  }
  if (value === null || typeof value !== 'object') return value;
  const { run, supergraph, names } = context;
  const frame = fillFrame(shape.position, [...values], run);
  if (shape.branches === null) return fieldsOf(shape, frame, context);
  const { type, sourceName } = evaluateTypename(shape, frame, supergraph);
  const branch = type === undefined ? undefined : shape.branches.byType.get(type);
  if (type === undefined || branch === undefined) return { __typename: sourceName };
  const fields = fieldsOf(branch, viewFrame(branch.position, frame, run), context);
  return fields === undefined ? undefined : { __typename: names.type(type), ...fields };
}

function typename(field: ShapeField, position: Position, frame: Frame, { supergraph, names }: Reading): unknown {
  const [read] = field.reads;
  if (read === undefined) return names.type(field.on);
  const told = { position, fields: [], branches: { slot: read.slot, byType: new Map() } };
  const { type, sourceName } = evaluateTypename(told, frame, supergraph);
  return type === undefined ? sourceName : names.type(type);
}

/** Undefined where any field is: a requirement is had whole or not at all. */
function fieldsOf(
  { fields, position }: Pick<Shape, 'fields' | 'position'>,
  frame: Frame,
  reading: Reading,
): Record<string, unknown> | undefined {
  const object: Record<string, unknown> = {};
  for (const field of fields) {
    if (field.guard !== 0 && reading.run.guards[field.guard] !== true) continue;
    const value =
      field.kind === 'typename' ? typename(field, position, frame, reading) : fieldValue(field, frame, reading);
    if (value === undefined) return undefined;
    const name = reading.names.field(field);
    const whole = Object.hasOwn(object, name) ? together(object[name], value) : value;
    if (whole === undefined) return undefined;
    object[name] = whole;
  }
  return object;
}

/** Two selections of one field as one value; undefined where one of them is null and the other is not: half of it could not be had. */
function together(first: unknown, second: unknown): unknown {
  if (second === undefined || (first === null) !== (second === null)) return undefined;
  if (typeof first !== 'object' || typeof second !== 'object' || first === null || second === null) return first;
  if (Array.isArray(first) && Array.isArray(second)) {
    const items = first.map((item, index) => together(item, second[index]));
    return items.includes(undefined) ? undefined : items;
  }
  const object = new Map<string, unknown>(Object.entries(first));
  for (const [name, value] of Object.entries(second))
    object.set(name, object.has(name) ? together(object.get(name), value) : value);
  return [...object.values()].includes(undefined) ? undefined : Object.fromEntries(object);
}

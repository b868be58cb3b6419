import { ownerIn } from '../plan/ownership.ts';
import type { Call, Position, Shape, ShapeField, Site } from '../plan/Plan.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { evaluateTypename } from './evaluateTypename.ts';
import { childValues, fillFrame, keyMode, setIndex, slotsRead, viewFrame } from './frames.ts';
import { type CallState, type Frame, type Run, stateOf } from './Run.ts';
import { walkTo } from './walkSite.ts';

type Plain = Readonly<Record<string, unknown>>;

/** Gathers the distinct representations of a call from the replies that are in; runs once a request. */
export type Collector = (run: Run) => void;

export function createCollector(call: Call, supergraph: Supergraph): Collector {
  const typename = supergraph.types.get(call.type)?.graphs.get(call.graph)?.sourceName ?? call.type;
  const names = sourceNames(call.graph, supergraph);
  const sites = call.sites.map((site) => {
    const need = slotsRead(site.representation);
    if (keyMode(site) === 'identity') need.add(0);
    // The call's own slot is what is being collected here.
    const own = site.position.slots.findIndex(
      (slot) => slot.origin.kind === 'entity' && (slot.origin.call === call || slot.origin.call.sharedWith === call),
    );
    need.delete(own);
    return { site, walk: walkTo(site.position, need, supergraph) };
  });
  return (run) => {
    const state = stateOf(run, call);
    const known = new Map<string, number>();
    for (const { site, walk } of sites) {
      const reached = sites.length === 1 ? null : new Set<number>();
      if (reached !== null) state.reached.set(site.position, reached);
      walk(run, (frame) =>
        collect(site, frame, { run, state, reached, typename, known, supergraph, names, isPlain: call.isPlain }),
      );
    }
  };
}

/** How the subgraph that is asked names what other subgraphs gave. */
interface SourceNames {
  readonly field: (field: ShapeField) => string;
  readonly type: (type: string) => string;
}

function sourceNames(graph: number, supergraph: Supergraph): SourceNames {
  const type = (name: string) => supergraph.types.get(name)?.graphs.get(graph)?.sourceName ?? name;
  if (supergraph.subgraphs[graph]?.definition.renames === undefined) return { type, field: (field) => field.key };
  return { type, field: (field) => ownerIn(supergraph, field.on, field.name, graph)?.sourceName ?? field.key };
}

interface Reading {
  readonly run: Run;
  readonly supergraph: Supergraph;
  readonly names: SourceNames;
}

interface Collecting extends Reading {
  readonly isPlain: boolean;
  readonly state: CallState;
  /** Filled where more than one site asks. */
  readonly reached: Set<number> | null;
  readonly typename: string;
  /** Index by text, for representations that are not made of scalars alone. */
  readonly known: Map<string, number>;
}

function collect(site: Site, frame: Frame, collecting: Collecting): void {
  const { run, state, typename, known, names } = collecting;
  const parts: unknown[] = [];
  const representation: Record<string, unknown> = { __typename: typename };
  let lacking = false;
  for (const [index, field] of site.representation.entries()) {
    if (field.guard !== 0 && run.guards[field.guard] !== true) continue;
    const value = fieldValue(field, frame, collecting);
    if (index < site.keys) {
      if (!isComplete(value)) return;
    } else if (value === undefined) {
      lacking = true;
      parts.push(undefined);
      continue;
    }
    parts.push(value);
    representation[names.field(field)] = value;
  }
  if (lacking && !collecting.isPlain) return;
  const byIdentity = keyMode(site) === 'identity';
  const text = byIdentity ? `${lacking} ${JSON.stringify(representation)}` : '';
  const found = byIdentity ? known.get(text) : (lookUp(state, parts) as number | undefined);
  const index = found ?? state.representations.length;
  if (found === undefined) {
    state.representations.push(representation);
    if (lacking) state.lacking.add(index);
    if (byIdentity) known.set(text, index);
  }
  collecting.reached?.add(index);
  if (byIdentity) state.index.set(frame[0], index);
  else if (found === undefined) setIndex(state.index, parts, index);
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
function isComplete(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value !== 'object') return true;
  return Object.values(value).every(isComplete);
}

/** A field as a representation carries it, under the names of the schema; undefined where it could not be had. */
function fieldValue(field: ShapeField, frame: Frame, reading: Reading): unknown {
  const [read] = field.reads;
  if (read === undefined) return undefined;
  const value = (frame[read.slot] as Plain | null | undefined)?.[read.key];
  if (field.child === null || value === null || value === undefined) return value;
  return shapeValue(field.child, childValues(field.child.position, frame), value, reading);
}

function shapeValue(shape: Shape, values: readonly unknown[], value: unknown, context: Reading): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      shapeValue(
        shape,
        values.map((list) => (Array.isArray(list) ? list[index] : undefined)),
        item,
        context,
      ),
    );
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
function fieldsOf({ fields, position }: Shape, frame: Frame, reading: Reading): Record<string, unknown> | undefined {
  const object: Record<string, unknown> = {};
  for (const field of fields) {
    const value =
      field.kind === 'typename' ? typename(field, position, frame, reading) : fieldValue(field, frame, reading);
    if (value === undefined) return undefined;
    object[reading.names.field(field)] = value;
  }
  return object;
}

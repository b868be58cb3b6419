import { GatewayError } from '../errors/GatewayError.ts';
import type { TypeRef } from '../supergraph/TypeRef.ts';
import {
  addSlot,
  type Builder,
  callOf,
  createPosition,
  type Demand,
  effectiveGuard,
  enteredPlaces,
  guardAt,
} from './createBuilder.ts';
import { AT_ONCE } from './defers.ts';
import { enterForField } from './enterForField.ts';
import { enterWithRequirement } from './enterSubgraph.ts';
import { childTypeName, fieldInfo, ownerIn, requirement } from './ownership.ts';
import type { Position, Read, ShapeField, UpstreamField } from './Plan.ts';
import { type Field, isAsked } from './Selection.ts';
import { addUpstreamField } from './upstreamFields.ts';

const STRING: TypeRef = { kind: 'nonNull', of: { kind: 'named', name: 'String' } };

/** Plans fields of a position whose run-time type is known (or makes no difference). */
export function planFields(
  builder: Builder,
  position: Position,
  fields: readonly Field[],
  demand: Demand,
): ShapeField[] {
  const parts = new Set(fields.map((field) => field.defer ?? demand.defer));
  if (parts.size <= 1)
    return planTogether(builder, position, fields, { ...demand, defer: [...parts][0] ?? demand.defer });
  const planned = new Map<Field, ShapeField>();
  // What is given at once goes first: nothing of it may depend on what is given later.
  for (const defer of [...parts].sort((a, b) => a - b)) {
    const own = fields.filter((field) => (field.defer ?? demand.defer) === defer);
    for (const [index, field] of planTogether(builder, position, own, { ...demand, defer }).entries())
      planned.set(own[index] as Field, field);
  }
  return fields.flatMap((field) => planned.get(field) ?? []);
}

/** Plans fields of one part of the answer. */
function planTogether(builder: Builder, position: Position, fields: readonly Field[], demand: Demand): ShapeField[] {
  builder.budget.spend(2 * fields.length);
  const places = enteredPlaces(position, demand.defer);
  const { graphs } =
    demand.from === undefined
      ? builder.assigner.assign(position.type, fields, places)
      : { graphs: fields.map(() => [demand.from as number]) };
  const planned = new Map<Field, ShapeField>();
  const inOrder = fields.map((field, index) => ({ field, graphs: graphs[index] ?? [] }));
  const needing = (graph: number, field: Field) =>
    requirement(
      builder.supergraph,
      position.type,
      field.name,
      places.find((place) => place.graph === graph) ?? { graph, provides: null },
    );
  const plan = (entry: (typeof inOrder)[number]) =>
    planned.set(entry.field, planField(builder, position, entry, demand));
  // What requires nothing goes first, so that a call that is made anyway can take the requirements along.
  for (const entry of inOrder)
    if (!entry.graphs.some((graph) => needing(graph, entry.field) !== undefined)) plan(entry);
  for (const entry of inOrder) if (!planned.has(entry.field)) plan(entry);
  return fields.flatMap((field) => planned.get(field) ?? []);
}

function planField(
  builder: Builder,
  position: Position,
  { field, graphs }: { readonly field: Field; readonly graphs: readonly number[] },
  demand: Demand,
): ShapeField {
  const guard = effectiveGuard(demand.guard, field.guard);
  const { key, name, args, stream } = field;
  const base = { key, name, on: position.type, guard, defer: demand.defer, stream, args };
  if (field.name === '__typename')
    return { ...base, kind: 'typename', type: STRING, reads: [], child: null, required: null };
  if (field.name.startsWith('__'))
    return { ...base, kind: 'introspection', type: STRING, reads: [], child: null, required: null };
  const info = fieldInfo(builder.supergraph, position.type, field.name);
  if (field.denied !== null && info !== undefined) {
    builder.denies = true;
    if (info.type.kind === 'nonNull') builder.bubbles = true;
    return { ...base, kind: 'denied', type: info.type, reads: [], child: null, required: null, denied: field.denied };
  }
  if (info === undefined || graphs.length === 0) throw unplannable(position.type, field.name);
  const sources: Source[] = [];
  let required: readonly ShapeField[] | null = null;
  for (const graph of graphs) {
    const source = sourceOf(builder, position, { field, graph, demand: { guard, defer: demand.defer } });
    sources.push(source);
    if (source.required !== null) required = source.required;
  }
  const reads: Read[] = sources.map(({ slot, upstream }) => ({ slot, key: upstream.key }));
  const child = field.selection === null ? null : childPosition(builder, position, field, sources);
  const shape =
    child === null || field.selection === null
      ? null
      : builder.planSelection(child, field.selection, {
          guard: demand.guard,
          defer: demand.defer,
          isInternal: demand.isInternal,
        });
  return { ...base, kind: 'value', type: info.type, reads, child: shape, required };
}

/** A field that is null wherever it is asked for. */
export function absentField(builder: Builder, position: Position, field: Field, demand: Demand): ShapeField {
  const defer = field.defer ?? demand.defer;
  if (!isAsked(field)) return planField(builder, position, { field, graphs: [] }, { ...demand, defer });
  const info = fieldInfo(builder.supergraph, position.type, field.name);
  if (info === undefined) throw unplannable(position.type, field.name);
  const { key, name, args } = field;
  const guard = effectiveGuard(demand.guard, field.guard);
  return {
    key,
    name,
    args,
    guard,
    defer,
    stream: null,
    on: position.type,
    kind: 'value',
    type: info.type,
    reads: [],
    child: null,
    required: null,
  };
}

/** Throws where one of the fields could not be had at this position, whatever its value may be. */
export function refuseUnreachable({ assigner }: Builder, position: Position, fields: readonly Field[]): void {
  const { graphs } = assigner.assign(position.type, fields, enteredPlaces(position, AT_ONCE));
  for (const [index, field] of fields.entries())
    if (graphs[index]?.length === 0 && isAsked(field)) throw unplannable(position.type, field.name);
}

interface Source {
  readonly slot: number;
  readonly upstream: UpstreamField;
  readonly required: readonly ShapeField[] | null;
}

function sourceOf(
  builder: Builder,
  position: Position,
  { field, graph, demand }: { readonly field: Field; readonly graph: number; readonly demand: Demand },
): Source {
  const { supergraph, guards } = builder;
  const place = enteredPlaces(position, demand.defer).find((entry) => entry.graph === graph) ?? {
    graph,
    provides: null,
  };
  const needs = requirement(supergraph, position.type, field.name, place);
  const entered =
    needs === undefined
      ? { slot: enterForField(builder, position, { field, place, demand }), required: null, collected: [] }
      : enterWithRequirement(builder, position, {
          graph,
          needs,
          args: argumentsOf(builder, position, field, graph),
          demand,
        });
  const node = position.slots[entered.slot]?.node;
  if (node === undefined) throw unplannable(position.type, field.name);
  if (entered.required === null) callOf(position, entered.slot).isPlain = true;
  return {
    ...entered,
    upstream: addUpstreamField(node, position.type, field, {
      supergraph,
      guards,
      guard: guards.both(guardAt(builder, position, entered.slot), demand.guard),
      once: onceOf(builder, position, field),
      collected: entered.collected,
    }),
  };
}

function argumentsOf({ supergraph }: Builder, { type }: Position, { name }: Field, graph: number) {
  return ownerIn(supergraph, type, name, graph)?.arguments ?? [];
}

/** The same mutation under two aliases is to be done twice. */
function onceOf({ operation, supergraph }: Builder, position: Position, field: Field): string {
  return operation === 'mutation' && position.type === supergraph.roots.mutation ? `${field.key} ${field.guard}` : '';
}

/**
 * The position of a field's value: one for all who read the field with these arguments from the same objects under the same condition.
 * Who reads it elsewhere has another position, because what is at hand there under one condition may not be under another.
 */
function childPosition(builder: Builder, position: Position, field: Field, sources: readonly Source[]): Position {
  const name = `${field.name}${field.args} ${onceOf(builder, position, field)} ${sources.map(({ slot, upstream }) => `${slot}.${upstream.key}`).join()} ${field.guard}`;
  const known = position.children.get(name);
  const child =
    known ??
    createPosition(builder, childTypeName(builder.supergraph, position.type, field.name), {
      from: { position, field: field.name },
      guard: field.guard,
    });
  position.children.set(name, child);
  for (const { slot, upstream } of sources) {
    const parent = position.slots[slot];
    const there = child.slots.some(
      ({ origin }) => origin.kind === 'child' && origin.field === upstream && origin.slot === slot,
    );
    if (there || parent === undefined || upstream.node === null) continue;
    const { graph, provides, as } = builder.router.childPlace(position.type, field, parent);
    addSlot(child, {
      graph,
      origin: { kind: 'child', parent: position, slot, field: upstream },
      node: upstream.node,
      provides,
      defer: parent.defer,
      as,
    });
  }
  return child;
}

function unplannable(type: string, field: string): GatewayError {
  return new GatewayError('INTERNAL_SERVER_ERROR', `No subgraph can be reached that resolves "${type}.${field}" here.`);
}

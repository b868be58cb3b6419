import type { GraphQLError } from 'graphql';
import { AT_ONCE } from '../plan/defers.ts';
import type { Call, Plan, Shape, ShapeField } from '../plan/Plan.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { namedType, printTypeRef, type TypeRef } from '../supergraph/TypeRef.ts';
import { deniedErrorAt } from './authorization/deniedError.ts';
import { completeLeaf } from './completeLeaf.ts';
import { type ErrorNode, errorsBelow } from './ErrorNode.ts';
import { errorsAbove, errorsAt } from './errorsAt.ts';
import { errorsLeftOver } from './errorsLeftOver.ts';
import { evaluateTypename } from './evaluateTypename.ts';
import { invalid, isExplained, relayAt, report } from './explainNull.ts';
import { forgetUnasked } from './forgetUnasked.ts';
import { childValues, fillFrame, indexOf, itemValues, readKey, viewFrame } from './frames.ts';
import type { Later } from './Later.ts';
import { noteDeferred, takePart } from './noteDeferred.ts';
import {
  BUBBLE,
  type Completing,
  count,
  createProjection,
  type Here,
  type Path,
  type Plain,
  type Projection,
  type Value,
} from './Projection.ts';
import { type Run, stateOf } from './Run.ts';
import { leadsToDeferred } from './responsePath.ts';

export interface Projected {
  readonly data: Plain | null;
  readonly errors: readonly GraphQLError[];
}

/**
 * Builds the answer from the replies, with every error at its path in the client's document.
 * This is the whole of the rules; the generated projection is a short cut for answers in which nothing went wrong.
 */
export function projectResult(plan: Plan, run: Run, supergraph: Supergraph): Projected {
  const projection = createProjection(plan, run, supergraph);
  const data = projectRoot(projection, false);
  const root = data === BUBBLE ? null : data;
  return { data: root, errors: [...projection.errors, ...errorsLeftOver(projection)] };
}

/** The part of an answer that is given at once, and what is to be given later. */
export function projectFirst(
  plan: Plan,
  run: Run,
  supergraph: Supergraph,
): Projected & { readonly later: readonly Later[] } {
  const projection = createProjection(plan, run, supergraph);
  const data = projectRoot(projection, false);
  const later = data === BUBBLE ? [] : projection.later;
  const isOfFirst = (call: Call, path: Path) =>
    call.defer === AT_ONCE && (later.length === 0 || call.lookup !== null || !leadsToDeferred(plan.output, path, call));
  const errors = [...projection.errors, ...errorsLeftOver(projection, isOfFirst)];
  return { data: data === BUBBLE ? null : data, errors, later };
}

function projectRoot(projection: Projection, isPart: boolean): Plain | typeof BUBBLE {
  const { plan, run } = projection;
  const { position, fields } = plan.output;
  const frame = fillFrame(position, [], run);
  const here = { position, frame, errors: errorsAt(position, frame, [], run) };
  const data = projectFields(fields, here, [], projection);
  if (!isPart) noteDeferred(fields, [], projection, (own) => projectRoot(own, true));
  return data;
}

function projectFields(
  fields: readonly ShapeField[],
  here: Here,
  path: Path,
  projection: Projection,
): Plain | typeof BUBBLE {
  count(projection);
  const object: Plain = {};
  for (const field of fields) {
    if (field.guard !== 0 && projection.run.guards[field.guard] !== true) continue;
    if (field.defer !== projection.defer) continue;
    const value = projectField(field, here, [...path, field.key], projection);
    if (value === BUBBLE) return BUBBLE;
    if (field.key === '__proto__')
      Object.defineProperty(object, field.key, { value, enumerable: true, writable: true, configurable: true });
    else object[field.key] = value;
  }
  forgetUnasked(fields, here, projection);
  return object;
}

function projectField(field: ShapeField, here: Here, path: Path, projection: Projection): unknown {
  if (field.kind === 'introspection') return projection.run.introspection[field.key];
  if (field.kind === 'typename') return typenameOf(field, here, projection.supergraph);
  if (field.kind === 'denied') return denied(field, path, projection);
  const values = field.reads.map(({ slot, key }) => readKey(here.frame[slot], key));
  const lacks = field.required !== null && lacksRequirement(field, here, projection.run);
  const reported = field.reads.map(({ slot, key }) => here.errors[slot]?.children.get(key));
  const errors = lacks ? [] : reported;
  // What a subgraph says of a field that it was asked for without its requirement hides the reason.
  if (lacks) for (const { error } of reported.flatMap((node) => errorsBelow(node))) error.used = true;
  const inner = field.child === null ? [] : childValues(field.child.position, here.frame);
  const innerErrors =
    field.child === null
      ? []
      : field.child.position.slots.map(({ origin }) => {
          if (origin.kind === 'above') return errorsAbove(origin, here.errors);
          return origin.kind === 'child' ? here.errors[origin.slot]?.children.get(origin.field.key) : undefined;
        });
  const value: Value = { values: lacks ? [undefined] : values, errors, inner, innerErrors, whole: true };
  return complete(field.type, value, { field, here, path, projection });
}

function denied(field: ShapeField, path: Path, { errors }: Projection): null | typeof BUBBLE {
  errors.push(deniedErrorAt(field, path));
  return field.type.kind === 'nonNull' ? BUBBLE : null;
}

function typenameOf(field: ShapeField, here: Here, supergraph: Supergraph): unknown {
  const [read] = field.reads;
  if (read === undefined) return field.on;
  const { type } = evaluateTypename(
    { position: here.position, fields: [], branches: { slot: read.slot, byType: new Map() } },
    here.frame,
    supergraph,
  );
  return type;
}

/** The subgraph was asked without what this field needs: whatever it said is not an answer. */
function lacksRequirement(field: ShapeField, here: Here, run: Run): boolean {
  return field.reads.some(({ slot }) => {
    const origin = here.position.slots[slot]?.origin;
    if (origin?.kind !== 'entity') return false;
    const index = indexOf(origin.call, here.position, here.frame, run);
    return index !== undefined && stateOf(run, origin.call).lacking.has(index);
  });
}

/** Null where the value is null and may be, BUBBLE where it may not. */
function complete(type: TypeRef, value: Value, context: Completing): unknown {
  if (type.kind === 'nonNull') {
    const before = context.projection.errors.length;
    const result = complete(type.of, value, context);
    if (result !== null && result !== BUBBLE) return result;
    if (context.projection.errors.length === before && !isExplained(value, context)) {
      report(
        context,
        'NULL_VALUE',
        `Cannot return null for non-nullable field "${context.field.on}.${context.field.name}".`,
      );
    }
    return BUBBLE;
  }
  const first = value.values.find((entry) => entry !== null && entry !== undefined) ?? value.values[0];
  if (first === null || first === undefined) return relayAt(value, context);
  const { later } = context.projection;
  const before = later.length;
  const result =
    type.kind === 'list'
      ? completeList(type.of, first, value, context)
      : completeNamed(type.name, first, value, context);
  if (result !== BUBBLE) return result;
  // Nothing more comes to a place that has become null.
  later.length = before;
  return null;
}

function completeList(type: TypeRef, list: unknown, value: Value, context: Completing): unknown {
  if (!Array.isArray(list)) return invalid(context, `Expected a list of "${printTypeRef(type)}", found another value.`);
  const atOnce = value.whole ? streamFrom(type, list, value, context) : list.length;
  const result: unknown[] = [];
  for (let index = 0; index < atOnce; index += 1) {
    const completed = completeItem(type, index, value, context);
    if (completed === BUBBLE) return BUBBLE;
    result.push(completed);
  }
  return result;
}

function completeItem(type: TypeRef, index: number, value: Value, context: Completing): unknown {
  const child = context.field.child?.position;
  const item = (entry: unknown) => (Array.isArray(entry) ? entry[index] : undefined);
  const below = (node: ErrorNode | undefined) => node?.children.get(index);
  const one: Value = {
    values: value.values.map(item),
    errors: value.errors.map(below),
    inner: child === undefined ? [] : itemValues(child, value.inner, index),
    innerErrors: value.innerErrors.map((node, slot) =>
      child?.slots[slot]?.origin.kind === 'above' ? node : below(node),
    ),
    whole: false,
  };
  return complete(type, one, { ...context, path: [...context.path, index] });
}

/** How many items are given at once; the others are noted. */
function streamFrom(type: TypeRef, list: readonly unknown[], value: Value, context: Completing): number {
  const { field, path, projection } = context;
  if (field.stream === null) return list.length;
  const { label, initialCount: count } = field.stream;
  const initialCount = typeof count === 'number' ? count : Number(projection.run.variables[count.variable] ?? 0);
  if (list.length <= initialCount) return list.length;
  function* project() {
    for (let index = initialCount; index < list.length; index += 1)
      yield takePart(projection, (own) => completeItem(type, index, value, { ...context, projection: own }));
  }
  projection.later.push({ kind: 'items', path, label, initialCount, project });
  return initialCount;
}

function completeNamed(type: string, first: unknown, value: Value, context: Completing): unknown {
  const { field, projection } = context;
  if (field.child === null) {
    const leaf = completeLeaf(first, type, projection.supergraph.types.get(type));
    return 'value' in leaf ? leaf.value : invalid(context, leaf.problem);
  }
  if (typeof first !== 'object' || Array.isArray(first))
    return invalid(context, `Expected an object of the type "${type}", found another value.`);
  return completeObject(field.child, value, context);
}

function completeObject(shape: Shape, value: Value, context: Completing, isPart = false): unknown {
  const { projection, path } = context;
  const { run, supergraph } = projection;
  const frame = fillFrame(shape.position, [...value.inner], run);
  const errors = errorsAt(shape.position, frame, value.innerErrors, run);
  const here = { position: shape.position, frame, errors };
  const finish = (fields: readonly ShapeField[], at: Here) => {
    const data = projectFields(fields, at, path, projection);
    if (isPart || data === BUBBLE || projection.plan.deferSets.length === 1) return data;
    noteDeferred(
      fields,
      path,
      projection,
      (own) => completeObject(shape, value, { ...context, projection: own }, true) as Plain | typeof BUBBLE,
    );
    return data;
  };
  if (shape.branches === null) return finish(shape.fields, here);
  const { type, sourceName } = evaluateTypename(shape, frame, supergraph);
  const branch = type === undefined ? undefined : shape.branches.byType.get(type);
  if (branch === undefined || supergraph.clientSchema.getType(branch.position.type) === undefined) {
    const slot = shape.branches.slot;
    // The object that names the type may itself be what could not be had.
    if (sourceName === undefined && (frame[slot] === undefined || frame[slot] === null))
      return relayAt(
        { ...value, values: [undefined], errors: [errors[slot]] },
        { ...context, here, field: { ...context.field, reads: [{ slot, key: '__typename' }] } },
      );
    // An inaccessible type is no mistake of the subgraph's: clients just may not see it.
    if (type !== undefined && supergraph.types.has(type)) return null;
    return invalid(
      context,
      `"${namedType(context.field.type)}" was answered with a type that the schema does not have.`,
    );
  }
  const view = viewFrame(branch.position, frame, run);
  return finish(branch.fields, {
    position: branch.position,
    frame: view,
    errors: errorsAt(branch.position, view, errors, run),
  });
}

import { callOf, dependencies } from '../plan/createBuilder.ts';
import type { Call, Position, ShapeField } from '../plan/Plan.ts';
import { type ErrorNode, errorsBelow, type RelayedError } from './ErrorNode.ts';
import { indexOf, siteAt } from './frames.ts';
import { type Frame, type Run, stateOf } from './Run.ts';

interface Place {
  readonly position: Position;
  readonly frame: Frame;
  readonly errors: readonly (ErrorNode | undefined)[];
}

/**
 * Why a field has no value where its subgraph said nothing about it: the call failed as a whole,
 * or it was never made because what it is made from could not be had.
 */
export function failuresBehind(
  field: ShapeField,
  { position, frame, errors }: Place,
  { run }: { readonly run: Run },
): readonly RelayedError[] {
  const found = new Set<RelayedError>();
  for (const required of field.required ?? [])
    for (const { slot, key } of required.reads)
      for (const error of errorsWithin(required, errors[slot]?.children.get(key))) found.add(error);
  for (const { slot } of field.reads) {
    const object = frame[slot] as Readonly<Record<string, unknown>> | null | undefined;
    const read = field.reads.find((entry) => entry.slot === slot);
    const lacking = field.required !== null;
    if (!lacking && object !== null && object !== undefined && read !== undefined && object[read.key] !== undefined)
      continue;
    if (object === null || object === undefined) for (const { error } of errorsBelow(errors[slot])) found.add(error);
    const call = callOf(position, slot);
    for (const error of stateOf(run, call).general) found.add(error);
    const entry = position.slots[slot];
    const site = entry === undefined ? undefined : siteAt(entry, position);
    const index = entry?.origin.kind === 'entity' ? indexOf(entry.origin.call, position, frame, run) : undefined;
    const tuple = index === undefined ? undefined : stateOf(run, call).tuples[index];
    // Where all that it needs was there and one is null, there is nothing to explain.
    const isMissing = tuple === undefined || tuple.isMissing;
    const neverAsked = site !== undefined && ((lacking && isMissing) || index === undefined);
    if (neverAsked) for (const error of failuresOf(dependencies(call), run, new Set())) found.add(error);
  }
  return [...found];
}

/** Errors of a field and of what is read below it; its neighbours there may have failed for reasons of their own. */
function errorsWithin({ child }: Pick<ShapeField, 'child'>, node: ErrorNode | undefined): readonly RelayedError[] {
  if (node === undefined) return [];
  const read =
    child === null ? [] : [child, ...new Set(child.branches?.byType.values())].flatMap(({ fields }) => fields);
  const below = [...node.children].flatMap(([step, inner]) => {
    if (typeof step === 'number') return errorsWithin({ child }, inner);
    return read
      .filter(({ reads }) => reads.some(({ key }) => key === step))
      .flatMap((field) => errorsWithin(field, inner));
  });
  return [...node.errors, ...below];
}

function failuresOf(calls: ReadonlySet<Call>, run: Run, seen: Set<Call>): RelayedError[] {
  return [...calls].flatMap((call) => {
    if (seen.has(call)) return [];
    seen.add(call);
    const { general, errors } = stateOf(run, call);
    const own = [...general, ...[...errors.children.values()].flatMap((node) => node.errors)];
    return own.length > 0 ? own : failuresOf(dependencies(call), run, seen);
  });
}

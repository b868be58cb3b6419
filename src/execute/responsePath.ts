import { AT_ONCE } from '../plan/defers.ts';
import type { Call, Read, Shape, ShapeField, Slot } from '../plan/Plan.ts';

/**
 * A path in a subgraph's reply in terms of the client's document, as far as the client asked for it.
 * `call` is the root call that the reply is of; two may answer under the same keys. Undefined where the shape's objects are of one reply.
 */
export function responsePath(
  shape: Shape | null,
  path: readonly (string | number)[],
  call?: Call,
): (string | number)[] {
  const result: (string | number)[] = [];
  for (const step of follow(shape, path, call)) {
    if (step === undefined) break;
    result.push(typeof step === 'number' ? step : step.key);
  }
  return result;
}

/**
 * Whether a path in the reply to a root selection leads to something that is given later, or to an item of a list that may be, for any
 * run-time type.
 */
export function leadsToDeferred(shape: Shape, path: readonly (string | number)[], call: Call): boolean {
  return leadsLater(shape, path, isOf(call));
}

function leadsLater(shape: Shape, path: readonly (string | number)[], isRead: (slot: Slot) => boolean): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return false;
  if (typeof step === 'number') return leadsLater(shape, rest, isRead);
  return fieldsFor(shape, step, isRead).some(
    ({ field, read }) =>
      field.defer !== AT_ONCE ||
      field.stream !== null ||
      (field.child !== null && leadsLater(field.child, rest, isBelow(read))),
  );
}

type Step = ShapeField | number | undefined;

/** What the client asked for at each step; it ends with undefined where that is nothing. */
function follow(shape: Shape | null, path: readonly (string | number)[], call: Call | undefined): Step[] {
  const steps: Step[] = [];
  let here = shape;
  let isRead = isOf(call);
  for (const step of path) {
    if (typeof step === 'number') {
      steps.push(step);
      continue;
    }
    const [found] = here === null ? [] : fieldsFor(here, step, isRead);
    steps.push(found?.field);
    if (found === undefined) return steps;
    here = found.field.child;
    isRead = isBelow(found.read);
  }
  return steps;
}

function isOf(call: Call | undefined): (slot: Slot) => boolean {
  return ({ origin }) => call === undefined || (origin.kind === 'root' && origin.call === call);
}

function isBelow({ slot, key }: Read): (slot: Slot) => boolean {
  return ({ origin }) => origin.kind === 'child' && origin.slot === slot && origin.field.key === key;
}

interface Found {
  readonly field: ShapeField;
  /** Its slot is one of the shape's own position, or of what that is a view of. */
  readonly read: Read;
}

/** Each run-time type may have the key under another field. */
function fieldsFor(shape: Shape, key: string, isRead: (slot: Slot) => boolean): Found[] {
  return [shape, ...new Set(shape.branches?.byType.values())].flatMap(({ fields, position }) =>
    fields.flatMap((field) =>
      field.reads.flatMap((read) => {
        const slot = read.key === key ? position.slots[read.slot] : undefined;
        const viewed = slot?.origin.kind === 'view' ? position.viewOf?.slots[slot.origin.slot] : slot;
        return viewed !== undefined && isRead(viewed) ? { field, read } : [];
      }),
    ),
  );
}

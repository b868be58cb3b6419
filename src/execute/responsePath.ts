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

/** Whether a path in the reply to a root selection leads to something that is given later, or to an item of a list that may be. */
export function leadsToDeferred(shape: Shape, path: readonly (string | number)[], call: Call): boolean {
  return follow(shape, path, call).some(
    (step) => typeof step === 'object' && (step.defer !== AT_ONCE || step.stream !== null),
  );
}

type Step = ShapeField | number | undefined;

/** What the client asked for at each step; it ends with undefined where that is nothing. */
function follow(shape: Shape | null, path: readonly (string | number)[], call: Call | undefined): Step[] {
  const steps: Step[] = [];
  let here = shape;
  let isRead = (slot: Slot) => call === undefined || (slot.origin.kind === 'root' && slot.origin.call === call);
  for (const step of path) {
    if (typeof step === 'number') {
      steps.push(step);
      continue;
    }
    const found = here === null ? undefined : fieldFor(here, step, isRead);
    steps.push(found?.field);
    if (found === undefined) return steps;
    const { field, read } = found;
    here = field.child;
    isRead = ({ origin }) => origin.kind === 'child' && origin.slot === read.slot && origin.field.key === read.key;
  }
  return steps;
}

interface Found {
  readonly field: ShapeField;
  /** Its slot is one of the shape's own position, or of what that is a view of. */
  readonly read: Read;
}

function fieldFor(shape: Shape, key: string, isRead: (slot: Slot) => boolean): Found | undefined {
  for (const { fields, position } of [shape, ...new Set(shape.branches?.byType.values())])
    for (const field of fields)
      for (const read of field.reads) {
        if (read.key !== key) continue;
        const slot = position.slots[read.slot];
        const viewed = slot?.origin.kind === 'view' ? position.viewOf?.slots[slot.origin.slot] : slot;
        if (viewed !== undefined && isRead(viewed)) return { field, read };
      }
  return undefined;
}

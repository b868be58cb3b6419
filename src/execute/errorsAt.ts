import type { Position, SlotOrigin } from '../plan/Plan.ts';
import type { ErrorNode } from './ErrorNode.ts';
import { indexOf } from './frames.ts';
import { type Frame, type Run, stateOf } from './Run.ts';

/** The error trees of a position's slots; `given` holds those of slots that were read from a parent. */
export function errorsAt(
  position: Position,
  frame: Frame,
  given: readonly (ErrorNode | undefined)[],
  run: Run,
): (ErrorNode | undefined)[] {
  return position.slots.map((slot, index) => {
    if (slot.origin.kind === 'root') return stateOf(run, slot.origin.call).errors.children.get(0);
    if (slot.origin.kind === 'view') return given[slot.origin.slot];
    if (slot.origin.kind === 'above' && position.viewOf !== null) return errorsAbove(slot.origin, given);
    if (slot.origin.kind === 'child' || slot.origin.kind === 'above') return given[index];
    const entity = indexOf(slot.origin.call, position, frame, run);
    return entity === undefined ? undefined : stateOf(run, slot.origin.call).errors.children.get(entity);
  });
}

/** The errors at and below an object of a position above. */
export function errorsAbove(
  { slot, path }: Extract<SlotOrigin, { kind: 'above' }>,
  errors: readonly (ErrorNode | undefined)[],
): ErrorNode | undefined {
  let node = errors[slot];
  for (const key of path) node = node?.children.get(key);
  return node;
}

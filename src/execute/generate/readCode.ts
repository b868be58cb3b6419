import { fieldsRead } from '../../plan/createBuilder.ts';
import type { Position, ShapeField, Slot, SlotOrigin } from '../../plan/Plan.ts';
import { identitySlots, keyMode, siteAt } from '../frames.ts';
import { workingCall } from '../Run.ts';

/**
 * How generated code gets at the objects of the replies. In the scope of a position, `f3` is the object of its slot 3; `E5` and `M5` are
 * entities and index of call 5, `C` the constants. No text of a client becomes code: what it names is quoted.
 */

/** What generated code calls for a name that every object answers to. */
export function own(object: object | null | undefined, key: string): unknown {
  return object !== null && object !== undefined && Object.hasOwn(object, key)
    ? (object as Record<string, unknown>)[key]
    : undefined;
}

/** Slots whose objects are handed in; the others are looked up. */
export function parameters(position: Position): number[] {
  return [...position.slots.entries()]
    .filter(([, { origin }]) => origin.kind === 'child' || origin.kind === 'view' || origin.kind === 'above')
    .map(([index]) => index);
}

/** Declares the object of a slot that is looked up, once those are declared that its key is read from. */
export function lookUpCode(position: Position, index: number): string {
  const slot = position.slots[index] as Slot;
  if (slot.origin.kind === 'root') return `const f${index} = E${workingCall(slot.origin.call).id}[0];`;
  const site = siteAt(slot, position);
  if (site === undefined || slot.origin.kind !== 'entity') return `const f${index} = undefined;`;
  const id = workingCall(slot.origin.call).id;
  const parts =
    keyMode(site) === 'identity'
      ? identitySlots(site).map((one) => `f${one}`)
      : fieldsRead(site).map((field) => readCode(position, field.reads[0]));
  const [first, ...rest] = parts;
  const found = rest.reduce((map, part) => `${map}?.get(${part})`, `M${id}.get(${first})`);
  return `const f${index} = E${id}[${found}];`;
}

/** Names that every object answers to must not be mistaken for the reply's. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

export function readCode(position: Position, read: ShapeField['reads'][number] | undefined): string {
  if (read === undefined) return 'undefined';
  if (INHERITED.has(read.key)) return `own(f${read.slot}, ${JSON.stringify(read.key)})`;
  // An object that was handed in alone is there: the caller has looked.
  const [only, second] = parameters(position);
  const isThere = position.viewOf === null && read.slot === 0 && only === 0 && second === undefined;
  return `f${read.slot}${isThere ? '' : '?'}.${read.key}`;
}

/** An object of the position above, or what lies in it. */
export function aboveCode({ slot, path }: Extract<SlotOrigin, { kind: 'above' }>, constants: unknown[]): string {
  if (path.length === 0) return `f${slot}`;
  constants.push(path);
  return `within(f${slot}, C[${constants.length - 1}])`;
}

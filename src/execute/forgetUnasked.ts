import { fieldsRead } from '../plan/createBuilder.ts';
import type { Plan, Position, ShapeField } from '../plan/Plan.ts';
import { type ErrorNode, errorsBelow } from './ErrorNode.ts';
import type { Run } from './Run.ts';

interface Place {
  readonly position: Position;
  readonly errors: readonly (ErrorNode | undefined)[];
}

/**
 * Drops errors of fields that this object of the answer does not have: a subgraph was asked for them on behalf of another type
 * or under another condition. What keys and requirements are read from stays: something may be missing for its sake.
 */
export function forgetUnasked(
  fields: readonly ShapeField[],
  { position, errors }: Place,
  { plan, run }: { readonly plan: Plan; readonly run: Run },
): void {
  for (const [slot, node] of errors.entries()) {
    for (const [key, child] of node?.children ?? []) {
      const isAsked = fields.some(
        ({ guard, reads }) =>
          (guard === 0 || run.guards[guard] === true) && reads.some((read) => read.slot === slot && read.key === key),
      );
      if (isAsked || isReadInside(plan, position, slot, key)) continue;
      for (const { error } of errorsBelow(child)) error.used = true;
    }
  }
}

const inside = new WeakMap<Plan, ReadonlyMap<Position, ReadonlySet<string>>>();

function isReadInside(plan: Plan, position: Position, slot: number, key: string | number): boolean {
  const known = inside.get(plan) ?? readsInside(plan);
  inside.set(plan, known);
  if (known.get(position)?.has(`${slot} ${key}`) === true) return true;
  const origin = position.slots[slot]?.origin;
  return origin?.kind === 'view' && position.viewOf !== null && isReadInside(plan, position.viewOf, origin.slot, key);
}

/** By position: the slots and keys that representations and arguments are made of. */
function readsInside({ calls }: Plan): ReadonlyMap<Position, ReadonlySet<string>> {
  const found = new Map<Position, Set<string>>();
  const note = (position: Position, slot: number, key: string) => {
    found.set(position, (found.get(position) ?? new Set<string>()).add(`${slot} ${key}`));
    const origin = position.slots[slot]?.origin;
    if (origin?.kind === 'above') note(origin.parent, origin.slot, origin.path[0] ?? key);
  };
  const walk = (fields: readonly ShapeField[], position: Position) => {
    for (const { reads, child } of fields) {
      for (const { slot, key } of reads) note(position, slot, key);
      if (child === null) continue;
      walk(child.fields, child.position);
      for (const branch of new Set(child.branches?.byType.values())) walk(branch.fields, branch.position);
    }
  };
  for (const { sites } of calls) for (const site of sites) walk(fieldsRead(site), site.position);
  return found;
}

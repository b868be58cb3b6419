import { type Builder, guardAt } from './createBuilder.ts';
import { ALWAYS, type Guard } from './guards.ts';
import type { Position, ShapeField } from './Plan.ts';

/** A slot's object is now wanted under this guard, too: so are its call and all that the call's key is read from. */
export function widenSlot(builder: Builder, position: Position, slot: number, guard: Guard): void {
  const origin = position.slots[slot]?.origin;
  if (origin?.kind === 'view' && position.viewOf !== null) widenSlot(builder, position.viewOf, origin.slot, guard);
  if (origin?.kind === 'above') widenSlot(builder, origin.parent, origin.slot, guard);
  if (origin?.kind !== 'entity' && origin?.kind !== 'root') return;
  const { call } = origin;
  const wider = call.guard === null ? guard : builder.guards.or(call.guard, guard);
  if (wider === call.guard) return;
  call.guard = wider;
  for (const site of call.sites) widenFields(builder, site.position, site.representation.slice(0, site.keys), guard);
}

function widenFields(builder: Builder, position: Position, fields: readonly ShapeField[], guard: Guard): void {
  for (const field of fields) {
    for (const { slot, key } of field.reads) {
      const upstream = position.slots[slot]?.node.fields.get(key);
      if (upstream !== undefined)
        upstream.guard = builder.guards.or(
          upstream.guard ?? ALWAYS,
          builder.guards.both(guardAt(builder, position, slot), guard),
        );
      widenSlot(builder, position, slot, guard);
      if (field.required !== null) widenRequirement(builder, position, { slot, required: field.required, guard });
    }
    if (field.child === null) continue;
    widenFields(builder, field.child.position, field.child.fields, guard);
    for (const branch of new Set(field.child.branches?.byType.values()))
      widenFields(builder, branch.position, branch.fields, guard);
  }
}

interface Requirement {
  /** Of the call that was given what is required. */
  readonly slot: number;
  readonly required: readonly ShapeField[];
  readonly guard: Guard;
}

function widenRequirement(builder: Builder, position: Position, { slot, required, guard }: Requirement): void {
  const origin = position.slots[slot]?.origin;
  if (origin?.kind !== 'entity') return;
  for (const site of origin.call.sites)
    for (const given of site.representation.slice(site.keys))
      if (required.some((field) => field.key === given.key)) given.guard = builder.guards.or(given.guard, guard);
  widenFields(builder, position, required, guard);
}

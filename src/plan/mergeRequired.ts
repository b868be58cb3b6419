import { ALWAYS, type GuardTable } from './guards.ts';
import type { Shape, ShapeField } from './Plan.ts';

/** The children that either reads, each wanted while it is for either. */
export function mergeChildren(into: ShapeField, from: ShapeField, guards: GuardTable): void {
  if (into.child === null || from.child === null) return;
  mergeFields(into.child.fields, from.child.fields, guards);
  for (const [type, shape] of from.child.branches?.byType ?? []) {
    const known = into.child.branches?.byType.get(type);
    if (known === undefined) into.child.branches?.byType.set(type, shape);
    else mergeFields(known.fields, shape.fields, guards);
  }
}

function mergeFields(into: ShapeField[], from: readonly ShapeField[], guards: GuardTable): void {
  for (const field of from) {
    const known = into.find((entry) => entry.key === field.key && readsAlike(entry, field));
    if (known === undefined) into.push(field);
    else {
      known.guard = guards.or(known.guard, field.guard);
      mergeChildren(known, field, guards);
    }
  }
}

/** A key is sent whole whenever its call is made, whatever condition it was planned under. */
export function unconditional(field: ShapeField): ShapeField {
  return { ...field, guard: ALWAYS, child: field.child === null ? null : unconditionalShape(field.child) };
}

function unconditionalShape({ position, fields, branches }: Shape): Shape {
  const byType = [...(branches?.byType ?? [])].map(([type, shape]) => [type, unconditionalShape(shape)] as const);
  return {
    position,
    fields: fields.map(unconditional),
    branches: branches === null ? null : { ...branches, byType: new Map(byType) },
  };
}

/** One representation cannot hold one field with two sets of arguments. */
export function conflicts(fields: readonly ShapeField[], others: readonly ShapeField[]): boolean {
  return others.some((other) => {
    const same = fields.filter((field) => field.key === other.key);
    const known = same.find((field) => readsAlike(field, other)) ?? same[0];
    if (known === undefined) return false;
    if (known.args !== other.args || !readsAlike(known, other)) return true;
    if (known.child === null || other.child === null) return false;
    if ((known.child.branches === null) !== (other.child.branches === null)) return true;
    if (conflicts(known.child.fields, other.child.fields)) return true;
    return [...(other.child.branches?.byType ?? [])].some(([type, shape]) => {
      const mine = known.child?.branches?.byType.get(type);
      return mine !== undefined && conflicts(mine.fields, shape.fields);
    });
  });
}

/** From the same objects: else what is there under one condition need not be there under the other. */
export function readsAlike(one: ShapeField, other: ShapeField): boolean {
  if (one.child?.position !== other.child?.position) return false;
  return (
    one.reads.length === other.reads.length &&
    one.reads.every(({ slot, key }, index) => slot === other.reads[index]?.slot && key === other.reads[index]?.key)
  );
}

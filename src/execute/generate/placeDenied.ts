import type { GraphQLError } from 'graphql';
import type { Plan, Shape, ShapeField } from '../../plan/Plan.ts';
import { deniedErrorAt } from '../authorization/deniedError.ts';

/** What generated code puts where a field is denied; it becomes null, with an error at its path. */
export interface DeniedMark {
  readonly denied: ShapeField;
}

/** Response keys that lead to denied fields, for any run-time type. */
interface Way {
  readonly below: Map<string, Way>;
}

/** Replaces the marks in an answer that generated code has made, in the order in which they stand. */
export function createPlaceDenied(plan: Plan): (data: Record<string, unknown>, errors: GraphQLError[]) => void {
  const root: Way = { below: new Map() };
  lead(plan.output, root);
  return (data, errors) => follow(data, root, [], errors);
}

/** Whether the shape leads to a denied field; then the way has it. */
function lead(shape: Shape, way: Way): boolean {
  let leads = false;
  for (const { fields } of [shape, ...(shape.branches?.byType.values() ?? [])])
    for (const { key, kind, child } of fields) {
      const below: Way = way.below.get(key) ?? { below: new Map() };
      if (kind !== 'denied' && (child === null || !lead(child, below))) continue;
      way.below.set(key, below);
      leads = true;
    }
  return leads;
}

function follow(value: unknown, way: Way, path: readonly (string | number)[], errors: GraphQLError[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) follow(item, way, [...path, index], errors);
    return;
  }
  const object = value as Record<string, unknown>;
  for (const [key, below] of way.below) {
    if (!Object.hasOwn(object, key)) continue;
    const inner = object[key];
    if (inner instanceof Mark) {
      errors.push(deniedErrorAt(inner.denied, [...path, key]));
      object[key] = null;
    } else follow(inner, below, [...path, key], errors);
  }
}

class Mark implements DeniedMark {
  readonly denied: ShapeField;

  constructor(denied: ShapeField) {
    this.denied = denied;
  }
}

export function deniedMark(field: ShapeField): DeniedMark {
  return new Mark(field);
}

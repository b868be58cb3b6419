import { GraphQLError } from 'graphql';
import type { Plan, Shape, ShapeField } from '../../plan/Plan.ts';
import type { Caller } from '../Source.ts';
import { deniedError } from './deniedError.ts';

/** Whoever has not said who he is may do so; whoever has cannot help it. */
function httpFor(caller: Caller | undefined) {
  return caller === undefined
    ? { status: 401, headers: { 'www-authenticate': 'Bearer realm="weft"' } }
    : { status: 403 };
}

function withHttp({ message, nodes, extensions }: GraphQLError, caller: Caller | undefined): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { ...extensions, http: httpFor(caller) } });
}

export interface Refusing {
  readonly guards: readonly boolean[];
  readonly caller: Caller | undefined;
  /** Whether it takes a field of the root, which a subscription cannot do without. */
  readonly isRootOnly: boolean;
}

/** One error for each field of the operation that may not be read, under the conditions of this request; of the whole operation. */
export function refuseDenied(plan: Plan, { guards, caller, isRootOnly }: Refusing): readonly GraphQLError[] {
  return [...deniedFields(plan, guards, isRootOnly).values()].map((field) => withHttp(deniedError(field), caller));
}

/** The fields that may not be read, by `Type.field`. */
export function deniedFields(plan: Plan, guards: readonly boolean[], isRootOnly: boolean): Map<string, ShapeField> {
  const found = new Map<string, ShapeField>();
  const seen = new Set<Shape>();
  const visit = (shape: Shape) => {
    if (seen.has(shape)) return;
    seen.add(shape);
    for (const field of shape.fields) {
      if (field.guard !== 0 && guards[field.guard] !== true) continue;
      const coordinate = `${field.on}.${field.name}`;
      if (field.kind === 'denied' && !found.has(coordinate)) found.set(coordinate, field);
      if (field.child !== null && !isRootOnly) visit(field.child);
    }
    for (const branch of shape.branches?.byType.values() ?? []) visit(branch);
  };
  if (plan.denies) visit(plan.output);
  return found;
}

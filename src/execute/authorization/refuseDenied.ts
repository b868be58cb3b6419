import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import type { Plan, Shape, ShapeField } from '../../plan/Plan.ts';
import type { Caller } from '../Source.ts';

/** A field that the caller may not read, as an error of the answer or, without a path, of the whole operation. */
export function deniedError(field: ShapeField, options: GraphQLErrorOptions): GraphQLError {
  return new GraphQLError(`You may not read "${field.on}.${field.name}".`, {
    nodes: field.denied,
    ...options,
    extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', ...options.extensions },
  });
}

/** Whoever has not said who he is may do so; whoever has cannot help it. */
function httpFor(caller: Caller | undefined) {
  return caller === undefined ? { status: 401, headers: { 'www-authenticate': 'Bearer' } } : { status: 403 };
}

export interface Refusing {
  readonly guards: readonly boolean[];
  readonly caller: Caller | undefined;
  /** Whether it takes a field of the root, which a subscription cannot do without. */
  readonly isRootOnly: boolean;
}

/** One error for each field of the operation that may not be read, under the conditions of this request; of the whole operation. */
export function refuseDenied(plan: Plan, { guards, caller, isRootOnly }: Refusing): readonly GraphQLError[] {
  if (!plan.denies) return [];
  const found = new Map<string, GraphQLError>();
  const seen = new Set<Shape>();
  const visit = (shape: Shape) => {
    if (seen.has(shape)) return;
    seen.add(shape);
    for (const field of shape.fields) {
      if (field.guard !== 0 && guards[field.guard] !== true) continue;
      const coordinate = `${field.on}.${field.name}`;
      if (field.kind === 'denied' && !found.has(coordinate))
        found.set(coordinate, deniedError(field, { extensions: { http: httpFor(caller) } }));
      if (field.child !== null && !isRootOnly) visit(field.child);
    }
    for (const branch of shape.branches?.byType.values() ?? []) visit(branch);
  };
  visit(plan.output);
  return [...found.values()];
}

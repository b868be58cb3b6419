import { GraphQLError } from 'graphql';
import type { ShapeField } from '../../plan/Plan.ts';

const known = new WeakMap<ShapeField, GraphQLError>();

/** A field that the caller may not read, as an error of the whole operation: one for each field of a plan. */
export function deniedError(field: ShapeField): GraphQLError {
  const error =
    known.get(field) ??
    new GraphQLError(`You may not read "${field.on}.${field.name}".`, {
      nodes: field.denied,
      extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
    });
  known.set(field, error);
  return error;
}

/** The same at its place in an answer. Only the path is its own: an error of its own for each item of a list takes 8 µs, for the stack that nobody reads. */
export function deniedErrorAt(field: ShapeField, path: readonly (string | number)[]): GraphQLError {
  const error = Object.create(deniedError(field)) as { -readonly [Name in keyof GraphQLError]: GraphQLError[Name] };
  error.path = path;
  // Plugins write into it.
  error.extensions = { ...error.extensions };
  return error;
}

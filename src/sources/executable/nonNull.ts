import { GraphQLNonNull, type GraphQLType } from 'graphql';

/** The type, never null; in the same family (input or output) as what it is made of. */
export function nonNull<T extends GraphQLType>(type: T): T {
  return (type instanceof GraphQLNonNull ? type : new GraphQLNonNull(type)) as T;
}

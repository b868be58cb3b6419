import {
  buildASTSchema,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';

/** A resolver as the demo writes it: its parameters are typed where it is written. */
export type Resolver = (parent: never, args: never) => unknown;

/** By type and field; a subscription's field has the function that gives its events. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolver | { readonly subscribe: Resolver }>>>>;

/** An executable schema from SDL and resolvers. Throws where a resolver has no field, so that the two cannot drift apart. */
export function createBackendSchema(document: DocumentNode, resolvers: Resolvers): GraphQLSchema {
  // Federation's directives are not defined in the files of the services, as usual.
  const schema = buildASTSchema(document, { assumeValidSDL: true });
  for (const [typeName, byField] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    for (const [fieldName, resolver] of Object.entries(byField)) {
      const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
      if (field === undefined)
        throw new Error(`There is a resolver for "${typeName}.${fieldName}", but no such field in the schema.`);
      if (typeof resolver === 'function') field.resolve = adapt(resolver);
      else {
        field.subscribe = adapt(resolver.subscribe);
        field.resolve = (event) => event;
      }
    }
  }
  return schema;
}

function adapt(resolver: Resolver): GraphQLFieldResolver<unknown, unknown> {
  return (parent, args) => resolver(parent as never, args as never);
}

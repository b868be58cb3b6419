import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLEnumType,
  type GraphQLFieldResolver,
  GraphQLSchema,
  getNamedType,
} from 'graphql';
import { mapThings, QUERY, type Store, type Thing } from './createStore.ts';

export type Monolith = (
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
) => Promise<ExecutionResult>;

/** One server with all of the data, which shows what clients may see. */
export function serveMonolith(clientSchema: GraphQLSchema, store: Store): Monolith {
  const config = clientSchema.toConfig();
  const directives = config.directives.filter(({ name }) => name !== 'defer' && name !== 'stream');
  const schema = new GraphQLSchema({ ...config, directives, assumeValid: true });
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
    const thing = (source as Thing | undefined) ?? { ...QUERY, type: info.parentType.name };
    const value = store.read(thing, info.fieldName, args);
    const named = getNamedType(info.returnType);
    if (named instanceof GraphQLEnumType) return visibleValues(value, named);
    // An object of an inaccessible type is null to clients.
    return mapThings(value, (one) => (schema.getType(one.type) === undefined ? null : one));
  };
  return async (document, variableValues) =>
    execute({ schema, document, variableValues, fieldResolver, typeResolver: (value) => (value as Thing).type });
}

function visibleValues(value: unknown, type: GraphQLEnumType): unknown {
  if (Array.isArray(value)) return value.map((item) => visibleValues(item, type));
  return typeof value === 'string' && type.getValue(value) == null ? null : value;
}

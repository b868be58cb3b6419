import {
  buildASTSchema,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  isScalarType,
  isTypeDefinitionNode,
  Kind,
  parse,
} from 'graphql';
import { isRecord } from '../../lib/isRecord.ts';
import type { FieldResolver, ResolverContext, Resolvers, TypeResolvers } from '../../Resolvers.ts';
import { readResolveTo } from '../../supergraph/gatewaySchema/resolveTo.ts';
import type { CallMaker } from './createCallMaker.ts';
import { createResolveTo } from './createResolveTo.ts';

type Fields = GraphQLFieldResolver<unknown, ResolverContext>;

/** The gateway's own schema with its resolvers, ready to be executed; entities are looked up by `_entities`, as in any subgraph. */
export function createResolverSchema(sdl: string, resolvers: Resolvers, calls: CallMaker): GraphQLSchema {
  const document = parse(sdl, { noLocation: true });
  const schema = buildASTSchema(withEntities(document), { assumeValid: true, assumeValidSDL: true });
  for (const node of document.definitions) {
    if (!isTypeDefinitionNode(node)) continue;
    const type = schema.getType(node.name.value);
    const own = resolvers[node.name.value];
    if (isScalarType(type) && own !== undefined) Object.assign(type, scalarFunctions(own));
    const functions = isRecord(own) && !isScalarType(own) ? (own as TypeResolvers) : {};
    if (isAbstractType(type)) type.resolveType = (functions['__resolveType'] as never) ?? typeNameOf;
    if (!isObjectType(type) || node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const field of node.fields ?? []) {
      const definition = type.getFields()[field.name.value];
      if (definition === undefined) continue;
      const given = functions[field.name.value];
      const { resolve, subscribe }: FieldResolver = typeof given === 'function' ? { resolve: given } : (given ?? {});
      const target = readResolveTo(field, () => {});
      if (target !== undefined) definition.resolve = createResolveTo(target, calls) as Fields;
      else if (resolve !== undefined) definition.resolve = resolve as Fields;
      if (subscribe !== undefined) definition.subscribe = subscribe as Fields;
    }
  }
  const entities = schema.getQueryType()?.getFields()['_entities'];
  if (entities !== undefined) entities.resolve = createReferences(resolvers) as Fields;
  return schema;
}

function withEntities(document: DocumentNode): DocumentNode {
  const names = document.definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.directives?.some(({ name }) => name.value === 'entity') === true
      ? [node.name.value]
      : [],
  );
  const roots = document.definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION ? node.operationTypes : [],
  );
  const query = roots.find(({ operation }) => operation === 'query')?.type.name.value ?? 'Query';
  const hasQuery = document.definitions.some((node) => 'name' in node && node.name?.value === query);
  const root = `${hasQuery ? 'extend type' : 'type'} ${query} { ${names.length === 0 ? '_: Boolean' : '_entities(representations: [_Any!]!): [_Entity]!'} }`;
  const more = names.length === 0 ? root : `scalar _Any union _Entity = ${names.join(' | ')} ${root}`;
  return { ...document, definitions: [...document.definitions, ...parse(more, { noLocation: true }).definitions] };
}

/** A reference is the object itself, unless the type's `__resolveReference` makes one of it. */
function createReferences(resolvers: Resolvers) {
  return (
    _root: unknown,
    { representations }: { representations: readonly Readonly<Record<string, unknown>>[] },
    context: ResolverContext,
    info: unknown,
  ) =>
    representations.map((representation) => {
      const own = resolvers[String(representation['__typename'])];
      const resolve = isRecord(own) ? (own as TypeResolvers)['__resolveReference'] : undefined;
      return typeof resolve === 'function'
        ? resolve(representation, context as never, info as never, info as never)
        : representation;
    });
}

/** The functions of a scalar that the configuration brings, by the names of graphql 17 and 16. */
function scalarFunctions(own: object): object {
  const given = own as Readonly<Record<string, unknown>>;
  const functions = {
    coerceOutputValue: given['coerceOutputValue'] ?? given['serialize'],
    coerceInputValue: given['coerceInputValue'] ?? given['parseValue'],
    coerceInputLiteral: given['coerceInputLiteral'],
    parseLiteral: given['parseLiteral'],
    serialize: given['serialize'],
    parseValue: given['parseValue'],
    valueToLiteral: given['valueToLiteral'],
  };
  return Object.fromEntries(Object.entries(functions).filter(([, value]) => value !== undefined));
}

function typeNameOf(value: unknown): string | undefined {
  return isRecord(value) && typeof value['__typename'] === 'string' ? value['__typename'] : undefined;
}

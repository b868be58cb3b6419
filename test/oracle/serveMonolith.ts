import {
  buildASTSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  experimentalExecuteIncrementally,
  type FieldNode,
  GraphQLEnumType,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  Kind,
  legacyExecuteIncrementally,
  parse,
  printSchema,
  type SelectionSetNode,
  type TypeNode,
  visit,
} from 'graphql';
import type { IncrementalFormat } from '../../src/plan/defers.ts';
import { collect } from '../support/incremental.ts';
import type { Part } from '../support/mergeParts.ts';
import { mapThings, QUERY, type Store, type Thing } from './createStore.ts';
import { WrongValue } from './wrongValue.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Of a subscription, `event` is what happened. */
export interface Monolith {
  execute(document: DocumentNode, variables: Variables, event?: Thing): Promise<ExecutionResult>;
  /** The same in parts, where something is deferred or streamed. */
  executeInParts(document: DocumentNode, variables: Variables, format: IncrementalFormat): Promise<readonly Part[]>;
  /** Paths, as JSON, of everything that fails: of a null that bubbles, all that is beside and below it, too. */
  reasons(document: DocumentNode, variables: Variables, event?: Thing): Promise<ReadonlySet<string>>;
}

/** One server with all of the data, which shows what clients may see; a field that all of its nodes deny fails. */
export function serveMonolith(
  clientSchema: GraphQLSchema,
  store: Store,
  isDenied: (nodes: readonly FieldNode[]) => boolean = () => false,
): Monolith {
  const config = clientSchema.toConfig();
  const directives = config.directives.filter(({ name }) => name !== 'defer' && name !== 'stream');
  const schema = new GraphQLSchema({ ...config, directives, assumeValid: true });
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
    if (isDenied(info.fieldNodes)) throw new Error('denied');
    const thing = (source as Thing | undefined) ?? { ...QUERY, type: info.parentType.name };
    const given = { ...args, ...contextArguments(store, thing, info.fieldName) };
    const value = readOrError(store, thing, { name: info.fieldName, args: given });
    const named = getNamedType(info.returnType);
    if (named instanceof GraphQLEnumType) return visibleValues(value, named);
    // An object of an inaccessible type is null to clients.
    return mapThings(value, (one) => (schema.getType(one.type) === undefined ? null : { ...one, above: thing }));
  };
  const typeResolver = (value: unknown) => (value as Thing).type;
  const lenient = withoutNonNull(schema);
  return {
    execute: async (document, variableValues, rootValue) =>
      execute({ schema, document, variableValues, fieldResolver, typeResolver, rootValue }),
    async executeInParts(document, variableValues, format) {
      const run = format === 'legacy' ? legacyExecuteIncrementally : experimentalExecuteIncrementally;
      return collect(await run({ schema: clientSchema, document, variableValues, fieldResolver, typeResolver }));
    },
    async reasons(document, variableValues, rootValue) {
      const found = new Set<string>();
      const noting: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
        const path = arrayOf(info.path);
        const strict = (schema.getType(info.parentType.name) as GraphQLObjectType).getFields()[info.fieldName];
        const value = fieldResolver(source, args, context, info);
        if (strict !== undefined) noteNulls(value, strict.type, path, found);
        return value;
      };
      const result = await execute({
        schema: lenient,
        document: atOnce(document),
        variableValues,
        fieldResolver: noting,
        rootValue,
        typeResolver,
      });
      for (const { path } of result.errors ?? []) found.add(JSON.stringify(path));
      return found;
    },
  };
}

/** What a field's arguments take from the nearest object above that sets their context. */
function contextArguments(store: Store, thing: Thing, field: string): Record<string, unknown> {
  const owners = store.facts.of(thing.type, field)?.owners ?? [];
  const found: Record<string, unknown> = {};
  for (const { graph, field: own } of owners)
    for (const { name, context, selection } of own.contextual) {
      let above = thing.above;
      while (above !== undefined && graph.types.get(above.type)?.contexts.includes(context) !== true)
        above = above.above;
      if (above !== undefined) found[name] = leafOf(store.select(above, selection), depthOf(selection));
    }
  return found;
}

/** `EUR` of `{ currency: { code: 'EUR' } }`, as deep as the selection goes: a scalar may be an object, too. */
function leafOf(selected: unknown, depth: number): unknown {
  if (depth === 0 || typeof selected !== 'object' || selected === null) return selected;
  if (Array.isArray(selected)) return selected.map((item) => leafOf(item, depth));
  return leafOf(Object.values(selected)[0], depth - 1);
}

function depthOf({ selections }: SelectionSetNode): number {
  const [first] = selections;
  if (first?.kind === Kind.INLINE_FRAGMENT) return depthOf(first.selectionSet);
  return first?.kind === Kind.FIELD && first.selectionSet !== undefined ? 1 + depthOf(first.selectionSet) : 1;
}

/** Where one item of a list is wrong, an error stands in its place. */
function readOrError(
  store: Store,
  thing: Thing,
  field: { readonly name: string; readonly args: Record<string, unknown> },
): unknown {
  try {
    return store.read(thing, field.name, field.args);
  } catch (error) {
    if (!(error instanceof WrongValue) || error.index === null) throw error;
    return (error.right as readonly unknown[]).with(error.index, error);
  }
}

function noteNulls(value: unknown, type: GraphQLOutputType, path: readonly unknown[], found: Set<string>): void {
  const isNull = value === null || value === undefined;
  if (isNonNullType(type)) {
    if (isNull) found.add(JSON.stringify(path));
    else noteNulls(value, type.ofType, path, found);
  } else if (isListType(type) && Array.isArray(value))
    for (const [index, item] of value.entries()) noteNulls(item, type.ofType, [...path, index], found);
}

/** The same schema with all output types nullable, so that nothing bubbles. */
function withoutNonNull(schema: GraphQLSchema): GraphQLSchema {
  const document = visit(parse(printSchema(schema), { noLocation: true }), {
    FieldDefinition: (field) => ({ ...field, type: nullable(field.type) }),
  });
  return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
}

/** Nothing of it is deferred or streamed; the same document where nothing is. */
export function atOnce(document: DocumentNode): DocumentNode {
  return visit(document, { Directive: ({ name }) => (/^(defer|stream)$/.test(name.value) ? null : undefined) });
}

function nullable(type: TypeNode): TypeNode {
  if (type.kind === Kind.NON_NULL_TYPE) return nullable(type.type);
  return type.kind === Kind.LIST_TYPE ? { ...type, type: nullable(type.type) } : type;
}

function visibleValues(value: unknown, type: GraphQLEnumType): unknown {
  if (Array.isArray(value)) return value.map((item) => visibleValues(item, type));
  return typeof value === 'string' && type.getValue(value) == null ? null : value;
}

function arrayOf(path: GraphQLResolveInfo['path'] | undefined): (string | number)[] {
  return path === undefined ? [] : [...arrayOf(path.prev), path.key];
}

import assert from 'node:assert/strict';
import {
  buildASTSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLFieldResolver,
  GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type SelectionSetNode,
  validate,
  visit,
} from 'graphql';
import type { AuthorizationOptions } from '../../src/execute/authorization/admit.ts';
import { createExecutor, type Executor } from '../../src/execute/createExecutor.ts';
import type { Caller, Source, SourceRequest, SourceResult } from '../../src/execute/Source.ts';
import { findUnsatisfied } from '../../src/plan/findUnsatisfied.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { speaksComposite } from '../../src/supergraph/composite/compositeWords.ts';
import { directiveArguments, stringArgument } from '../../src/supergraph/directiveArguments.ts';
import { parseFieldSet } from '../../src/supergraph/parseFieldSet.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import type { Subgraph } from '../../src/supergraph/Subgraph.ts';
import type { Supergraph } from '../../src/supergraph/Supergraph.ts';
import { protect } from './protect.ts';
import { readSubgraphs } from './readSubgraphs.ts';

export type Entity = Readonly<Record<string, unknown>>;

/** A field is a value or a function of its arguments and the object that it stands on. */
export interface Data {
  readonly roots: Readonly<Record<string, unknown>>;
  /** By object type. Values of abstract types carry `__typename`. */
  readonly entities?: Readonly<Record<string, readonly Entity[]>>;
}

export interface Sent {
  readonly subgraph: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Pair {
  readonly executor: Executor;
  readonly supergraph: Supergraph;
  readonly schema: GraphQLSchema;
  /** Every request to a subgraph so far. */
  readonly sent: Sent[];
  /** Answers of the gateway to four executions of one document, which must be equal: the third one on comes from generated code. */
  run(
    operation: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly result: ExecutionResult; readonly sent: readonly Sent[] }>;
  /** The same, and equal to what one server with all of the data answers: data, and the paths of errors. */
  compare(
    operation: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly result: ExecutionResult; readonly sent: readonly Sent[] }>;
}

export interface PairOptions {
  /** Stands between the gateway and a subgraph: a reply of its own, or `next()`. */
  readonly intercept?: (
    subgraph: string,
    request: SourceRequest,
    next: () => Promise<SourceResult>,
  ) => Promise<SourceResult>;
  /** Whether subgraphs are not asked again for what they have given; default true. */
  readonly reusesEntities?: boolean;
  readonly subscribe?: (subgraph: string, request: SourceRequest) => AsyncIterable<SourceResult>;
  /** By `Type` and `Type.field`: directives that the supergraph has beside what was composed. */
  readonly protect?: Readonly<Record<string, string>>;
  readonly authorization?: AuthorizationOptions;
  /** Who asks; default nobody in particular. */
  readonly caller?: () => Caller | undefined;
}

/** A field of an object, called if it is a function. */
export function read(object: Entity, field: string, args: Readonly<Record<string, unknown>> = {}): unknown {
  const value = object[field];
  return typeof value === 'function' ? value(args, object) : value;
}

/** The same subgraphs and data twice: behind the gateway, and as one server. */
export function createPair(text: string, data: Data, options: PairOptions = {}): Pair {
  const subgraphs = readSubgraphs(text);
  const composed = compose(subgraphs, { findUnsatisfied });
  assert.ok('sdl' in composed, JSON.stringify('issues' in composed ? composed.issues : []));
  const supergraph = parseSupergraph(protect(composed.sdl, options.protect ?? {}));
  const sent: Sent[] = [];
  const sources = new Map(
    subgraphs.map((subgraph) => [subgraph.name, createSource(subgraph, data, { sent, options })]),
  );
  const executor = createExecutor({ supergraph, sources, authorization: options.authorization });
  const schema = supergraph.clientSchema;
  const oneServer = new GraphQLSchema({
    ...schema.toConfig(),
    directives: schema.getDirectives().filter(({ name }) => name !== 'defer' && name !== 'stream'),
  });
  const run: Pair['run'] = async (operation, variables = {}) => {
    const document = parse(operation);
    assert.deepEqual(validate(schema, document), []);
    const results: ExecutionResult[] = [];
    let last: Sent[] = [];
    for (let n = 0; n < 4; n += 1) {
      const before = sent.length;
      results.push(
        plain(
          await executor.execute({
            document,
            variables,
            context: { headers: new Headers(), caller: options.caller?.() },
          }),
        ),
      );
      last = sent.slice(before);
    }
    const [result, ...others] = results;
    for (const other of others) assert.deepEqual(other, result);
    return { result: result as ExecutionResult, sent: last };
  };
  return {
    executor,
    supergraph,
    schema,
    sent,
    run,
    async compare(operation, variables = {}) {
      const outcome = await run(operation, variables);
      const expected = plain(
        await execute({
          schema: oneServer,
          document: parse(operation),
          rootValue: data.roots,
          variableValues: variables,
          fieldResolver: resolveField,
          typeResolver,
        }),
      );
      assert.deepEqual(outcome.result.data, expected.data);
      assert.deepEqual(errorPaths(outcome.result), errorPaths(expected));
      return outcome;
    },
  };
}

function plain(result: unknown): ExecutionResult {
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
}

export function errorPaths(result: ExecutionResult): string[] {
  return [...new Set((result.errors ?? []).map((error) => JSON.stringify(error.path ?? null)))].sort();
}

const resolveField: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) =>
  read(source as Entity, info.fieldName, args);
const typeResolver = (value: unknown) => (value as Entity)['__typename'] as string;

interface Recording {
  readonly sent: Sent[];
  readonly options: PairOptions;
}

function createSource(subgraph: Subgraph, data: Data, { sent, options }: Recording): Source {
  const known = readSchema(subgraph);
  const { schema, externals } = known;
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
    if (info.fieldName === '_entities')
      return (args['representations'] as Entity[]).map((representation) => lookUp(representation, known, data));
    const object = source as Entity;
    if (externals.has(`${info.parentType.name}.${info.fieldName}`)) {
      const given = object['__given'] as Entity | undefined;
      if (given !== undefined && Object.hasOwn(given, info.fieldName)) return given[info.fieldName];
      throw new Error(`${subgraph.name} does not own ${info.parentType.name}.${info.fieldName}`);
    }
    return read(object, info.fieldName, args);
  };
  const answer = async (request: SourceRequest): Promise<SourceResult> => {
    const document = parse(request.operation.document);
    assert.deepEqual(validate(schema, document), [], `${subgraph.name}: ${request.operation.document}`);
    const result = await execute({
      schema,
      document,
      rootValue: data.roots,
      variableValues: JSON.parse(request.variables),
      fieldResolver,
      typeResolver,
    });
    return JSON.parse(JSON.stringify(result)) as SourceResult;
  };
  return {
    name: subgraph.name,
    reusesEntities: options.reusesEntities ?? true,
    fetch(request) {
      sent.push({
        subgraph: subgraph.name,
        document: request.operation.document,
        variables: JSON.parse(request.variables),
      });
      const next = () => answer(request);
      return options.intercept?.(subgraph.name, request, next) ?? next();
    },
    subscribe(request) {
      sent.push({
        subgraph: subgraph.name,
        document: request.operation.document,
        variables: JSON.parse(request.variables),
      });
      return options.subscribe?.(subgraph.name, request) ?? (async function* () {})();
    },
  };
}

interface Read {
  readonly schema: GraphQLSchema;
  readonly keys: ReadonlyMap<string, readonly SelectionSetNode[]>;
  /** Fields that this subgraph only mentions; none where a path provides some. */
  readonly externals: ReadonlySet<string>;
}

const OWN = new Set(['deprecated', 'oneOf', 'specifiedBy']);

function readSchema({ sdl, definition }: Subgraph): Read {
  const document = parse(sdl);
  const keys = new Map<string, SelectionSetNode[]>();
  const externals = new Set<string>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const own = directiveArguments(node, 'key').map((args) => parseFieldSet(stringArgument(args, 'fields') ?? ''));
    if (own.length > 0) keys.set(node.name.value, own);
    for (const field of node.fields ?? [])
      if (directiveArguments(field, 'external').length > 0) externals.add(`${node.name.value}.${field.name.value}`);
  }
  const stripped = visit(document, {
    SchemaExtension: () => null,
    Directive: (node) => (OWN.has(node.name.value) ? undefined : null),
  }) as DocumentNode;
  const objects = [...keys.keys()].filter((name) =>
    document.definitions.some((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === name),
  );
  const hasEntities = definition.merge === undefined && !speaksComposite(document);
  const machinery =
    objects.length === 0 || !hasEntities
      ? ''
      : `scalar _Any union _Entity = ${objects.join(' | ')} extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`;
  const hasQuery = stripped.definitions.some((node) => (node as ObjectTypeDefinitionNode).name?.value === 'Query');
  const definitions = [
    ...stripped.definitions,
    ...parse(`${hasQuery ? '' : 'type Query { _: Int }'} ${machinery} scalar _None`).definitions,
  ];
  const merged = mergeExtensions(definitions);
  return {
    schema: buildASTSchema({ kind: Kind.DOCUMENT, definitions: merged }, { assumeValidSDL: true }),
    keys,
    externals: /@provides/.test(sdl) ? new Set() : externals,
  };
}

function mergeExtensions(
  definitions: readonly DocumentNode['definitions'][number][],
): DocumentNode['definitions'][number][] {
  const extensions = definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_EXTENSION);
  return definitions.flatMap((node): DocumentNode['definitions'][number][] => {
    if (node.kind === Kind.OBJECT_TYPE_EXTENSION) return [];
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return [node];
    const more = extensions
      .filter((extension) => extension.name.value === node.name.value)
      .flatMap((extension) => extension.fields ?? []);
    return [{ ...node, fields: [...(node.fields ?? []), ...more] }];
  });
}

/** The entity that a representation names, with what the representation brings; null where there is none. */
function lookUp(representation: Entity, { keys, schema, externals }: Read, { entities = {} }: Data): Entity | null {
  const type = String(representation['__typename']);
  const candidates =
    entities[type] ??
    Object.values(entities)
      .flat()
      .filter((entity) => Array.isArray(entity['__is']) && entity['__is'].includes(type));
  for (const key of keys.get(type) ?? []) {
    const found = candidates.find((entity) => matches(key, representation, entity));
    if (found instanceof Error) throw found;
    if (found !== undefined) {
      const { __typename, ...given } = representation;
      const own = String(found['__typename'] ?? type);
      return {
        ...found,
        ...externalsOf(type, given, externals),
        __typename: schema.getType(own) === undefined ? type : own,
        __given: given,
      };
    }
  }
  return null;
}

/** What a resolver finds on its object besides its own fields: what the representation brought. */
function externalsOf(type: string, given: Entity, externals: ReadonlySet<string>): Entity {
  return Object.fromEntries(Object.entries(given).filter(([name]) => externals.has(`${type}.${name}`)));
}

function matches(key: SelectionSetNode, representation: Entity, entity: Entity): boolean {
  return key.selections.every((node) => {
    if (node.kind !== Kind.FIELD) return true;
    const [one, other] = [representation[node.name.value], read(entity, node.name.value)];
    if (one === undefined || other === undefined || one === null || other === null) return false;
    return node.selectionSet === undefined
      ? String(one) === String(other)
      : matches(node.selectionSet, one as Entity, other as Entity);
  });
}

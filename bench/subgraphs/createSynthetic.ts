import {
  buildASTSchema,
  type DocumentNode,
  type ExecutionResult,
  executeSync,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  Kind,
  parse,
  visit,
} from 'graphql';
import type { Answers } from './createAnswers.ts';

interface Thing {
  readonly __typename: string;
  readonly id: string;
}

/**
 * A subgraph without data: what a field has follows from its name, its type and the object's id. Its lists have `first` objects, of
 * which `different` are different (default: all); an object is the one with the id `to` (default: the id of where it stands).
 */
export function createSynthetic(sdl: string): Answers {
  const schema = toExecutable(parse(sdl));
  return {
    of(body) {
      const { query, variables } = JSON.parse(body) as { readonly query: string; readonly variables?: object };
      return JSON.stringify(answer(schema, query, variables));
    },
  };
}

/** What the subgraphs say together: the answer of one server that has all their fields. */
export function answerTogether(sdls: readonly string[], query: string): ExecutionResult {
  const schema = toExecutable(mergeTypes(sdls.map((sdl) => parse(sdl))));
  return JSON.parse(JSON.stringify(answer(schema, query))) as ExecutionResult;
}

function answer(schema: GraphQLSchema, query: string, variables: object = {}): ExecutionResult {
  return executeSync({ schema, document: parse(query), variableValues: { ...variables }, fieldResolver: resolve });
}

const resolve: GraphQLFieldResolver<Partial<Thing> | undefined, unknown> = (source, args, _context, info) => {
  const { fieldName } = info;
  if (fieldName === '_entities') return args['representations'];
  if (source !== undefined && Object.hasOwn(source, fieldName)) return source[fieldName as keyof Thing];
  const named = getNamedType(info.returnType);
  const id = source?.id ?? '1';
  if (!isObjectType(named)) return named.name === 'Int' ? Number(id) : `${fieldName} of ${id}`;
  const thing = (key: number | string): Thing => ({ __typename: named.name, id: String(key) });
  if (!isListType(getNullableType(info.returnType))) return thing((args['to'] as number | undefined) ?? id);
  const first = Number(args['first'] ?? 1);
  const different = Number(args['different'] ?? first);
  return Array.from({ length: first }, (_, index) => thing((index % different) + 1));
};

/** A subgraph's document as a schema that can be executed: without the directives of federation, with `_entities`. */
function toExecutable(document: DocumentNode): GraphQLSchema {
  const entities = document.definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.directives?.some(({ name }) => name.value === 'key')
      ? [node.name.value]
      : [],
  );
  const plain = visit(document, { Directive: () => null, SchemaExtension: () => null });
  if (entities.length === 0) return buildASTSchema(plain, { assumeValid: true });
  const hasQuery = document.definitions.some((node) => 'name' in node && node.name?.value === 'Query');
  const added = parse(
    `scalar _Any union _Entity = ${[...new Set(entities)].join(' | ')}
    ${hasQuery ? 'extend ' : ''}type Query { _entities(representations: [_Any!]!): [_Entity]! }`,
  );
  return buildASTSchema(mergeTypes([plain, added]), { assumeValid: true });
}

/** One document in which types of one name are one type with all their fields. */
function mergeTypes(documents: readonly DocumentNode[]): DocumentNode {
  const merged = new Map<string, DocumentNode['definitions'][number]>();
  for (const node of documents.flatMap(({ definitions }) => definitions)) {
    const name = 'name' in node ? (node.name?.value ?? '') : '';
    const known = merged.get(name);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) {
      if (node.kind !== Kind.SCHEMA_EXTENSION) merged.set(name, node);
      continue;
    }
    const before = known?.kind === Kind.OBJECT_TYPE_DEFINITION ? (known.fields ?? []) : [];
    const names = new Set(before.map((field) => field.name.value));
    const fields = [...before, ...(node.fields ?? []).filter((field) => !names.has(field.name.value))];
    merged.set(name, { ...node, kind: Kind.OBJECT_TYPE_DEFINITION, fields });
  }
  return { kind: Kind.DOCUMENT, definitions: [...merged.values()] };
}

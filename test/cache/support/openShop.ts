import assert from 'node:assert/strict';
import { buildASTSchema, type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql';
import type { CachePolicy } from '../../../src/cache/CachePolicy.ts';
import type { CacheStore } from '../../../src/cache/CacheStore.ts';
import { cacheSource } from '../../../src/cache/cacheSource.ts';
import { type AnswerCache, createAnswerCache } from '../../../src/cache/createAnswerCache.ts';
import { type Cache, createCache } from '../../../src/cache/createCache.ts';
import { createMemoryStore } from '../../../src/cache/createMemoryStore.ts';
import { createNames } from '../../../src/cache/Names.ts';
import { createExecutor } from '../../../src/execute/createExecutor.ts';
import type { Caller, ReplyCaching, Source, SourceContext, SourceResult } from '../../../src/execute/Source.ts';
import { compose } from '../../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../../src/supergraph/parseSupergraph.ts';

type Resolvers = Readonly<Record<string, unknown>>;
type Representation = Readonly<Record<string, unknown>>;

/** What stands for one backend: its schema, and functions that answer. */
export interface Backend {
  readonly sdl: string;
  /** Root fields, of queries and mutations. */
  readonly roots?: Resolvers;
  /** One entity, or null. */
  readonly entity?: (representation: Representation, context: SourceContext) => unknown;
  /** What it says of a reply. */
  readonly caching?: () => ReplyCaching | undefined;
  /** Called before it reads and writes, and before its reply is on the way. */
  readonly before?: (document: string) => Promise<void> | void;
  readonly after?: (document: string) => Promise<void> | void;
}

export interface ShopOptions {
  readonly policy?: Partial<CachePolicy>;
  readonly policies?: Readonly<Record<string, Partial<CachePolicy>>>;
  /** Headers that backends see. */
  readonly sees?: readonly string[];
  readonly now?: () => number;
  /** Whether whole answers are remembered too. */
  readonly whole?: boolean;
  readonly store?: CacheStore;
}

export interface Sent {
  readonly subgraph: string;
  readonly document: string;
  readonly variables: string;
}

export interface Shop {
  readonly sent: Sent[];
  readonly cache: Cache;
  ask(query: string, who?: Who): Promise<unknown>;
  run: ReturnType<typeof createExecutor>['execute'];
  /** Entities that were asked for, by all calls. */
  readonly entities: () => number;
}

export interface Who {
  readonly headers?: Readonly<Record<string, string>>;
  readonly caller?: Caller;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@external", "@requires", "@cacheTag"])\n';
export const CONTROL =
  'enum CacheControlScope { PUBLIC PRIVATE } directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION\n';

/** A graph whose sources are remembered, over backends in this process. */
export function openShop(backends: Readonly<Record<string, Backend>>, options: ShopOptions = {}): Shop {
  const composed = compose(
    Object.entries(backends).map(([name, { sdl }]) => ({
      name,
      url: `http://${name}.example`,
      sdl: LINK + sdl,
      definition: { source: { kind: 'graphql' as const } },
    })),
  );
  assert.ok('sdl' in composed, JSON.stringify(composed));
  const supergraph = parseSupergraph(composed.sdl);
  const now = options.now ?? Date.now;
  const answers: AnswerCache | undefined =
    options.whole === true ? createAnswerCache({ maxSize: 1e7, now, copies: false }) : undefined;
  const parts = options.store ?? createMemoryStore({ maxSize: 1e7, now });
  const store: CacheStore = {
    read: (keys) => parts.read(keys),
    write: (entries, mark) => parts.write(entries, mark),
    invalidate(tags) {
      answers?.invalidate(tags);
      return parts.invalidate(tags);
    },
  };
  const cache = createCache({ store, now });
  const sent: Sent[] = [];
  const documents = new Map<string, DocumentNode>();
  // As a gateway does: an operation is prepared once.
  const documentOf = (query: string): DocumentNode => {
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    return document;
  };
  const sources = Object.entries(backends).map(([name, backend]) => {
    const policy = { enabled: true, scope: 'visible' as const, ...options.policy, ...options.policies?.[name] };
    const source = toSource(name, backend, { sent, sees: options.sees ?? [] });
    return cacheSource(source, { cache, names: createNames(name, supergraph), policy, invalidates: true });
  });
  const { execute: run } = createExecutor({
    supergraph,
    sources: new Map(sources.map((source) => [source.name, source])),
    memory: answers,
    tellsFreshness: true,
  });
  return {
    sent,
    cache,
    run,
    entities: () =>
      sent.reduce((sum, { variables }) => {
        const { representations } = JSON.parse(variables) as { representations?: unknown[] };
        return sum + (representations?.length ?? 0);
      }, 0),
    async ask(query, { headers = {}, caller, variables } = {}) {
      const context = { headers: new Headers(headers), caller };
      const { data, errors } = await run({ document: documentOf(query), variables, context });
      return JSON.parse(JSON.stringify(errors === undefined ? data : { data, errors })) as unknown;
    },
  };
}

interface SourceOptions {
  readonly sent: Sent[];
  readonly sees: readonly string[];
}

function toSource(name: string, backend: Backend, { sent, sees }: SourceOptions): Source {
  const schema = runnable(backend.sdl);
  return {
    name,
    visible: ({ headers }) => JSON.stringify(sees.map((header) => headers.get(header))),
    async fetch({ operation, variables, context }) {
      sent.push({ subgraph: name, document: operation.document, variables });
      await backend.before?.(operation.document);
      const rootValue = {
        ...backend.roots,
        _entities: ({ representations }: { representations: readonly Representation[] }) =>
          representations.map((representation) => {
            const entity = backend.entity?.(representation, context);
            return entity === null || entity instanceof Error
              ? entity
              : { __typename: representation['__typename'], ...(entity as object) };
          }),
      };
      const result = await execute({
        schema,
        document: parse(operation.document),
        variableValues: JSON.parse(variables) as Resolvers,
        rootValue,
        contextValue: context,
      });
      await backend.after?.(operation.document);
      const caching = backend.caching?.();
      const plain = JSON.parse(JSON.stringify(result)) as SourceResult;
      return caching === undefined ? plain : { ...plain, caching: [caching] };
    },
  };
}

function runnable(sdl: string): GraphQLSchema {
  const document = parse(sdl);
  const entities = document.definitions.flatMap((node) =>
    node.kind === 'ObjectTypeDefinition' && node.directives?.some(({ name }) => name.value === 'key') === true
      ? [node.name.value]
      : [],
  );
  const more =
    entities.length === 0
      ? ''
      : `scalar _Any union _Entity = ${entities.join(' | ')} extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`;
  const query = /type Query\b/.test(sdl) ? '' : 'type Query { _unused: Int }';
  return buildASTSchema(parse(`${sdl}\n${query}\n${more}`), { assumeValid: true, assumeValidSDL: true });
}

/**
 * A source over a GraphQL schema whose root fields call a backend. Acts where the executor fetches from it or subscribes to it.
 * A caller sees GraphQL results; what the backend refused or failed to answer is an error at the root field concerned.
 */
import { defaultFieldResolver, execute, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import type { ReplyCaching, Source, SourceContext, SourceRequest, SourceResult } from '../../execute/Source.ts';
import type { SubgraphDefinition } from '../../supergraph/Subgraph.ts';
import { unreachable } from '../../upstream/toUpstreamError.ts';
import { openSubscription, type UpstreamSubscription } from '../graphql/openSubscription.ts';
import { createDocumentCache } from './createDocumentCache.ts';
import { createReadScope, type ReadScope } from './createReadScope.ts';
import { pairLookups } from './pairLookups.ts';
import type { RootCall } from './RootCall.ts';
import { readSubscription } from './readSubscription.ts';
import { toSourceResult } from './toSourceResult.ts';

/** Where a stream of the backend goes. After `end` the rest is ignored. */
export interface EventSink {
  push(event: unknown): void;
  end(failure?: { readonly error: unknown }): void;
}

export interface ExecutableSourceOptions {
  readonly name: string;
  /** Root fields have no resolvers: `call` and `stream` answer them. */
  readonly schema: GraphQLSchema;
  readonly merge?: SubgraphDefinition['merge'];
  readonly visible?: Source['visible'];
  /** Rejects with a `GatewayError`. */
  call(call: RootCall): Promise<unknown>;
  /** Absent where the backend cannot push. */
  stream?(call: RootCall, sink: EventSink): UpstreamSubscription;
  close?(): void;
}

interface Scope {
  readonly request: SourceRequest;
  readonly event?: unknown;
}

/** Makes the source. Reads of one `SourceContext` are deduped and batched; a mutation makes the context forget them. */
export function createExecutableSource(options: ExecutableSourceOptions): Source {
  const { name, schema } = options;
  const toDocument = createDocumentCache();
  const { fieldResolver, notesOf } = createRootResolver(options);
  const run = async (scope: Scope): Promise<SourceResult> => {
    const { operation, variables } = scope.request;
    const result = await execute({
      schema,
      document: toDocument(operation),
      variableValues: JSON.parse(variables) as Record<string, unknown>,
      contextValue: scope,
      fieldResolver,
    });
    const notes = scope.request.operation.kind === 'query' ? notesOf(scope.request.context) : [];
    const answer = toSourceResult(name, result);
    return notes.every((note) => note === NOTHING) ? answer : { ...answer, caching: notes };
  };
  const open = new Set<(error: unknown) => void>();
  const source: Source = {
    name,
    ...(options.visible === undefined ? {} : { visible: options.visible }),
    fetch: async (request) => {
      request.signal?.throwIfAborted();
      return run({ request });
    },
    async close() {
      for (const end of [...open]) {
        end(unreachable(name, 'the gateway has closed its connections'));
      }
      options.close?.();
    },
  };
  const { stream } = options;
  if (stream === undefined) {
    return source;
  }
  return {
    ...source,
    subscribe: (request) =>
      openSubscription({
        signal: request.signal,
        open,
        start(sink) {
          const variables = JSON.parse(request.variables) as Record<string, unknown>;
          const root = readSubscription(schema, toDocument(request.operation), variables);
          // Events are executed one after the other, so that they stay in order and the end comes last.
          let last = Promise.resolve();
          const { context, signal } = request;
          return stream(
            { type: 'Subscription', ...root, context, signal },
            {
              push(event) {
                last = last
                  .then(async () => sink.push(await run({ request, event })))
                  .catch((error: unknown) => sink.end({ error }));
              },
              end(failure) {
                last.then(
                  () => sink.end(failure),
                  (error: unknown) => sink.end({ error }),
                );
              },
            },
          );
        },
      }),
  };
}

/** Of a reply that says nothing on caching. */
const NOTHING: ReplyCaching = {};

interface Reads {
  readonly scope: ReadScope;
  /** Of all reads of the context: one that is answered by an earlier one is no better than that. */
  readonly notes: ReplyCaching[];
}

interface RootResolver {
  readonly fieldResolver: GraphQLFieldResolver<unknown, Scope>;
  readonly notesOf: (context: SourceContext) => readonly ReplyCaching[];
}

function createRootResolver(options: ExecutableSourceOptions): RootResolver {
  const { schema, call } = options;
  const scopes = new WeakMap<SourceContext, Reads>();
  const pairs = pairLookups(options.merge);
  const readField = (typeName: string, field: string, item: unknown): unknown => {
    const type = schema.getType(typeName);
    const resolve = isObjectType(type) ? type.getFields()[field]?.resolve : undefined;
    // The resolvers of converted fields read their first argument only.
    return resolve === undefined
      ? (item as Record<string, unknown>)[field]
      : resolve(item, {}, undefined, null as never);
  };
  const scopeOf = (context: SourceContext): ReadScope => {
    let reads = scopes.get(context);
    if (reads === undefined) {
      const notes: ReplyCaching[] = [];
      const noting = (root: RootCall) => call({ ...root, note: (caching) => void notes.push(caching ?? NOTHING) });
      reads = { scope: createReadScope({ pairs, call: noting, readField }), notes };
      scopes.set(context, reads);
    }
    return reads.scope;
  };
  const notesOf: RootResolver['notesOf'] = (context) => scopes.get(context)?.notes ?? [];
  const fieldResolver: RootResolver['fieldResolver'] = (parent, args, scope, info) => {
    const { context, signal } = scope.request;
    const root = { field: info.fieldName, args, context, signal };
    switch (info.parentType) {
      case schema.getQueryType():
        return scopeOf(context).load({ type: 'Query', ...root });
      case schema.getMutationType():
        scopes.delete(context);
        return call({ type: 'Mutation', ...root }).finally(() => scopes.delete(context));
      case schema.getSubscriptionType():
        return scope.event;
      default:
        return defaultFieldResolver(parent, args, scope, info);
    }
  };
  return { fieldResolver, notesOf };
}

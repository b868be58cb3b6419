/**
 * The gateway itself as a source: its own schema, executed here by resolvers of the configuration.
 * Where: beside the sources of the subgraphs, one a generation of the graph, because it asks that very generation.
 * What a client sees of a failed resolver: a `GraphQLError` as it was thrown; everything else is masked and reported.
 */
import { defaultFieldResolver, type ExecutionResult, execute, type GraphQLFieldResolver, subscribe } from 'graphql';
import { maskError } from '../../errors/maskError.ts';
import type { Source, SourceError, SourceRequest, SourceResult } from '../../execute/Source.ts';
import type { ResolverContext, Resolvers } from '../../Resolvers.ts';
import { createDocumentCache } from '../executable/createDocumentCache.ts';
import { codeOf, toPlain } from '../executable/toSourceResult.ts';
import { createCallMaker } from './createCallMaker.ts';
import { createResolverSchema } from './createResolverSchema.ts';
import type { ResolverPorts } from './ResolverPorts.ts';
import { createResolverContext } from './resolverContext.ts';

export interface ResolverSourceOptions {
  readonly name: string;
  readonly sdl: string;
  readonly resolvers: Resolvers;
  readonly ports: ResolverPorts;
}

export function createResolverSource({ name, sdl, resolvers, ports }: ResolverSourceOptions): Source {
  const calls = createCallMaker(ports, name);
  const schema = createResolverSchema(sdl, resolvers, calls);
  const toDocument = createDocumentCache();
  const fieldResolver: GraphQLFieldResolver<unknown, ResolverContext> = (object, args, context, info) =>
    typeof object === 'object' && object !== null && calls.isDelegated(object)
      ? (object as Readonly<Record<string, unknown>>)[String(info.path.key)]
      : defaultFieldResolver(object, args, context, info);
  const argsOf = (request: SourceRequest) => ({
    schema,
    document: toDocument(request.operation),
    variableValues: JSON.parse(request.variables) as Record<string, unknown>,
    contextValue: createResolverContext(request, { ports, calls }),
    fieldResolver,
    ...(request.signal === undefined ? {} : { abortSignal: request.signal }),
  });
  return {
    name,
    async fetch(request) {
      request.signal?.throwIfAborted();
      return toResult(await execute(argsOf(request)), ports);
    },
    async *subscribe(request) {
      const events = await subscribe(argsOf(request));
      if (!(Symbol.asyncIterator in events)) {
        yield toResult(events, ports);
        return;
      }
      for await (const event of events) yield toResult(event, ports);
    },
  };
}

function toResult({ data, errors }: ExecutionResult, { report }: ResolverPorts): SourceResult {
  const part = data === undefined ? {} : { data: toPlain(data) as SourceResult['data'] };
  return errors === undefined ? part : { ...part, errors: errors.map((error) => toError(error, report)) };
}

function toError(error: NonNullable<ExecutionResult['errors']>[number], report: (error: unknown) => void): SourceError {
  const own = codeOf(error);
  // graphql-js's own words, though they come in a plain `Error`.
  const masked = own === 'NULL_VALUE' ? error : maskError(error, report);
  const extensions =
    'code' in masked.extensions || own === 'INTERNAL_SERVER_ERROR'
      ? masked.extensions
      : { ...masked.extensions, code: own };
  return { message: masked.message, ...(error.path === undefined ? {} : { path: error.path }), extensions };
}

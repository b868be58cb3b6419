import type { HeaderRules } from '../config/Config.ts';
import type { Source } from '../execute/Source.ts';
import type { SourceDefinition, SubgraphDefinition } from '../supergraph/Subgraph.ts';
import type { HttpClient } from '../upstream/HttpClient.ts';
import { closingDoors } from './closingDoors.ts';
import type { Flights } from './createFlights.ts';
import type { SubgraphCredentials } from './credentials/SubgraphCredentials.ts';
import { createGraphqlSource } from './graphql/createGraphqlSource.ts';
import { sourceMerge } from './sourceMerge.ts';

export interface SourceOptions {
  readonly name: string;
  readonly url: string;
  /** The subgraph's schema in its own names; needed by the kinds that are executed here (REST, gRPC). */
  readonly sdl?: string | undefined;
  readonly definition: SubgraphDefinition;
  readonly headers: HeaderRules;
  readonly credentials?: SubgraphCredentials | undefined;
  /** Milliseconds for one call. */
  readonly timeout: number;
  /** Connections to the origin at most; default: the client's. */
  readonly connections?: number | undefined;
  /** Belongs to the caller: a source's `close` leaves it open. */
  readonly http: HttpClient;
  /** The same with a cache in front, for REST; absent where nothing is remembered. */
  readonly cachedHttp?: HttpClient | undefined;
  /** Of all sources together: a write to one of them may show in another. */
  readonly flights?: Flights | undefined;
  /** Whether equal queries share one request; default true. */
  readonly deduplicate?: boolean | undefined;
  /** Of GraphQL subgraphs: whether an entity that it has given in a query is not asked for again in it; default true. */
  readonly reusesEntities?: boolean | undefined;
}

export type CreateSource = (options: SourceOptions) => Source;

/**
 * What makes the run-time sources of subgraphs of these kinds: the only switch on their kind. Resolves when the code of the kinds is loaded;
 * most graphs have no gRPC, whose libraries take 50 ms and 20 MB.
 */
export async function createSourceFactory(kinds: ReadonlySet<SourceDefinition['kind']>): Promise<CreateSource> {
  const grpc = kinds.has('grpc') ? await import('./grpc/createGrpcSource.ts') : undefined;
  const openapi = kinds.has('openapi') ? await import('./openapi/createOpenapiSource.ts') : undefined;

  const sourceOf = (options: SourceOptions): Source => {
    const { definition, name, url, headers, credentials, timeout, connections, http } = options;
    const { source } = definition;
    const own = { ...definition, merge: sourceMerge(definition) };
    if (source.kind === 'graphql')
      return createGraphqlSource({
        name,
        url,
        headers,
        credentials,
        timeout,
        connections,
        http,
        subscriptions: source.subscriptions,
        flights: options.deduplicate === false ? undefined : options.flights,
        reusesEntities: options.reusesEntities,
      });
    if (source.kind === 'grpc' && grpc !== undefined)
      return grpc.createGrpcSource({ name, url, definition: own, headers, credentials, timeout });
    if (source.kind === 'openapi' && openapi !== undefined)
      return openapi.createOpenapiSource({
        name,
        url,
        definition: own,
        headers,
        credentials,
        timeout,
        connections,
        http: options.cachedHttp ?? http,
      });
    const why = source.kind === 'resolvers' ? 'is resolved by the gateway itself' : `is of kind "${source.kind}"`;
    throw new Error(`The subgraph "${name}" ${why}; no source is made for that here.`);
  };
  return (options) => {
    const source = sourceOf(options);
    return options.flights === undefined ? source : closingDoors(source, options.flights);
  };
}

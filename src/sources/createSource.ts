import type { HeaderRules } from '../config/Config.ts';
import type { Source } from '../execute/Source.ts';
import type { SubgraphDefinition } from '../supergraph/Subgraph.ts';
import type { HttpClient } from '../upstream/HttpClient.ts';
import { closingDoors } from './closingDoors.ts';
import type { Flights } from './createFlights.ts';
import { createGraphqlSource } from './graphql/createGraphqlSource.ts';
import { createGrpcSource } from './grpc/createGrpcSource.ts';
import { createOpenapiSource } from './openapi/createOpenapiSource.ts';
import { sourceMerge } from './sourceMerge.ts';

export interface SourceOptions {
  readonly name: string;
  readonly url: string;
  /** The subgraph's schema in its own names; needed by the kinds that are executed here (REST, gRPC). */
  readonly sdl?: string | undefined;
  readonly definition: SubgraphDefinition;
  readonly headers: HeaderRules;
  /** Milliseconds for one call. */
  readonly timeout: number;
  /** Connections to the origin at most; default: the client's. */
  readonly connections?: number | undefined;
  /** Belongs to the caller: a source's `close` leaves it open. */
  readonly http: HttpClient;
  /** Of all sources together: a write to one of them may show in another. */
  readonly flights?: Flights | undefined;
  /** Whether equal queries share one request; default true. */
  readonly deduplicate?: boolean | undefined;
}

/** Makes the run-time source of a subgraph: the only switch on its kind. */
export function createSource(options: SourceOptions): Source {
  const source = sourceOf(options);
  return options.flights === undefined ? source : closingDoors(source, options.flights);
}

function sourceOf(options: SourceOptions): Source {
  const { definition, name, url, headers, timeout, connections, http } = options;
  const { source } = definition;
  const own = { ...definition, merge: sourceMerge(definition) };
  switch (source.kind) {
    case 'graphql':
      return createGraphqlSource({
        name,
        url,
        headers,
        timeout,
        connections,
        http,
        subscriptions: source.subscriptions,
        flights: options.deduplicate === false ? undefined : options.flights,
      });
    case 'resolvers':
      throw new Error(`The gateway's own schema, "${name}", has no backend.`);
    case 'grpc':
      return createGrpcSource({ name, url, definition: own, headers, timeout });
    case 'openapi':
      return createOpenapiSource({ name, url, definition: own, headers, timeout, connections, http });
  }
}

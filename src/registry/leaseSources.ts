import type { Config } from '../config/Config.ts';
import type { Flights } from '../sources/createFlights.ts';
import type { CreateSource, SourceOptions } from '../sources/createSourceFactory.ts';
import type { SubgraphCredentials } from '../sources/credentials/SubgraphCredentials.ts';
import type { SubgraphInfo, Supergraph } from '../supergraph/Supergraph.ts';
import type { HttpClient } from '../upstream/HttpClient.ts';
import type { SourceLease, SourcePool } from './createSourcePool.ts';

export interface LeaseOptions {
  readonly config: Config;
  readonly http: HttpClient;
  /** For sources of REST services. */
  readonly cachedHttp?: HttpClient | undefined;
  readonly flights: Flights;
  readonly pool: SourcePool;
  readonly createSource: CreateSource;
  readonly credentialsOf?: CredentialsOf | undefined;
}

export type CredentialsOf = (subgraph: string) => SubgraphCredentials | undefined;

/** A source for every subgraph of the supergraph that has a backend. Throws what a source's factory throws, then nothing is leased. */
export function leaseSources(supergraph: Supergraph, options: LeaseOptions): Map<string, SourceLease> {
  const { http, cachedHttp, flights, pool, createSource, credentialsOf } = options;
  const leases = new Map<string, SourceLease>();
  try {
    for (const [name, settings] of sourceSettings(supergraph, options.config, credentialsOf)) {
      leases.set(
        name,
        pool.lease(JSON.stringify(settings), () => createSource({ ...settings, http, cachedHttp, flights })),
      );
    }
    return leases;
  } catch (error) {
    for (const lease of leases.values()) lease.release();
    throw error;
  }
}

type SourceSettings = Omit<SourceOptions, 'http' | 'cachedHttp' | 'flights'>;

/** What the sources of a supergraph are made of, by subgraph; two that are equal in this can be one. */
export function sourceSettings(
  supergraph: Supergraph,
  config: Config,
  credentialsOf: CredentialsOf = () => undefined,
): Map<string, SourceSettings> {
  const backends = supergraph.subgraphs.filter(({ definition }) => definition.source.kind !== 'resolvers');
  return new Map(backends.map((subgraph) => [subgraph.name, settingsOf(subgraph, config, credentialsOf)]));
}

function settingsOf(
  { name, url, definition }: SubgraphInfo,
  config: Config,
  credentialsOf: CredentialsOf,
): SourceSettings {
  const own = config.subgraphs.find((entry) => entry.name === name);
  const shaping = own?.traffic_shaping ?? config.traffic_shaping.all;
  const { source } = definition;
  const subscriptions = source.kind === 'graphql' ? own?.subscriptions : undefined;
  return {
    name,
    url: own?.url ?? url,
    definition:
      subscriptions === undefined ? definition : { ...definition, source: { kind: 'graphql', subscriptions } },
    headers: own?.headers ?? config.headers,
    credentials: credentialsOf(name),
    timeout: shaping.timeout,
    connections: shaping.connections,
    deduplicate: shaping.deduplicate_query,
    reusesEntities: shaping.reuse_entities,
  };
}

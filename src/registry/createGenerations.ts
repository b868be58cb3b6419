import type { Config } from '../config/Config.ts';
import type { Resolvers } from '../Resolvers.ts';
import { createFlights } from '../sources/createFlights.ts';
import type { CreateSource } from '../sources/createSourceFactory.ts';
import type { Siblings } from '../sources/Siblings.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { HttpClient } from '../upstream/HttpClient.ts';
import { createSnapshot } from './createSnapshot.ts';
import { createSourcePool } from './createSourcePool.ts';
import { type CredentialsOf, leaseSources, sourceSettings } from './leaseSources.ts';
import type { Snapshot } from './Snapshot.ts';

export interface Generations {
  readonly current: Snapshot | undefined;
  /** Makes this the current generation, by one assignment; false where the current one is just the same. Throws what `createSource` throws. */
  serve(supergraph: Supergraph, config: Config, createSource: CreateSource): boolean;
  onSwap(listener: (snapshot: Snapshot) => void): () => void;
  close(): Promise<void>;
}

export interface GenerationsOptions {
  readonly http: HttpClient;
  /** For sources of REST services. */
  readonly cachedHttp?: HttpClient | undefined;
  readonly siblings?: Siblings | undefined;
  readonly credentialsOf?: CredentialsOf | undefined;
  readonly report: (message: string, error: unknown) => void;
}

const NONE: Resolvers = {};

export function createGenerations(options: GenerationsOptions): Generations {
  const { http, cachedHttp, siblings, credentialsOf, report } = options;
  const flights = createFlights(siblings);
  const pool = createSourcePool((name, error) => report(`The source of subgraph "${name}" did not close:`, error));
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let current: Snapshot | undefined;
  let fingerprint: string | undefined;

  return {
    get current() {
      return current;
    },
    serve(supergraph, config, createSource) {
      const sharesAnswers = config.traffic_shaping.router.deduplicate_query;
      const settings = [...sourceSettings(supergraph, config, credentialsOf)];
      const next = JSON.stringify([supergraph.sdl, settings, config.override_labels, sharesAnswers]);
      const resolvers = config.additionalResolvers ?? NONE;
      if (next === fingerprint && resolvers === current?.resolvers) return false;
      const leases = leaseSources(supergraph, {
        config,
        http,
        cachedHttp,
        flights,
        pool,
        createSource,
        credentialsOf,
      });
      const snapshot = createSnapshot({
        id: (current?.id ?? 0) + 1,
        supergraph,
        resolvers,
        overrideRules: config.override_labels,
        flights,
        sharesAnswers,
        leases,
      });
      const replaced = current;
      current = snapshot;
      fingerprint = next;
      replaced?.release();
      for (const listener of listeners) {
        try {
          listener(snapshot);
        } catch (error) {
          report('A listener of swaps failed:', error);
        }
      }
      return true;
    },
    onSwap(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      await pool.close();
    },
  };
}

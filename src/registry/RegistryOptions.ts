import type { Config } from '../config/Config.ts';
import type { Log } from '../lib/Log.ts';
import type { CreateSource } from '../sources/createSourceFactory.ts';
import type { Siblings } from '../sources/Siblings.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { HttpClient } from '../upstream/HttpClient.ts';
import type { Clock } from './Clock.ts';
import type { LoadSubgraph } from './createLoader.ts';

export interface RegistryOptions {
  readonly config: Config;
  /** Reads the configuration again; rejects with an `IssuesError`. Absent: it never changes. */
  readonly readConfig?: (() => Promise<Config>) | undefined;
  readonly log: Log;
  /** Told of the graph that is served, with each new one and with each configuration that was read. */
  readonly onGraph?: ((supergraph: Supergraph) => void) | undefined;
  /** Other processes that serve the same graph. */
  readonly siblings?: Siblings | undefined;
  /** Belongs to the caller. Default: an own one, closed with the registry. */
  readonly http?: HttpClient | undefined;
  /** What stands between the sources of REST services and that client: a cache. */
  readonly cacheHttp?: ((http: HttpClient) => HttpClient) | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  /** Default: that of src/sources; tests bring their own. */
  readonly loadSubgraph?: LoadSubgraph | undefined;
  readonly createSource?: CreateSource | undefined;
}

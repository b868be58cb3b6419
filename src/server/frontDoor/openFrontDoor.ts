/**
 * What: the plugins that stand between clients and the graph, with what they need from outside (Redis, files, key sets). Where: once a gateway.
 * A caller sees only what the configuration has; nothing else is loaded.
 */
import type { Config, RateLimitConfig } from '../../config/Config.ts';
import type { Source } from '../../execute/Source.ts';
import type { Log } from '../../lib/Log.ts';
import type { DemandTotals } from '../../plugins/demand/DemandTotals.ts';
import type { FrontDoorPlugins } from '../../plugins/gatewayPlugins.ts';
import { useAddressGuard } from '../../plugins/useAddressGuard.ts';
import type { Siblings } from '../../sources/Siblings.ts';
import type { RedisConnection } from '../../stores/openRedis.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';

import { addressRules } from './addressRules.ts';
import type { FrontDoorPorts } from './openAuthentication.ts';
import type { DemandControl } from './openDemandControl.ts';
import type { RateLimits } from './openRateLimits.ts';
import type { ResponseCache } from './openResponseCache.ts';

export interface FrontDoorShared {
  readonly siblings?: Siblings | undefined;
  /** Whether somebody may change an answer after it was given: plugins of an embedder. */
  readonly copies?: boolean | undefined;
  /** Headers of clients that rules of the gateway itself look at. */
  readonly varyOn?: readonly string[] | undefined;
}

export interface FrontDoor {
  readonly plugins: FrontDoorPlugins;
  /** Stands around each source, where calls of subgraphs are limited or counted. */
  readonly wrapSource?: ((source: Source, supergraph: Supergraph) => Source) | undefined;
  /** What operations and calls have cost since the start, where that is counted. */
  readonly demandTotals?: DemandTotals | undefined;
  readonly cache?: ResponseCache | undefined;
  /** Texts of operations that will be asked for. */
  readonly expected?: (() => Iterable<string>) | undefined;
  /** Takes over what can change without restart: limits. Rejects with an `IssuesError`, and the current ones stay. */
  update?(config: FrontDoorConfig): Promise<void>;
  /** For /ready: how limits are counted. */
  status?(): Readonly<Record<string, unknown>> | undefined;
  close(): Promise<void>;
}

export type FrontDoorConfig = Pick<
  Config,
  'addresses' | 'authentication' | 'persisted_documents' | 'demand_control' | 'rate_limit' | 'response_cache' | 'redis'
>;

export async function openFrontDoor(
  config: FrontDoorConfig,
  log: Log,
  shared: FrontDoorShared = {},
): Promise<FrontDoor> {
  const closers: (() => void | Promise<void>)[] = [];
  const redis = await openStore(config, log);
  const ports = { log, redis, now: Date.now, onClose: (close: () => void | Promise<void>) => void closers.push(close) };
  const close = async (): Promise<void> => {
    await Promise.all(closers.map((closer) => closer()));
    await redis?.[Symbol.asyncDispose]();
  };
  try {
    const { addresses, authentication, persisted_documents: documents, demand_control: demand } = config;
    const limits = config.rate_limit && (await openLimits(config.rate_limit, ports));
    const cache =
      config.response_cache?.enabled === true
        ? await (await import('./openResponseCache.ts')).openResponseCache(config.response_cache, {
            ...ports,
            ...shared,
          })
        : undefined;
    const persisted =
      documents && (await (await import('./openPersistedDocuments.ts')).openPersistedDocuments(documents, ports));
    const costs =
      demand?.enabled === true ? await (await import('./openDemandControl.ts')).openDemandControl(demand) : undefined;
    const plugins: FrontDoorPlugins = {
      addresses: addresses && useAddressGuard(addressRules(addresses)),
      authentication:
        authentication && (await (await import('./openAuthentication.ts')).openAuthentication(authentication, ports)),
      persistedDocuments: persisted?.plugin,
      cacheHeaders: cache?.plugin,
      demandControl: costs?.plugin,
      rateLimit: limits?.plugin,
    };
    const update = async (next: FrontDoorConfig): Promise<void> => {
      await limits?.update(next);
      if (limits === undefined && next.rate_limit !== undefined)
        log.warn('The configuration has a section "rate_limit" now; it takes effect with the next start.');
    };
    const status = () => (limits === undefined ? undefined : { rateLimit: limits.status });
    return {
      plugins,
      wrapSource: aroundSources(limits, costs),
      demandTotals: costs?.totals,
      cache,
      expected: persisted?.expected,
      update,
      status,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a limit refuses costs nothing. */
function aroundSources(limits: RateLimits | undefined, costs: DemandControl | undefined): FrontDoor['wrapSource'] {
  if (limits === undefined) return costs?.costSource;
  if (costs === undefined) return limits.limitSource;
  return (source, supergraph) => limits.limitSource(costs.costSource(source, supergraph));
}

async function openLimits(config: RateLimitConfig, { log, redis, onClose }: FrontDoorPorts): Promise<RateLimits> {
  const { openRateLimits } = await import('./openRateLimits.ts');
  const limits = await openRateLimits(config, { log, redis });
  onClose(() => limits[Symbol.dispose]());
  return limits;
}

async function openStore({ redis }: Pick<Config, 'redis'>, log: Log): Promise<RedisConnection | undefined> {
  if (redis === undefined) return undefined;
  const { openRedis } = await import('../../stores/openRedis.ts');
  return openRedis(redis, log);
}

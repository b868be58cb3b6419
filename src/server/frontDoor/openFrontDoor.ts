/**
 * What: the plugins that stand between clients and the graph, with what they need from outside (Redis, files, key sets). Where: once a gateway.
 * A caller sees only what the configuration has; nothing else is loaded.
 */
import type { Config, SecurityConfig } from '../../config/Config.ts';
import type { RateLimitConfig } from '../../config/RateLimitConfig.ts';
import type { Source } from '../../execute/Source.ts';
import type { Log } from '../../lib/Log.ts';
import type { Metric } from '../../lib/Metric.ts';
import type { DemandTotals } from '../../plugins/demand/DemandTotals.ts';
import type { FrontDoorPlugins } from '../../plugins/gatewayPlugins.ts';
import { useAddressGuard } from '../../plugins/useAddressGuard.ts';
import type { Siblings } from '../../sources/Siblings.ts';
import type { RedisConnection } from '../../stores/openRedis.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';
import type { AccessLog } from '../accessLog/AccessLog.ts';
import { addressRules } from './addressRules.ts';
import { createGraphWarnings } from './createGraphWarnings.ts';
import { demandMetrics } from './demandMetrics.ts';
import { limiterMetrics } from './limiterMetrics.ts';
import type { FrontDoorPorts } from './openAuthentication.ts';
import type { OpenBlockedOperations } from './openBlockedOperations.ts';
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
  readonly accessLog?: AccessLog | undefined;
  /** Stands around each source, where calls of subgraphs are limited or counted. */
  readonly wrapSource?: ((source: Source, supergraph: Supergraph) => Source) | undefined;
  /** What operations and calls have cost since the start, where that is counted. */
  readonly demandTotals?: DemandTotals | undefined;
  readonly cache?: ResponseCache | undefined;
  /** Texts of operations that will be asked for. */
  readonly expected?: (() => Iterable<string>) | undefined;
  /** Takes over what can change without restart: limits. Rejects with an `IssuesError`, and the current ones stay. */
  update?(config: FrontDoorConfig): Promise<void>;
  /** Says in the log what the configuration names and the graph that is served does not have. */
  readonly checkGraph?: ((supergraph: Supergraph) => void) | undefined;
  /** For /ready: how limits are counted. */
  status?(): Readonly<Record<string, unknown>> | undefined;
  readonly metrics?: readonly Metric[] | undefined;
  close(): Promise<void>;
}

export type FrontDoorConfig = Pick<
  Config,
  | 'access_logs'
  | 'addresses'
  | 'authentication'
  | 'security'
  | 'threat_protection'
  | 'persisted_documents'
  | 'demand_control'
  | 'rate_limit'
  | 'response_cache'
  | 'redis'
  | 'tls'
  | 'public_url'
  | 'trusted_hops'
>;

export async function openFrontDoor(
  config: FrontDoorConfig,
  log: Log,
  shared: FrontDoorShared = {},
): Promise<FrontDoor> {
  const closers: (() => void | Promise<void>)[] = [];
  const redis = await openStore(config, log);
  const ports: FrontDoorPorts = {
    log,
    redis,
    now: Date.now,
    asksClients: config.tls?.client_auth !== undefined,
    public_url: config.public_url,
    trusted_hops: config.trusted_hops,
    hasSiblings: shared.siblings !== undefined,
    onClose: (close: () => void | Promise<void>) => void closers.push(close),
  };
  const close = async (): Promise<void> => {
    await Promise.all(closers.map((closer) => closer()));
    await redis?.[Symbol.asyncDispose]();
  };
  try {
    const { addresses, authentication, persisted_documents: documents, demand_control: demand } = config;
    const limits = config.rate_limit && (await openLimits(config.rate_limit, ports, authentication !== undefined));
    const blocked = config.security && (await openSecurity(config.security));
    const threats =
      config.threat_protection &&
      (await (await import('./openThreatProtection.ts')).openThreatProtection(config.threat_protection, ports));
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
    const { access_logs: access } = config;
    const accessLog =
      access?.enabled === true
        ? await (await import('../accessLog/openAccessLog.ts')).openAccessLog({ ...config, access_logs: access }, log)
        : undefined;
    if (accessLog !== undefined) closers.push(() => accessLog.close());
    const plugins: FrontDoorPlugins = {
      accessLog: accessLog?.plugin,
      addresses: addresses && useAddressGuard(addressRules(addresses)),
      authentication:
        authentication &&
        (await (
          await import('./openAuthentication.ts')
        ).openAuthentication(authentication, {
          ...ports,
          onFailure: limits?.front?.failed,
        })),
      frontLimits: limits?.front?.plugin,
      persistedDocuments: persisted?.plugin,
      blockedOperations: blocked?.plugin,
      threatProtection: threats?.plugin,
      cacheHeaders: cache?.plugin,
      demandControl: costs?.plugin,
      rateLimit: limits?.plugin,
    };
    const graph = createGraphWarnings(config, log);
    const update = async (next: FrontDoorConfig): Promise<void> => {
      // All of them, or none where one is wrong.
      const taking = await Promise.all([
        limits?.prepare(next.rate_limit),
        blocked?.prepare(next.security),
        threats?.prepare(next.threat_protection),
      ]);
      for (const take of taking) take?.();
      graph.update(next);
      warnOfNewSections(config, next, log);
    };
    const metrics = [
      ...(limits === undefined ? [] : limiterMetrics(limits)),
      ...(costs === undefined ? [] : demandMetrics(costs.totals)),
      ...(cache?.metrics ?? []),
    ];
    const status = () => (limits === undefined ? undefined : { rateLimit: limits.status });
    return {
      plugins,
      accessLog,
      wrapSource: aroundSources(limits, costs),
      demandTotals: costs?.totals,
      cache,
      expected: persisted?.expected,
      update,
      checkGraph: graph.check,
      status,
      metrics,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function warnOfNewSections(config: FrontDoorConfig, next: FrontDoorConfig, log: Log): void {
  for (const name of ['rate_limit', 'security', 'threat_protection'] as const)
    if (config[name] === undefined && next[name] !== undefined)
      log.warn(`The configuration has a section "${name}" now; it takes effect with the next start.`);
}

/** What a limit refuses costs nothing. */
function aroundSources(limits: RateLimits | undefined, costs: DemandControl | undefined): FrontDoor['wrapSource'] {
  if (limits === undefined) return costs?.costSource;
  if (costs === undefined) return limits.limitSource;
  return (source, supergraph) => limits.limitSource(costs.costSource(source, supergraph));
}

async function openLimits(
  config: RateLimitConfig,
  { log, redis, onClose }: FrontDoorPorts,
  authenticates: boolean,
): Promise<RateLimits> {
  const { openRateLimits } = await import('./openRateLimits.ts');
  const limits = await openRateLimits(config, { log, redis, authenticates });
  onClose(() => limits[Symbol.dispose]());
  return limits;
}

async function openSecurity(config: SecurityConfig): Promise<OpenBlockedOperations> {
  return (await import('./openBlockedOperations.ts')).openBlockedOperations(config);
}

async function openStore({ redis }: Pick<Config, 'redis'>, log: Log): Promise<RedisConnection | undefined> {
  if (redis === undefined) return undefined;
  const { openRedis } = await import('../../stores/openRedis.ts');
  return openRedis(redis, log);
}

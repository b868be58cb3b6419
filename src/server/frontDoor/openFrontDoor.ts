/**
 * What: the plugins that stand between clients and the graph, with what they need from outside (Redis, files, key sets). Where: once a gateway.
 * A caller sees only what the configuration has; nothing else is loaded.
 */
import type { Config } from '../../config/Config.ts';
import type { Log } from '../../lib/Log.ts';
import type { FrontDoorPlugins } from '../../plugins/gatewayPlugins.ts';
import type { Siblings } from '../../sources/Siblings.ts';
import type { RedisConnection } from '../../stores/openRedis.ts';
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
  readonly cache?: ResponseCache | undefined;
  close(): Promise<void>;
}

export async function openFrontDoor(
  config: Pick<Config, 'authentication' | 'persisted_documents' | 'demand_control' | 'redis' | 'response_cache'>,
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
    const {
      authentication,
      persisted_documents: documents,
      demand_control: demand,
      response_cache: remembered,
    } = config;
    const cache =
      remembered?.enabled === true
        ? await (await import('./openResponseCache.ts')).openResponseCache(remembered, { ...ports, ...shared })
        : undefined;
    const plugins: FrontDoorPlugins = {
      authentication:
        authentication && (await (await import('./openAuthentication.ts')).openAuthentication(authentication, ports)),
      persistedDocuments:
        documents && (await (await import('./openPersistedDocuments.ts')).openPersistedDocuments(documents, ports)),
      cacheHeaders: cache?.plugin,
      demandControl: demand && (await (await import('./openDemandControl.ts')).openDemandControl(demand)),
    };
    return { plugins, cache, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openStore({ redis }: Pick<Config, 'redis'>, log: Log): Promise<RedisConnection | undefined> {
  if (redis === undefined) return undefined;
  const { openRedis } = await import('../../stores/openRedis.ts');
  return openRedis(redis, log);
}

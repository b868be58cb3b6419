/**
 * What: the plugins that stand between clients and the graph, with what they need from outside (Redis, files, key sets). Where: once a gateway.
 * A caller sees only what the configuration has; nothing else is loaded.
 */
import type { Config } from '../../config/Config.ts';
import type { Log } from '../../lib/Log.ts';
import type { FrontDoorPlugins } from '../../plugins/gatewayPlugins.ts';
import { useAddressGuard } from '../../plugins/useAddressGuard.ts';
import type { RedisConnection } from '../../stores/openRedis.ts';
import { addressRules } from './addressRules.ts';

export interface FrontDoor {
  readonly plugins: FrontDoorPlugins;
  close(): Promise<void>;
}

export async function openFrontDoor(
  config: Pick<Config, 'addresses' | 'authentication' | 'persisted_documents' | 'demand_control' | 'redis'>,
  log: Log,
): Promise<FrontDoor> {
  const closers: (() => void)[] = [];
  const redis = await openStore(config, log);
  const ports = { log, redis, now: Date.now, onClose: (close: () => void) => void closers.push(close) };
  const close = async (): Promise<void> => {
    for (const closer of closers) closer();
    await redis?.[Symbol.asyncDispose]();
  };
  try {
    const { addresses, authentication, persisted_documents: documents, demand_control: demand } = config;
    const plugins: FrontDoorPlugins = {
      addresses: addresses && useAddressGuard(addressRules(addresses)),
      authentication:
        authentication && (await (await import('./openAuthentication.ts')).openAuthentication(authentication, ports)),
      persistedDocuments:
        documents && (await (await import('./openPersistedDocuments.ts')).openPersistedDocuments(documents, ports)),
      demandControl: demand && (await (await import('./openDemandControl.ts')).openDemandControl(demand)),
    };
    return { plugins, close };
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

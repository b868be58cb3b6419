/**
 * What: API keys that several gateways share, each as JSON under `api-key:<hash>`. Where: a store of the API key method.
 * A caller sees a key that was taken back refused within a second; while Redis is away, keys that were seen lately go on.
 */
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../errors/GatewayError.ts';
import type { Caller } from '../execute/Source.ts';
import { isRecord } from '../lib/isRecord.ts';
import { type KeyStore, keyToCaller } from '../plugins/authentication/KeyStore.ts';
import type { RedisConnection } from './openRedis.ts';

interface Known {
  readonly caller: Caller | undefined;
  readonly askedAt: number;
}

/** Milliseconds for which an answer of Redis holds. */
const FRESH = 800;
/** From this age on it is asked again behind the back of who comes. */
const AGEING = 400;
/** For which a key goes on while Redis is away. */
const LAST = 60 * 60_000;

export function createRedisKeys(redis: RedisConnection, now: () => number): KeyStore {
  const known = new LRUCache<string, Known>({ max: 100_000 });
  const asking = new Map<string, Promise<Caller | undefined>>();
  const ask = async (hash: string): Promise<Caller | undefined> => {
    const askedAt = now();
    const last = known.get(hash);
    try {
      const caller = readKey(await redis.client.get(`${redis.prefix}api-key:${hash}`), hash);
      known.set(hash, { caller, askedAt });
      return caller;
    } catch (error) {
      if (last !== undefined && askedAt - last.askedAt < LAST) return last.caller;
      throw new GatewayError('AUTHENTICATION_UNAVAILABLE', 'API keys cannot be looked up at the moment.', {
        cause: error,
      });
    } finally {
      asking.delete(hash);
    }
  };
  const askOnce = (hash: string): Promise<Caller | undefined> => {
    const under = asking.get(hash) ?? ask(hash);
    asking.set(hash, under);
    return under;
  };
  return {
    find(hash) {
      const found = known.get(hash);
      const age = found === undefined ? Number.POSITIVE_INFINITY : now() - found.askedAt;
      if (found === undefined || age >= FRESH) return askOnce(hash);
      if (age >= AGEING) askOnce(hash).catch(() => undefined);
      return found.caller;
    },
  };
}

/** A record that is malformed is no key. */
function readKey(text: string | null, hash: string): Caller | undefined {
  if (text === null) return undefined;
  const value: unknown = parseJson(text);
  if (!isRecord(value) || typeof value['consumer'] !== 'string' || value['consumer'] === '') return undefined;
  const { consumer, plan, scopes, attributes, expires } = value;
  return keyToCaller({
    hash,
    consumer,
    ...(typeof plan === 'string' ? { plan } : {}),
    ...(Array.isArray(scopes) ? { scopes: scopes.filter((scope) => typeof scope === 'string') } : {}),
    ...(isRecord(attributes) ? { attributes } : {}),
    ...(typeof expires === 'string' ? { expires: Date.parse(expires) || 0 } : {}),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

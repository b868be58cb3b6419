/**
 * What: texts of automatic persisted queries that several gateways share, under `apq:<hash>`. Where: behind the memory of each.
 * A caller sees a text that it has sent to any of them; while Redis is away, it is asked to send it again.
 */
import { hashOf } from '../plugins/hashOf.ts';
import type { DocumentStore } from '../plugins/persistedDocuments/usePersistedDocuments.ts';
import type { RedisConnection } from './openRedis.ts';

/** `ttl` in milliseconds. */
export function createRedisDocuments({ client, prefix }: RedisConnection, ttl: number): DocumentStore {
  return {
    async find(hash) {
      const text = await client.get(`${prefix}apq:${hash}`).catch(() => null);
      // Others may write there: a text that is not of this hash would be somebody's else under its name.
      return text !== null && (await hashOf(text)) === hash ? text : undefined;
    },
    add(hash, text) {
      client.set(`${prefix}apq:${hash}`, text, 'PX', Math.ceil(ttl)).catch(() => undefined);
    },
  };
}

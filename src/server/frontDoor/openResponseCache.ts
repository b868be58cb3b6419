/**
 * What: what remembers answers and their parts, with its stores and the ways to invalidate. Where: once a gateway, where the configuration has `response_cache`.
 * A caller sees parts forgotten in this process and, over Redis or its siblings, in all others.
 */

import type { CachePolicy } from '../../cache/CachePolicy.ts';
import type { CacheStore } from '../../cache/CacheStore.ts';
import { cacheSource } from '../../cache/cacheSource.ts';
import { createAnswerCache } from '../../cache/createAnswerCache.ts';
import { createCache } from '../../cache/createCache.ts';
import { createMemoryStore, type MemoryStore } from '../../cache/createMemoryStore.ts';
import { createTwoLevels } from '../../cache/createTwoLevels.ts';
import { cacheHttp } from '../../cache/http/cacheHttp.ts';
import { createNames, type Names } from '../../cache/Names.ts';
import { withHttp } from '../../cache/tags.ts';
import type { ResponseCacheConfig, SubgraphCacheConfig } from '../../config/ResponseCacheConfig.ts';
import type { SourceContext } from '../../execute/Source.ts';
import type { Metric } from '../../lib/Metric.ts';
import type { GatewayPlugin } from '../../plugins/GatewayPlugin.ts';
import { useCacheHeaders } from '../../plugins/useCacheHeaders.ts';
import type { RedisConnection } from '../../stores/openRedis.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';
import type { HttpClient } from '../../upstream/HttpClient.ts';
import type { SnapshotCache } from '../createSnapshotStore.ts';
import { cacheMetrics } from './cacheMetrics.ts';
import type { FrontDoorPorts } from './openAuthentication.ts';
import type { FrontDoorShared } from './openFrontDoor.ts';

export interface ResponseCache extends SnapshotCache {
  readonly plugin?: GatewayPlugin | undefined;
  readonly metrics: readonly Metric[];
  /** Between REST sources and what reaches their backends. */
  cacheHttp(http: HttpClient): HttpClient;
}

export async function openResponseCache(
  config: ResponseCacheConfig,
  ports: FrontDoorPorts & FrontDoorShared,
): Promise<ResponseCache> {
  const { now, redis, siblings, log, onClose } = ports;
  const { max_size: maxSize, whole_operations: isWhole, invalidation } = config;
  const memory = createMemoryStore({ maxSize: isWhole ? maxSize / 2 : maxSize, now });
  const answers = isWhole ? createAnswerCache({ maxSize: maxSize / 2, now, copies: ports.copies === true }) : undefined;
  const forget = (tags: readonly string[]): void => {
    cache.closeDoors();
    answers?.invalidate(tags);
    memory.invalidate(tags);
  };
  const forgetAll = (): void => {
    cache.closeDoors();
    answers?.clear();
    memory.clear();
  };
  const parts =
    config.redis && redis !== undefined ? await withRedis(memory, redis, { now, forget, forgetAll }) : memory;
  const store: CacheStore = {
    read: (keys) => parts.read(keys),
    write: (entries, mark) => parts.write(entries, mark),
    invalidate(tags) {
      answers?.invalidate(tags);
      return parts.invalidate(withHttp(tags));
    },
  };
  const cache = createCache({ store, now });
  // They say that something was written, not what: what is remembered here could be older.
  siblings?.onWritten(forgetAll);
  const policies = await createPolicies(config.subgraph);
  const names = new WeakMap<Supergraph, Map<string, Names>>();
  const namesOf = (subgraph: string, supergraph: Supergraph): Names => {
    const known = names.get(supergraph) ?? new Map<string, Names>();
    names.set(supergraph, known);
    const found = known.get(subgraph) ?? createNames(subgraph, supergraph);
    known.set(subgraph, found);
    return found;
  };
  if (invalidation.shared_key !== undefined) {
    const { openInvalidation } = await import('../admin/openInvalidation.ts');
    const invalidate = async (tags: readonly string[]): Promise<number> => {
      const count = await cache.invalidate(tags);
      // Mutations tell them by themselves.
      await siblings?.tellWritten();
      return count;
    };
    const options = { ...invalidation, shared_key: invalidation.shared_key };
    const server = await openInvalidation(options, { cache: { invalidate }, log });
    onClose(() => server.close());
  }
  return {
    memory: answers,
    metrics: cacheMetrics({ parts: cache.counts, memory, answers }),
    cacheHttp: (http) => cacheHttp(http, { cache, policyOf: policies }),
    plugin: config.headers
      ? useCacheHeaders({ forCdn: config.cdn_cache_control, varyOn: ports.varyOn, now })
      : undefined,
    wrap: (source, supergraph) =>
      cacheSource(source, {
        cache,
        names: namesOf(source.name, supergraph),
        policy: policies(source.name),
        invalidates: invalidation.on_mutation,
      }),
  };
}

interface Forgetting {
  readonly now: () => number;
  readonly forget: (tags: readonly string[]) => void;
  readonly forgetAll: () => void;
}

async function withRedis(
  memory: MemoryStore,
  redis: RedisConnection,
  { now, forget, forgetAll }: Forgetting,
): Promise<CacheStore> {
  const { createRedisCache } = await import('../../stores/createRedisCache.ts');
  return createTwoLevels(memory, createRedisCache({ redis, now, onInvalidated: forget, onGap: forgetAll }));
}

async function createPolicies({
  all,
  subgraphs,
}: ResponseCacheConfig['subgraph']): Promise<(name: string) => CachePolicy> {
  const common = await toPolicy(all);
  const named = new Map<string, CachePolicy>();
  for (const [name, own] of Object.entries(subgraphs)) named.set(name, await toPolicy({ ...all, ...own }));
  return (name) => named.get(name) ?? common;
}

async function toPolicy(settings: SubgraphCacheConfig): Promise<CachePolicy> {
  const { enabled = true, ttl, negative_ttl: negativeTtl, scope = 'visible', private_id: source } = settings;
  const privateId = source === undefined ? undefined : await toPrivateId(source);
  return { enabled, ttl, negativeTtl, scope, privateId };
}

async function toPrivateId(source: string): Promise<NonNullable<CachePolicy['privateId']>> {
  const { compileExpression } = await import('../../expressions/compileExpression.ts');
  const evaluate = compileExpression(source, 'string');
  return (context: SourceContext) => {
    try {
      return evaluate(context);
    } catch {
      // What it speaks of is not there: nobody in particular asks.
      return undefined;
    }
  };
}

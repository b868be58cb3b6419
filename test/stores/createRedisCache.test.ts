import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheEntry } from '../../src/cache/CacheStore.ts';
import { createMemoryStore } from '../../src/cache/createMemoryStore.ts';
import { createTwoLevels } from '../../src/cache/createTwoLevels.ts';
import { createRedisCache } from '../../src/stores/createRedisCache.ts';
import { openRedis } from '../../src/stores/openRedis.ts';
import { hasRedis, startRedis } from './support/startRedis.ts';

const log = { info() {}, warn() {}, error() {} };

function entryOf(value: unknown, tags: readonly string[] = []): CacheEntry {
  return { value, tags, expires: Date.now() + 60_000, stored: Date.now(), isPrivate: false };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 800; tries += 1) {
    if (await condition()) return;
    await sleep(5);
  }
  assert.fail('not within four seconds');
}

async function openNode(url: string) {
  const redis = await openRedis({ url, namespace: 'test', timeout: 300 }, log);
  const memory = createMemoryStore({ maxSize: 1e6, now: Date.now });
  const heard: string[][] = [];
  const onInvalidated = (tags: readonly string[]) => {
    heard.push([...tags]);
    memory.invalidate(tags);
  };
  const opened = Promise.withResolvers<void>();
  const onGap = () => {
    memory.clear();
    opened.resolve();
  };
  const far = createRedisCache({ redis, now: Date.now, onInvalidated, onGap });
  await opened.promise;
  const store = createTwoLevels(memory, far);
  const valueAt = async (key: string) => (await store.read([key])).entries[0]?.value;
  const put = async (key: string, entry: CacheEntry) => store.write([{ key, entry }], (await store.read([key])).mark);
  return { redis, memory, far, store, heard, valueAt, put, [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose]() };
}

describe('a cache that gateways share over Redis', {
  skip: hasRedis ? false : 'needs redis-server',
  timeout: 30_000,
}, () => {
  it('gives one gateway what another has read, and forgets it in both', async () => {
    await using server = await startRedis();
    await using one = await openNode(server.url);
    await using two = await openNode(server.url);
    await one.put('a', entryOf({ n: 1 }, ['x']));
    await until(async () => (await two.valueAt('a')) !== undefined);
    assert.deepEqual(await two.valueAt('a'), { n: 1 });
    assert.equal(two.memory.read(['a']).entries.length, 1);
    const start = performance.now();
    assert.equal(await one.store.invalidate(['x']), 1);
    await until(() => two.heard.length === 1);
    assert.ok(performance.now() - start < 100);
    assert.equal(await one.valueAt('a'), undefined);
    assert.equal(await two.valueAt('a'), undefined);
  });

  it('does not take in what another gateway invalidated while it was under way', async () => {
    await using server = await startRedis();
    await using one = await openNode(server.url);
    await using two = await openNode(server.url);
    const { mark } = await one.far.read(['a']);
    await two.store.invalidate(['x']);
    one.far.write([{ key: 'a', entry: entryOf(1, ['x']) }], mark);
    one.far.write([{ key: 'b', entry: entryOf(2, ['y']) }], mark);
    await until(async () => (await two.valueAt('b')) === 2);
    assert.equal(await two.valueAt('a'), undefined);
    // Read after that, it is.
    await one.put('a', entryOf(3, ['x']));
    await until(async () => (await two.valueAt('a')) === 3);
  });

  it('finds nothing while Redis is away, and goes on by itself, with what was invalidated meanwhile', async () => {
    await using server = await startRedis();
    await using one = await openNode(server.url);
    await using two = await openNode(server.url);
    await one.put('a', entryOf(1, ['x']));
    await until(async () => (await two.valueAt('a')) === 1);
    await server.kill();
    await until(() => !one.redis.isUp && !two.redis.isUp);
    assert.equal(await one.valueAt('other'), undefined);
    // The entry of its own memory is good until its end.
    assert.equal(await two.valueAt('a'), 1);
    assert.equal(await one.store.invalidate(['x']), 1);
    await server.restart();
    await until(async () => (await two.valueAt('a')) === undefined);
    await until(() => one.redis.isUp);
    await until(async () => {
      await one.put('b', entryOf(2, ['y']));
      return (await two.valueAt('b')) === 2;
    });
  });

  it('is not waited for while it is frozen, and what was invalidated meanwhile is gone after', async () => {
    await using server = await startRedis();
    await using one = await openNode(server.url);
    await using two = await openNode(server.url);
    await one.put('a', entryOf(1, ['x']));
    await until(async () => (await two.valueAt('a')) === 1);
    server.freeze();
    // The first finds out; the others do not wait.
    assert.equal(await one.valueAt('b'), undefined);
    const start = performance.now();
    for (let n = 0; n < 20; n += 1) assert.equal(await one.valueAt('b'), undefined);
    assert.equal(await one.store.invalidate(['x']), 1);
    assert.ok(performance.now() - start < 200);
    server.thaw();
    await until(async () => {
      await one.valueAt('c');
      return (await two.valueAt('a')) === undefined;
    });
    await until(async () => {
      await one.put('b', entryOf(2, ['y']));
      return (await two.valueAt('b')) === 2;
    });
  });

  it('takes what is none of its own for nothing', async () => {
    await using server = await startRedis();
    await using one = await openNode(server.url);
    await one.redis.client.mset('test:cache:a', 'no json', 'test:cache:b', '{"v":1}', 'test:cache:c', 'null');
    assert.deepEqual((await one.store.read(['a', 'b', 'c'])).entries, [undefined, undefined, undefined]);
    await one.redis.client.publish('test:cache-invalidated', 'no json');
    await one.redis.client.publish('test:cache-invalidated', 'null');
    await until(() => one.heard.length === 2);
  });

  it('ends with its time in Redis too', async () => {
    await using server = await startRedis();
    await using one = await openNode(server.url);
    const entry = { ...entryOf(1, ['x']), expires: Date.now() + 5_000 };
    await one.put('a', entry);
    await until(async () => (await one.redis.client.pttl('test:cache:a')) > 0);
    assert.ok((await one.redis.client.pttl('test:cache:a')) <= 5_000);
    assert.ok((await one.redis.client.pttl('test:cache-tag:x')) <= 5_000);
  });
});

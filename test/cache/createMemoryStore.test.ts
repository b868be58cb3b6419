import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CacheEntry } from '../../src/cache/CacheStore.ts';
import { createMemoryStore } from '../../src/cache/createMemoryStore.ts';
import { createTagTimes } from '../../src/cache/createTagTimes.ts';

function entryOf(value: unknown, tags: readonly string[] = [], expires = 1_000): CacheEntry {
  return { value, tags, expires, stored: 0, isPrivate: false };
}

describe('the store in memory', () => {
  it('has an entry until its time is over', () => {
    let time = 0;
    const store = createMemoryStore({ maxSize: 10_000, now: () => time });
    store.write([{ key: 'a', entry: entryOf(1) }], store.read(['a']).mark);
    time = 999;
    assert.equal(store.read(['a', 'b']).entries[0]?.value, 1);
    time = 1_000;
    assert.deepEqual(store.read(['a', 'b']).entries, [undefined, undefined]);
    assert.equal(store.size, 0);
  });

  it('forgets by tag, and says how many', () => {
    const store = createMemoryStore({ maxSize: 10_000, now: () => 0 });
    const { mark } = store.read([]);
    const keyed = [
      { key: 'a', entry: entryOf(1, ['x', 'y']) },
      { key: 'b', entry: entryOf(2, ['y']) },
      { key: 'c', entry: entryOf(3, ['z']) },
    ];
    store.write(keyed, mark);
    assert.equal(store.invalidate(['x', 'y']), 2);
    assert.deepEqual(
      store.read(['a', 'b', 'c']).entries.map((entry) => entry?.value),
      [undefined, undefined, 3],
    );
    assert.equal(store.invalidate(['x', 'y']), 0);
  });

  it('does not take in what was under way when one of its tags was invalidated', () => {
    const store = createMemoryStore({ maxSize: 10_000, now: () => 0 });
    const { mark } = store.read(['a', 'b']);
    store.invalidate(['x']);
    const keyed = [
      { key: 'a', entry: entryOf(1, ['x']) },
      { key: 'b', entry: entryOf(2, ['y']) },
    ];
    store.write(keyed, mark);
    assert.deepEqual(
      store.read(['a', 'b']).entries.map((entry) => entry?.value),
      [undefined, 2],
    );
    store.clear();
    store.write(keyed, mark);
    assert.deepEqual(store.read(['a', 'b']).entries, [undefined, undefined]);
  });

  it('keeps to its bytes, and forgets what was not asked for longest', () => {
    const store = createMemoryStore({ maxSize: 5_000, now: () => 0 });
    const { mark } = store.read([]);
    const text = 'x'.repeat(600);
    for (let n = 0; n < 10; n += 1) {
      store.write([{ key: `k${n}`, entry: entryOf(text, ['t']) }], mark);
      store.read(['k0']);
    }
    assert.ok(store.size <= 5_000 && store.size > 3_500, String(store.size));
    assert.equal(store.read(['k0']).entries[0]?.value, text);
    assert.equal(store.read(['k1']).entries[0], undefined);
    store.write([{ key: 'large', entry: entryOf('x'.repeat(9_000), ['t']) }], mark);
    assert.equal(store.read(['large']).entries[0], undefined);
    assert.equal(store.read(['k0']).entries[0]?.value, text);
    // What was thrown away has left the lists of its tags.
    assert.ok(store.invalidate(['t']) < 8);
  });

  it('counts the bytes that entries really take', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const store = createMemoryStore({ maxSize: 1e9, now: () => 0 });
    const { mark } = store.read([]);
    const product = (n: number) =>
      JSON.parse(
        JSON.stringify({
          __typename: 'Product',
          upc: `upc-${n}`,
          name: `A product with the number ${n}`,
          price: n + 0.5,
          stock: n,
          tags: ['one', `two-${n}`],
          maker: { id: `m${n}`, name: `Maker of ${n}` },
        }),
      ) as unknown;
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < 20_000; n += 1) {
      const tags = ['subgraph:a', 'type:a:Product', `key:Product:id=${n}`];
      store.write([{ key: `key-of-an-entry-of-usual-length-${n}`, entry: entryOf(product(n), tags) }], mark);
    }
    collect();
    const real = process.memoryUsage().heapUsed - before;
    const ratio = store.size / real;
    assert.ok(ratio > 0.75 && ratio < 1.35, `counted ${store.size}, really ${real}`);
  });
});

describe('the times of tags', () => {
  it('takes what is not known any more for invalidated', () => {
    const times = createTagTimes(2);
    const before = times.now();
    times.note(['a']);
    times.note(['b']);
    assert.equal(times.areAfter(['c'], before), false);
    times.note(['d']);
    assert.equal(times.areAfter(['c'], before), true);
    assert.equal(times.areAfter(['a', 'b', 'c', 'd'], times.now()), false);
    assert.equal(times.areAfter(['d'], times.now() - 1), true);
  });
});

/** One of the stores of `manyKeys.ts`, in a process of its own: told a number, it takes in as many different keys, and says what memory is used then. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMemoryStore } from '../../src/cache/createMemoryStore.ts';
import { createMemoryDocuments } from '../../src/plugins/persistedDocuments/createMemoryDocuments.ts';
import { createMemoryLimiter } from '../../src/plugins/rateLimit/createMemoryLimiter.ts';
import type { RatePolicy } from '../../src/plugins/rateLimit/Limiter.ts';

const MB = 1024 * 1024;
const makers: Readonly<Record<string, () => (n: number) => unknown>> = {
  limits() {
    const limiter = createMemoryLimiter({ maxKeys: 100_000 });
    const policy: RatePolicy = {
      kind: 'rate',
      id: 'each',
      name: 'each',
      unit: 'requests',
      rate: 10,
      window: 60_000,
      burst: 10,
    };
    return (n) => limiter.take([{ policy, key: `caller-${n}`, quantity: 1 }]);
  },
  parts() {
    const store = createMemoryStore({ maxSize: 64 * MB, now: Date.now });
    const expires = Date.now() + 3_600_000;
    return (n) => {
      const value = { id: String(n), name: `Product ${n}`, price: n };
      const entry = { value, stored: Date.now(), expires, isPrivate: false, tags: [`Product:${n}`, 'Product'] };
      const { mark } = store.read([]);
      store.write([{ key: `shop Product {"id":"${n}"} name price`, entry }], mark);
    };
  },
  documents() {
    const documents = createMemoryDocuments(16_777_216);
    return (n) => documents.add(`${n}`.padStart(64, '0'), `query Q${n} { products { name ${'upc '.repeat(68)} } }`);
  },
};

const take = makers[process.argv[2] ?? '']?.();
let taken = 0;
/** Between two turns of the event loop, as requests are. */
const AT_ONCE = 100;

async function fill(keys: number): Promise<void> {
  while (taken < keys) {
    for (let n = 0; n < AT_ONCE; n += 1) take?.(taken + n);
    taken += AT_ONCE;
    await nextTurn();
  }
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heap: heapUsed / MB, rss: rss / MB });
}

process.on('message', (keys: number) => void fill(keys));
// Whoever asked has left.
process.on('disconnect', () => process.exit());

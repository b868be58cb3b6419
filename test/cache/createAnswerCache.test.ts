import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { createAnswerCache } from '../../src/cache/createAnswerCache.ts';
import { freshnessOf } from '../../src/execute/freshness.ts';
import { type Backend, openShop } from './support/openShop.ts';

const numbers = (state: { value: number }, caching?: Backend['caching']): Backend => ({
  sdl: 'type Query { value: Int mine: String echo(n: Int): Int }',
  roots: {
    value: () => state.value,
    mine: (_: unknown, { headers }: { headers: Headers }) => headers.get('authorization'),
    echo: ({ n }: { n: number }) => n,
  },
  ...(caching === undefined ? {} : { caching }),
});
const caller = (key: string) => ({ key, id: key, method: 'jwt', scopes: [], claims: {} });

describe('whole answers', () => {
  it('are given again without their parts, by document and variables, until a part is too old', async () => {
    let time = 0;
    let reads = 0;
    const state = { value: 1 };
    const shop = openShop({ numbers: numbers(state) }, { policy: { ttl: 1_000 }, whole: true, now: () => time });
    const { store } = shop.cache;
    const { read } = store;
    store.read = (keys) => {
      reads += 1;
      return read(keys);
    };
    const ask = (n: number) => shop.ask('query ($n: Int) { value echo(n: $n) }', { variables: { n } });
    assert.deepEqual(await ask(1), { value: 1, echo: 1 });
    state.value = 2;
    time = 500;
    assert.deepEqual(await ask(2), { value: 1, echo: 2 });
    assert.deepEqual(await ask(1), { value: 1, echo: 1 });
    assert.equal(reads, 2);
    time = 1_000;
    assert.deepEqual(await ask(2), { value: 2, echo: 2 });
    assert.equal(reads, 3);
  });

  it('the very same object, which says of itself that it was remembered', async () => {
    const shop = openShop({ numbers: numbers({ value: 1 }) }, { policy: { ttl: 1_000 }, whole: true });
    const document = parse('{ value }');
    const run = () => shop.run({ document, context: { headers: new Headers() } });
    const first = await run();
    const second = await run();
    assert.deepEqual([freshnessOf(first)?.hits, freshnessOf(first)?.misses], [0, 1]);
    assert.deepEqual([freshnessOf(second)?.hits, freshnessOf(second)?.misses], [1, 0]);
    assert.equal(await run(), second);
    assert.equal(second.data, first.data);
  });

  it('a copy for each where a plugin could change it', () => {
    const cache = createAnswerCache({ maxSize: 1e6, now: () => 0, copies: true });
    const freshness = { stored: 0, expires: 9, isPrivate: false, tags: ['t'], hits: 0, misses: 1 };
    cache.keep('k', { result: { data: { list: [1] } }, freshness }, cache.begin());
    const one = cache.find(['k', 'k']);
    (one as unknown as { data: { list: number[] } }).data.list.push(2);
    assert.deepEqual(cache.find(['k', 'k'])?.data, { list: [1] });
    assert.equal(freshnessOf(cache.find(['k', 'k']) ?? {})?.expires, 9);
    assert.equal(cache.invalidate(['t']), 1);
    assert.equal(cache.find(['k', 'k']), undefined);
  });

  it('private ones are for nobody else: not for another caller, nor for who sends nothing', async () => {
    for (const cacheControl of ['max-age=60', 'max-age=60, private']) {
      const backend = numbers({ value: 1 }, () => ({ cacheControl }));
      const shop = openShop({ numbers: backend }, { whole: true, sees: ['authorization'] });
      const ask = (name?: string) =>
        shop.ask('{ mine }', name === undefined ? {} : { headers: { authorization: name }, caller: caller(name) });
      for (let round = 0; round < 2; round += 1)
        for (const name of [undefined, 'ann', 'bob']) assert.deepEqual(await ask(name), { mine: name ?? null });
    }
  });

  it('an answer of who sends nothing is not for others, though the subgraph was sent nothing', async () => {
    const backend: Backend = {
      sdl: 'type Query { mine: String }',
      roots: { mine: (_: unknown, { headers }: { headers: Headers }) => headers.get('authorization') ?? 'nobody' },
    };
    const shop = openShop({ numbers: backend }, { policy: { ttl: 1_000 }, whole: true, sees: ['authorization'] });
    assert.deepEqual(await shop.ask('{ mine }'), { mine: 'nobody' });
    assert.deepEqual(await shop.ask('{ mine }', { headers: { authorization: 'ann' } }), { mine: 'ann' });
    assert.deepEqual(await shop.ask('{ mine }'), { mine: 'nobody' });
    assert.equal(shop.sent.length, 2);
  });
});

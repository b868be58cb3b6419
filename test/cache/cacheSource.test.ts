import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import { type Backend, CONTROL, openShop } from './support/openShop.ts';

const PRODUCTS = `type Query { product(upc: ID!): Product products: [Product] top: Product }
type Mutation { rename(upc: ID!, name: String!): Product touch: Boolean }
type Product @key(fields: "upc") { upc: ID! name: String }`;
const REVIEWS = `type Product @key(fields: "upc") { upc: ID! stars: Int mine: String reviews(first: Int): [Review] }
type Review @key(fields: "id") { id: ID! text: String }
type Mutation { review(upc: ID!): Review }`;

function backends(more: { products?: Partial<Backend>; reviews?: Partial<Backend> } = {}) {
  const names = new Map([1, 2, 3, 4].map((n) => [String(n), `Product ${n}`]));
  const state = { stars: 1 };
  const product = (upc: string) => (names.has(upc) ? { upc, name: names.get(upc) } : null);
  const products: Backend = {
    sdl: PRODUCTS,
    roots: {
      product: ({ upc }: { upc: string }) => product(upc),
      products: () => [...names.keys()].map(product),
      top: () => product('1'),
      rename({ upc, name }: { upc: string; name: string }) {
        names.set(upc, name);
        return product(upc);
      },
      touch: () => true,
    },
    entity: ({ upc }) => product(String(upc)),
    ...more.products,
  };
  const reviews: Backend = {
    sdl: REVIEWS,
    roots: {
      review: ({ upc }: { upc: string }) => {
        state.stars += 1;
        return { id: `r${upc}`, text: 'new' };
      },
    },
    entity: ({ upc }, { headers }) => ({
      upc,
      stars: state.stars,
      mine: `of ${headers.get('authorization')}`,
      reviews: ({ first }: { first: number }) =>
        Array.from({ length: first }, (_, n) => ({ id: `${upc}-${n}`, text: 't' })),
    }),
    ...more.reviews,
  };
  return { products, reviews };
}

const TTL = { ttl: 60_000 };
const caller = (key: string) => ({ key, id: key, method: 'jwt', scopes: [], claims: {} });

describe('parts at a source', () => {
  it('an entity that was fetched for one query serves another; only what is missing is asked for, in order', async () => {
    const shop = openShop(backends(), { policy: TTL });
    await shop.ask('{ product(upc: "2") { stars } }');
    assert.equal(shop.sent.length, 2);
    const { products } = (await shop.ask('{ products { upc stars name } }')) as { products: { upc: string }[] };
    assert.deepEqual(
      products.map(({ upc, ...rest }) => [upc, rest]),
      ['1', '2', '3', '4'].map((upc) => [upc, { stars: 1, name: `Product ${upc}` }]),
    );
    assert.deepEqual(
      shop.sent.slice(2).map(({ subgraph, variables }) => [subgraph, JSON.parse(variables)]),
      [
        ['products', {}],
        ['reviews', { representations: ['1', '3', '4'].map((upc) => ({ __typename: 'Product', upc })) }],
      ],
    );
    await shop.ask('{ products { upc stars name } }');
    assert.equal(shop.sent.length, 4);
  });

  it('another selection, or other arguments, are another part', async () => {
    const shop = openShop(backends(), { policy: TTL });
    const ask = (first: number) =>
      shop.ask('query ($first: Int) { top { reviews(first: $first) { id } } }', { variables: { first } });
    assert.equal(((await ask(1)) as { top: { reviews: unknown[] } }).top.reviews.length, 1);
    assert.equal(((await ask(2)) as { top: { reviews: unknown[] } }).top.reviews.length, 2);
    assert.equal(((await ask(1)) as { top: { reviews: unknown[] } }).top.reviews.length, 1);
    assert.equal(shop.sent.filter(({ subgraph }) => subgraph === 'reviews').length, 2);
  });

  it('root fields are parts of their own, and are asked for without those that are remembered', async () => {
    const shop = openShop(backends(), { policy: TTL });
    await shop.ask('{ top { name } }');
    assert.deepEqual(
      await shop.ask('query ($u: ID!) { top { name } other: product(upc: $u) { name } }', { variables: { u: '3' } }),
      {
        top: { name: 'Product 1' },
        other: { name: 'Product 3' },
      },
    );
    assert.equal(shop.sent.length, 2);
    assert.doesNotMatch(shop.sent[1]?.document ?? '', /top/);
    assert.deepEqual(JSON.parse(shop.sent[1]?.variables ?? ''), { u: '3' });
    // Under another alias, and as another variable, it is the same field.
    await shop.ask('{ again: product(upc: "3") { name } }');
    assert.equal(shop.sent.length, 3);
    await shop.ask('query ($u: ID!) { more: product(upc: $u) { name } }', { variables: { u: '3' } });
    assert.equal(shop.sent.length, 3);
  });

  it('without a time anywhere nothing is remembered', async () => {
    const shop = openShop(backends());
    await shop.ask('{ top { stars } }');
    await shop.ask('{ top { stars } }');
    assert.equal(shop.sent.length, 4);
  });

  it('lives as long as the shortest of the reply and the hints of the graph, else as configured', async () => {
    let time = 0;
    const sdl = `${CONTROL}${PRODUCTS.replace('{ upc: ID! name: String', '{ upc: ID! name: String @cacheControl(maxAge: 30)')}`;
    let control: string | undefined = 'max-age=20';
    const caching = () => (control === undefined ? undefined : { cacheControl: control, age: '5' });
    const shop = openShop(backends({ products: { sdl, caching } }), { policy: { ttl: 100_000 }, now: () => time });
    const isAsked = async (query: string) => {
      const before = shop.sent.length;
      await shop.ask(query);
      return shop.sent.length > before;
    };
    assert.equal(await isAsked('{ top { name } }'), true);
    time = 14_999;
    assert.equal(await isAsked('{ top { name } }'), false);
    time = 15_000;
    control = 'max-age=300';
    assert.equal(await isAsked('{ top { name } }'), true);
    time += 29_999;
    assert.equal(await isAsked('{ top { name } }'), false);
    time += 1;
    assert.equal(await isAsked('{ top { name } }'), true);
    control = undefined;
    assert.equal(await isAsked('{ top { upc } }'), true);
    time += 99_999;
    assert.equal(await isAsked('{ top { upc } }'), false);
    time += 1;
    control = 'no-store';
    assert.equal(await isAsked('{ top { upc } }'), true);
    assert.equal(await isAsked('{ top { upc } }'), true);
  });

  it('two who look different to the subgraph never share', async () => {
    const shop = openShop(backends(), { policy: TTL, sees: ['authorization'] });
    const ask = (authorization: string) => shop.ask('{ top { mine } }', { headers: { authorization } });
    assert.deepEqual(await ask('a'), { top: { mine: 'of a' } });
    assert.deepEqual(await ask('b'), { top: { mine: 'of b' } });
    assert.deepEqual(await ask('a'), { top: { mine: 'of a' } });
    assert.deepEqual(await shop.ask('{ top { mine } }'), { top: { mine: 'of null' } });
    assert.equal(shop.sent.length, 6);
  });

  it('what is private is for its owner alone, also where the rest is for everybody', async () => {
    let control = 'max-age=60, private';
    const reviews = { caching: () => ({ cacheControl: control }) };
    const options = { policy: { ...TTL, scope: 'public' as const }, sees: ['authorization'] };
    const shop = openShop(backends({ reviews }), options);
    const ask = (name: string, query = '{ top { mine } }') =>
      shop.ask(query, { headers: { authorization: name }, caller: caller(name) });
    assert.deepEqual(await ask('a'), { top: { mine: 'of a' } });
    assert.deepEqual(await ask('b'), { top: { mine: 'of b' } });
    assert.deepEqual(await ask('a'), { top: { mine: 'of a' } });
    assert.equal(shop.sent.filter(({ subgraph }) => subgraph === 'reviews').length, 2);
    assert.equal(shop.sent.filter(({ subgraph }) => subgraph === 'products').length, 1);
    control = 'max-age=60';
    await ask('a', '{ top { stars } }');
    await ask('b', '{ top { stars } }');
    assert.equal(shop.sent.filter(({ subgraph }) => subgraph === 'reviews').length, 3);
  });

  it('a private id says whose a part is; where it is not known, nothing private is remembered', async () => {
    const sdl = `${CONTROL}${REVIEWS.replace('mine: String', 'mine: String @cacheControl(scope: PRIVATE)')}`;
    const privateId = ({ caller: who }: { caller?: { id: string } | undefined }) => who?.id;
    const shop = openShop(backends({ reviews: { sdl } }), { policy: { ...TTL, privateId }, sees: ['authorization'] });
    const count = () => shop.sent.filter(({ subgraph }) => subgraph === 'reviews').length;
    const ask = (token: string, id?: string) =>
      shop.ask('{ top { mine } }', {
        headers: { authorization: token },
        ...(id === undefined ? {} : { caller: caller(id) }),
      });
    assert.deepEqual(await ask('t1', 'ann'), { top: { mine: 'of t1' } });
    // Another token of the same person.
    assert.deepEqual(await ask('t2', 'ann'), { top: { mine: 'of t1' } });
    assert.deepEqual(await ask('t3', 'bob'), { top: { mine: 'of t3' } });
    assert.equal(count(), 2);
    await ask('t4');
    await ask('t4');
    assert.equal(count(), 4);
  });

  it('an error, or what stands beside one, is never remembered; errors stand where they belong', async () => {
    let isFailing = true;
    const entity: Backend['entity'] = ({ upc }) => (isFailing && upc === '3' ? new Error('broken') : { upc, stars: 5 });
    const shop = openShop(backends({ reviews: { entity } }), { policy: TTL });
    isFailing = false;
    await shop.ask('{ top { stars } }');
    isFailing = true;
    const { data, errors } = (await shop.ask('{ products { stars } }')) as {
      data: unknown;
      errors: { path: unknown; message: string }[];
    };
    assert.deepEqual(data, { products: [{ stars: 5 }, { stars: 5 }, { stars: null }, { stars: 5 }] });
    assert.deepEqual(errors[0]?.path, ['products', 2, 'stars']);
    isFailing = false;
    shop.sent.length = 0;
    assert.deepEqual(await shop.ask('{ products { stars } }'), { products: [5, 5, 5, 5].map((stars) => ({ stars })) });
    assert.equal(shop.entities(), 3);
  });

  it('what is remembered is there though the subgraph is not', async () => {
    let isDown = false;
    const before = () => {
      if (isDown) throw new GatewayError('SUBGRAPH_UNREACHABLE', 'It is away.', { subgraph: 'reviews' });
    };
    const shop = openShop(backends({ reviews: { before } }), { policy: TTL });
    await shop.ask('{ product(upc: "2") { stars } }');
    await shop.ask('{ products { name } }');
    isDown = true;
    const { data, errors } = (await shop.ask('{ products { stars } }')) as {
      data: unknown;
      errors: { path: unknown; message: string; extensions: { code: string } }[];
    };
    assert.deepEqual(data, { products: [null, 1, null, null].map((stars) => ({ stars })) });
    assert.deepEqual(
      errors.map(({ path, extensions }) => [path, extensions.code]),
      [0, 2, 3].map((n) => [['products', n, 'stars'], 'SUBGRAPH_UNREACHABLE']),
    );
    isDown = false;
    assert.deepEqual(await shop.ask('{ products { stars } }'), { products: [1, 1, 1, 1].map((stars) => ({ stars })) });
  });

  it('what is not there is remembered only where that is configured, and for its time', async () => {
    let time = 0;
    const ask = async (policy: object) => {
      const shop = openShop(backends(), { policy: { ...TTL, ...policy }, now: () => time });
      await shop.ask('{ product(upc: "9") { name } }');
      time += 4_999;
      await shop.ask('{ product(upc: "9") { name } }');
      const soon = shop.sent.length;
      time += 1;
      await shop.ask('{ product(upc: "9") { name } }');
      return [soon, shop.sent.length];
    };
    assert.deepEqual(await ask({}), [2, 3]);
    assert.deepEqual(await ask({ negativeTtl: 5_000 }), [1, 2]);
  });

  it('who misses what another is asking for waits for that', async () => {
    const gate = Promise.withResolvers<void>();
    const shop = openShop(backends({ reviews: { before: () => gate.promise } }), { policy: TTL });
    const all = [shop.ask('{ top { stars } }'), shop.ask('{ products { stars } }'), shop.ask('{ top { stars } }')];
    while (shop.sent.filter(({ subgraph }) => subgraph === 'reviews').length < 2) await new Promise(setImmediate);
    gate.resolve();
    assert.deepEqual(await Promise.all(all), [
      { top: { stars: 1 } },
      { products: [1, 1, 1, 1].map((stars) => ({ stars })) },
      { top: { stars: 1 } },
    ]);
    assert.equal(shop.entities(), 4);
  });

  it('who waited in vain asks for itself', async () => {
    const gate = Promise.withResolvers<void>();
    let calls = 0;
    const before = async () => {
      calls += 1;
      const isFirst = calls === 1;
      await gate.promise;
      if (isFirst) throw new Error('gone');
    };
    const shop = openShop(backends({ products: { before } }), { policy: TTL });
    const all = [shop.ask('{ top { name } }'), shop.ask('{ top { name } }')];
    await new Promise(setImmediate);
    gate.resolve();
    const [first, second] = await Promise.all(all);
    assert.match(JSON.stringify(first), /errors/);
    assert.deepEqual(second, { top: { name: 'Product 1' } });
    assert.equal(calls, 2);
  });

  it('a mutation never reads, and forgets what its answer names', async () => {
    const shop = openShop(backends(), { policy: TTL });
    await shop.ask('{ products { upc stars } top { name } }');
    shop.sent.length = 0;
    assert.deepEqual(await shop.ask('mutation { rename(upc: "1", name: "New") { name } }'), {
      rename: { name: 'New' },
    });
    assert.deepEqual(await shop.ask('mutation { rename(upc: "1", name: "Newer") { upc } }'), { rename: { upc: '1' } });
    assert.equal(shop.sent.length, 2);
    assert.deepEqual(await shop.ask('{ top { name } }'), { top: { name: 'Newer' } });
    assert.equal(shop.sent.length, 3);
  });

  it('by its key where the answer has it: other entities stay', async () => {
    const shop = openShop(backends(), { policy: TTL });
    await shop.ask('{ products { upc stars } }');
    shop.sent.length = 0;
    await shop.ask('mutation { rename(upc: "1", name: "New") { upc } }');
    await shop.ask('{ products { upc stars } }');
    assert.equal(shop.entities(), 1);
    await shop.ask('mutation { touch }');
    shop.sent.length = 0;
    await shop.ask('{ products { upc stars } }');
    assert.equal(shop.sent.length, 0);
    // Without its key, all of its type.
    await shop.ask('mutation { rename(upc: "1", name: "New") { name } }');
    await shop.ask('{ products { upc stars } }');
    assert.equal(shop.entities(), 4);
  });

  it('what was read before a write does not come in after it', async () => {
    const gate = Promise.withResolvers<void>();
    const after = (document: string) => (document.startsWith('mutation') ? undefined : gate.promise);
    const shop = openShop(backends({ products: { after } }), { policy: TTL, whole: true });
    const old = shop.ask('{ top { name } }');
    while (shop.sent.length < 1) await new Promise(setImmediate);
    const renamed = shop.ask('mutation { rename(upc: "1", name: "New") { upc name } }');
    await renamed;
    const fresh = shop.ask('{ top { name } }');
    gate.resolve();
    assert.deepEqual(await old, { top: { name: 'Product 1' } });
    assert.deepEqual(await fresh, { top: { name: 'New' } });
    assert.deepEqual(await shop.ask('{ top { name } }'), { top: { name: 'New' } });
  });

  it('the time on the way counts: the subgraph may have read at its start', async () => {
    let time = 0;
    const gate = Promise.withResolvers<void>();
    const shop = openShop(backends({ products: { after: () => gate.promise } }), { policy: TTL, now: () => time });
    const first = shop.ask('{ top { name } }');
    while (shop.sent.length < 1) await new Promise(setImmediate);
    time = 20_000;
    gate.resolve();
    await first;
    time = 59_999;
    await shop.ask('{ top { name } }');
    assert.equal(shop.sent.length, 1);
    time = 60_000;
    await shop.ask('{ top { name } }');
    assert.equal(shop.sent.length, 2);
  });

  it('by tags of the graph itself', async () => {
    const sdl = REVIEWS.replace('@key(fields: "upc")', '@key(fields: "upc") @cacheTag(format: "stars-{$key.upc}")');
    const products = PRODUCTS.replace(
      'product(upc: ID!): Product',
      'product(upc: ID!): Product @cacheTag(format: "product-{$args.upc}")',
    );
    const shop = openShop(backends({ reviews: { sdl }, products: { sdl: products } }), { policy: TTL });
    await shop.ask('{ products { stars } product(upc: "2") { name } }');
    assert.equal(await shop.cache.invalidate(['tag:reviews:stars-3', 'tag:products:product-2']), 2);
    assert.equal(await shop.cache.invalidate(['tag:reviews:stars-9', 'tag:products:stars-1']), 0);
    shop.sent.length = 0;
    await shop.ask('{ products { stars } product(upc: "2") { name } }');
    assert.deepEqual(
      shop.sent.map(({ subgraph, variables }) => [subgraph, variables.includes('"3"')]),
      [
        ['products', false],
        ['reviews', true],
      ],
    );
    assert.equal(shop.entities(), 1);
    assert.equal(await shop.cache.invalidate(['type:reviews:Product']), 4);
    assert.ok((await shop.cache.invalidate(['subgraph:products'])) > 0);
  });
});

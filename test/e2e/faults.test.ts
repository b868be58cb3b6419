import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { codes } from '../../src/index.ts';
import { startAccounts } from '../../subgraphs/accounts/startAccounts.ts';
import type { StartBackend } from '../../subgraphs/Backend.ts';
import { startInventory } from '../../subgraphs/inventory/startInventory.ts';
import { startProducts } from '../../subgraphs/products/startProducts.ts';
import { startReviews } from '../../subgraphs/reviews/startReviews.ts';
import { startShipping } from '../../subgraphs/shipping/startShipping.ts';
import type { Backends } from '../../subgraphs/startBackends.ts';
import { type Answer, ask } from './support/ask.ts';
import { startBadServer } from './support/startBadServer.ts';
import { startDemo } from './support/startDemo.ts';

interface Victim {
  readonly name: keyof Backends;
  readonly start: StartBackend;
  /** Needs the service in some fields only. */
  readonly query: string;
  /** Those fields, in the order of the answer. */
  readonly nulls: readonly (readonly (string | number)[])[];
}

const victims: readonly Victim[] = [
  {
    name: 'accounts',
    start: startAccounts,
    query:
      '{ product(upc: "p42") { weight wishlistCount reviews(first: 1) { rating author { id email } } } me { name } }',
    nulls: [['product', 'wishlistCount'], ['product', 'reviews', 0, 'author', 'email'], ['me']],
  },
  {
    name: 'products',
    start: startProducts,
    query: '{ me { name } product(upc: "p42") { weight } stockByUpc(upc: "p42") { quantity weight price { cents } } }',
    nulls: [['product'], ['stockByUpc', 'weight'], ['stockByUpc', 'price']],
  },
  {
    name: 'reviews',
    start: startReviews,
    query: '{ me { name reviewCount trust } products(first: 2) { weight averageRating quantity } }',
    nulls: [
      ['me', 'reviewCount'],
      ['me', 'trust'],
      ['products', 0, 'averageRating'],
      ['products', 1, 'averageRating'],
    ],
  },
  {
    name: 'inventory',
    start: startInventory,
    query:
      '{ product(upc: "p42") { weight quantity shippingEstimate { cents } reviewCount } warehouses { code } me { name } }',
    nulls: [['product', 'quantity'], ['product', 'shippingEstimate'], ['warehouses']],
  },
  {
    name: 'shipping',
    start: startShipping,
    query: `{
      product(upc: "p42") { weight packaging { __typename } lastShipment { carrier } quantity }
      getQuote(upc: "p7", country: "DE") { cents }
    }`,
    nulls: [['product', 'packaging'], ['product', 'lastShipment'], ['getQuote']],
  },
];

const faults: readonly {
  readonly what: string;
  readonly code: string;
  /** Takes the place of the service on its port; absent: nobody does. */
  readonly impostor?: (port: number) => ReturnType<typeof startBadServer>;
}[] = [
  { what: 'is killed', code: 'SUBGRAPH_UNREACHABLE' },
  { what: 'hangs', code: 'SUBGRAPH_TIMEOUT', impostor: (port) => startBadServer(port) },
  {
    what: 'answers garbage',
    code: 'SUBGRAPH_INVALID_RESPONSE',
    impostor: (port) => startBadServer(port, 'Welcome to the router of your neighbour.\r\n\r\n'),
  },
];

for (const { name, start, query, nulls } of victims) {
  describe(`a service that fails: ${name}`, { timeout: 90_000 }, () => {
    for (const { what, code, impostor } of faults) {
      it(`where it ${what}, only what needs it is null; back again, it is used at once`, {
        timeout: 30_000,
      }, async (t) => {
        const timeout = impostor === undefined ? '5s' : '1s';
        const config = `traffic_shaping: { subgraphs: { ${name}: { timeout: ${timeout} } } }`;
        const { backends, url } = await startDemo(t, { config });
        const healthy = await ask(url, query);
        assert.equal(healthy.errors, undefined);

        await backends[name].close();
        const bad = await impostor?.(backends[name].port);
        t.after(() => bad?.close());
        const answer = await ask(url, query);
        assert.deepEqual(answer.data, withNulls(healthy.data, nulls));
        checkErrors(answer, { code, subgraph: name, paths: nulls });

        await bad?.close();
        const again = await start({ port: backends[name].port });
        t.after(() => again.close());
        assert.deepEqual(await ask(url, query), healthy);
      });
    }
  });
}

it('credentials in the url of a service are shown to nobody', { timeout: 30_000 }, async (t) => {
  const demo = await startDemo(t, {
    async prepare({ directory }) {
      const file = join(directory, 'weft.config.yaml');
      const text = await readFile(file, 'utf8');
      await writeFile(
        file,
        text.replaceAll('url: http://', 'url: http://ada:s3cret@').replace('url: 127', 'url: grpc://127'),
      );
    },
  });
  const query = '{ product(upc: "p42") { weight quantity reviewCount } me { name } }';
  const healthy = await ask(demo.url, query);
  assert.equal(healthy.errors, undefined);
  await Promise.all([demo.backends.inventory.close(), demo.backends.reviews.close(), demo.backends.accounts.close()]);
  const answer = await ask(demo.url, query, {}, { 'weft-plan': '1' });
  assert.equal(answer.errors?.length, 3);
  await demo.gateway.reload('the test');
  const ready = await (await fetch(new URL('/ready', demo.url))).text();
  assert.doesNotMatch([JSON.stringify(answer), ready, ...demo.log.lines].join('\n'), /s3cret/);
});

interface Expected {
  readonly code: string;
  readonly subgraph: string;
  readonly paths: Victim['nulls'];
}

function checkErrors({ errors = [] }: Answer, { code, subgraph, paths }: Expected): void {
  assert.ok(code in codes);
  assert.deepEqual(
    errors.map(({ path, extensions }) => ({ path, extensions })),
    paths.map((path) => ({ path, extensions: { code, subgraph } })),
  );
  const text = JSON.stringify(errors);
  assert.doesNotMatch(text, /\.ts\b|\bat \w+ \(|node_modules|node:|127\.0\.0\.1|https?:/);
}

/** The data with null at each of the paths. */
function withNulls(data: unknown, paths: Victim['nulls']): unknown {
  const copy = structuredClone(data);
  for (const path of paths) {
    let parent = copy as Record<string | number, unknown>;
    for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
    parent[path.at(-1) ?? ''] = null;
  }
  return copy;
}

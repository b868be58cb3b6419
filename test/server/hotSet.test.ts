import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createGateway } from '../../src/server/createGateway.ts';
import { createRandom } from '../oracle/random.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';

const PRODUCTS = 'type Query { product(upc: ID!): Product } type Product @key(fields: "upc") { upc: ID! name: String }';
const REVIEWS = 'type Product @key(fields: "upc") { upc: ID! stars: Int }';
const REQUESTS = 2_000;

/** Calls of backends for requests of which 95 % want a hot product. */
async function countCalls(t: TestContext, cache: object): Promise<number> {
  let calls = 0;
  const { url } = await serveHttp(t, async (request, response) => {
    calls += 1;
    const { variables } = JSON.parse(await text(request)) as {
      variables: { representations?: { upc: string }[]; upc?: string };
    };
    const { representations, upc } = variables;
    const data =
      representations === undefined
        ? { product: { __typename: 'Product', upc, name: `Product ${upc}` } }
        : { _entities: representations.map((one) => ({ ...one, stars: Number(one.upc) })) };
    response.end(JSON.stringify({ data }));
  });
  const gateway = await createGateway({
    subgraphs: [
      { name: 'products', url, schema: { sdl: PRODUCTS } },
      { name: 'reviews', url, schema: { sdl: REVIEWS } },
    ],
    ...cache,
    state_directory: '/nonexistent',
    port: 0,
    log: { info() {}, warn() {}, error() {} },
  } as never);
  const { url: front } = await gateway.listen();
  t.after(() => gateway.close());
  const random = createRandom(7);
  const queries = ['{ name stars }', '{ stars }', '{ upc name stars }', '{ upc stars more: stars }'];
  const ask = async () => {
    const upc = String(random.chance(0.95) ? random.int(1, 10) : random.int(11, 60));
    const query = `query ($upc: ID!) { product(upc: $upc) ${random.pick(queries)} }`;
    const response = await fetch(front, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { upc } }),
    });
    const { data } = (await response.json()) as { data: { product: { stars: number } } };
    assert.equal(data.product.stars, Number(upc));
  };
  for (let n = 0; n < REQUESTS; n += 20) await Promise.all(Array.from({ length: 20 }, ask));
  return calls;
}

test('of a hot set of 95 % backends are called 20 times less often', { timeout: 60_000 }, async (t) => {
  const isShared = { deduplicate_query: false };
  const without = await countCalls(t, { traffic_shaping: { router: isShared, all: isShared } });
  const ttl = { subgraph: { all: { ttl: '10m' } } };
  const parts = await countCalls(t, { response_cache: { ...ttl, whole_operations: false } });
  const whole = await countCalls(t, { response_cache: ttl });
  assert.equal(without, REQUESTS * 2);
  assert.ok(
    parts * 20 <= without && whole * 20 <= without,
    `${without} without, ${parts} by parts, ${whole} by whole answers`,
  );
});

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createGateway, type Source, type SourceRequest } from '../../../src/index.ts';
import { askCosts } from '../support/askCosts.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost", "@listSize"])';

interface Subgraph {
  readonly sdl: string;
  readonly more?: object;
  readonly answer: (request: SourceRequest & { readonly document: string; readonly given: Given }) => object;
}
type Given = Record<string, never[]>;

async function start(t: TestContext, subgraphs: Record<string, Subgraph>) {
  const documents: string[] = [];
  const sources = Object.entries(subgraphs).map(([name, { answer }]): [string, Source] => [
    name,
    {
      name,
      async fetch(request) {
        const { document } = request.operation;
        documents.push(document);
        return { data: { ...answer({ ...request, document, given: JSON.parse(request.variables) as Given }) } };
      },
    },
  ]);
  const gateway = await createGateway({
    subgraphs: Object.entries(subgraphs).map(([name, { sdl, more }]) => ({
      name,
      url: 'http://127.0.0.1:9/',
      schema: { sdl },
      ...more,
    })),
    demand_control: { mode: 'measure', expose: true },
    state_directory: '/nonexistent',
    sources: Object.fromEntries(sources),
    log: { info() {}, warn() {}, error: console.error },
  } as never);
  t.after(() => gateway.close());
  const ask = async (query: string) => {
    const { errors, extensions } = await askCosts(gateway, query);
    assert.equal(errors, undefined);
    return extensions.cost.subgraphs;
  };
  return { ask, documents };
}

/** Each alias or name of a root field in a document. */
const keysOf = (document: string) => [...document.matchAll(/(\w+): product\(/g)].map(([, key = '']) => key);

const CATALOG: Subgraph = {
  sdl: 'type Query { products: [Product] } type Product @key(fields: "upc") { upc: ID! name: String }',
  answer: () => ({ products: [1, 2, 3].map((n) => ({ __typename: 'Product', upc: `p${n}` })) }),
};

describe('the cost of a call', { timeout: 20_000 }, () => {
  it('is by the names of the graph where the subgraph has others', async (t) => {
    const { ask, documents } = await start(t, {
      legacy: {
        sdl: `${LINK}
          type Query { itms(n: Int): [Itm] @listSize(slicingArguments: ["n"]) }
          type Itm @cost(weight: 3) { nm: String @cost(weight: 2) sub: Itm }`,
        more: { transforms: { prefix: 'Old_', rename: { Itm: 'Item', 'Itm.nm': 'name', 'Query.itms': 'items' } } },
        answer: () => ({
          itms: [
            { nm: 'a', sub: null },
            { nm: 'b', sub: { nm: 'c' } },
          ],
        }),
      },
    });
    // 4 × (3 + 2 + 3 + 2), and 3 × 5.
    assert.deepEqual(await ask('{ items(n: 4) { name sub { name } } }'), {
      legacy: { estimated: 40, actual: 15, calls: 1 },
    });
    assert.match(documents[0] ?? '', /itms/);
  });

  it('is that of so many as a lookup is given, in one list', async (t) => {
    const { ask, documents } = await start(t, {
      catalog: CATALOG,
      reviews: {
        sdl: 'type Query { productsByUpcs(upcs: [ID!]!): [Product]! } type Product { upc: ID! stars: Int }',
        more: {
          merge: {
            Product: {
              selectionSet: '{ upc }',
              fieldName: 'productsByUpcs',
              key: 'upc',
              argsFromKeys: { upcs: '$keys' },
            },
          },
        },
        answer: ({ given, document }) => {
          const [alias = 'productsByUpcs'] = [...document.matchAll(/(\w+): productsByUpcs/g)].map(
            ([, key = '']) => key,
          );
          return {
            [alias]: Object.values(given)[0]
              ?.slice(0, 2)
              .map((upc) => ({ upc, stars: 4 })),
          };
        },
      },
    });
    assert.deepEqual(await ask('{ products { stars } }'), {
      catalog: { estimated: 10, actual: 3, calls: 1 },
      reviews: { estimated: 3, actual: 2, calls: 1 },
    });
    assert.match(documents[1] ?? '', /productsByUpcs/);
  });

  it('is that of so many as lookups are sent, one for each', async (t) => {
    const { ask } = await start(t, {
      catalog: CATALOG,
      reviews: {
        sdl: 'type Query { product(upc: ID!): Product } type Product { upc: ID! stars: Int }',
        more: { merge: { Product: { selectionSet: '{ upc }', fieldName: 'product', args: { upc: '$key.upc' } } } },
        answer: ({ document }) => Object.fromEntries(keysOf(document).map((key) => [key, { stars: 4 }])),
      },
    });
    assert.deepEqual(await ask('{ products { stars } }'), {
      catalog: { estimated: 10, actual: 3, calls: 1 },
      reviews: { estimated: 3, actual: 3, calls: 1 },
    });
  });

  it('is that of lookups that clients cannot see, and of what is on the way to them', async (t) => {
    const { ask, documents } = await start(t, {
      catalog: CATALOG,
      reviews: {
        sdl: `directive @lookup on FIELD_DEFINITION
          directive @internal on OBJECT | FIELD_DEFINITION
          directive @is(field: String!) on ARGUMENT_DEFINITION
          type Query { find: Find! @internal }
          type Find @internal { products(upcs: [ID!]! @is(field: "[upc]")): [Product]! @lookup }
          type Product { upc: ID! stars: Int }`,
        answer: ({ document, given }) => {
          const [, alias = 'find'] = /(\w+): find/.exec(document) ?? [];
          return { [alias]: { products: Object.values(given)[0]?.map((upc) => ({ upc, stars: 4 })) } };
        },
      },
    });
    assert.deepEqual(await ask('{ products { stars } }'), {
      catalog: { estimated: 10, actual: 3, calls: 1 },
      reviews: { estimated: 4, actual: 4, calls: 1 },
    });
    assert.match(documents[1] ?? '', /find \{ products\(/);
  });
});

/** Arguments that are filled from an object above: `@context` and `@fromContext`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPair } from '../support/monolith.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@shareable", "@external", "@requires", "@context", "@fromContext"])';
const TEXT = `
# subgraph: shop
${LINK}
type Query { shops: [Shop!]! shop: Shop places: [Place!]! }
interface Place { id: ID! items: [Item!]! }
type Shop implements Place @key(fields: "id") @context(name: "money") {
  id: ID! currency: String region: Region items: [Item!]! shelves: [[Shelf]] parent: Shop
}
type Kiosk implements Place @key(fields: "id") @context(name: "money") { id: ID! coin: String items: [Item!]! }
type Region { code: String }
type Shelf { items: [Item!]! }
type Item @key(fields: "id") {
  id: ID!
  price(
    in: String @fromContext(field: "$money ... on Shop { currency } ... on Kiosk { coin }")
    digits: Int
  ): String
  tax(code: String @fromContext(field: "$money ... on Shop { region { code } } ... on Kiosk { coin }")): String
  maker: Maker
}
type Maker @key(fields: "id") { id: ID! }
# subgraph: makers
${LINK}
type Maker @key(fields: "id") { id: ID! name: String items: [Item!]! }
type Item @key(fields: "id") { id: ID! label: String }
type Shop @key(fields: "id") { id: ID! owner: String }
`;
type Args = Readonly<Record<string, unknown>>;
const price = (args: Args) => `${String(args['in'])} ${String(args['digits'] ?? 'all')}`;
const tax = (args: Args) => `tax of ${String(args['code'])}`;
const item = (id: string) => ({
  __typename: 'Item',
  id,
  label: `item ${id}`,
  price,
  tax,
  maker: { id: 'm', name: 'Max' },
});
const items = [item('1'), item('2')];
const north = { __typename: 'Shop', id: 'n', currency: 'NOK', region: { code: 'no' }, owner: 'Nora', items };
const south = {
  __typename: 'Shop',
  id: 's',
  currency: 'EUR',
  region: null,
  owner: 'Sam',
  items: [item('2')],
  shelves: [[{ items: [item('1')] }, null], []],
  parent: north,
};
const kiosk = { __typename: 'Kiosk', id: 'k', coin: 'penny', items: [item('1')] };
const pair = createPair(TEXT, {
  roots: { shops: [north, south], shop: south, places: [north, kiosk] },
  entities: {
    Item: items,
    Shop: [north, south],
    Kiosk: [kiosk],
    Maker: [{ id: 'm', name: 'Max', items: [item('2')] }],
  },
});

async function answer(operation: string): Promise<unknown> {
  const { result } = await pair.run(operation);
  assert.equal(result.errors, undefined, JSON.stringify(result.errors));
  return result.data;
}

test('clients do not see an argument that comes from a context', () => {
  const field = pair.schema.getType('Item');
  assert.ok(field !== undefined && 'getFields' in field);
  assert.deepEqual(
    (field.getFields()['price'] as { readonly args: readonly { readonly name: string }[] }).args.map(
      ({ name }) => name,
    ),
    ['digits'],
  );
});

test('an item has another price under each shop, though it is the same item', async () => {
  assert.deepEqual(await answer('{ shops { id items { id price } } }'), {
    shops: [
      {
        id: 'n',
        items: [
          { id: '1', price: 'NOK all' },
          { id: '2', price: 'NOK all' },
        ],
      },
      { id: 's', items: [{ id: '2', price: 'EUR all' }] },
    ],
  });
});

test('a context is asked for once, and one request carries all of its values', async () => {
  const { sent } = await pair.run('{ shops { items { price label } } }');
  assert.deepEqual(sent.map(({ subgraph }) => subgraph).sort(), ['makers', 'shop', 'shop']);
});

test('what the client gives itself stays beside it', async () => {
  assert.deepEqual(await answer('{ shop { items { price(digits: 2) rough: price(digits: 0) } } }'), {
    shop: { items: [{ price: 'EUR 2', rough: 'EUR 0' }] },
  });
});

test('a context reaches through lists of lists and value objects', async () => {
  assert.deepEqual(await answer('{ shop { shelves { items { price } } } }'), {
    shop: { shelves: [[{ items: [{ price: 'EUR all' }] }, null], []] },
  });
});

test('it reaches through other subgraphs', async () => {
  assert.deepEqual(await answer('{ shop { items { maker { name items { id price } } } } }'), {
    shop: { items: [{ maker: { name: 'Max', items: [{ id: '2', price: 'EUR all' }] } }] },
  });
});

test('the nearest object that sets it counts', async () => {
  assert.deepEqual(await answer('{ shop { parent { items { id price } } items { price } } }'), {
    shop: {
      parent: {
        items: [
          { id: '1', price: 'NOK all' },
          { id: '2', price: 'NOK all' },
        ],
      },
      items: [{ price: 'EUR all' }],
    },
  });
});

test('each type says what its context is, behind an interface too', async () => {
  assert.deepEqual(await answer('{ places { __typename items { id price } } }'), {
    places: [
      {
        __typename: 'Shop',
        items: [
          { id: '1', price: 'NOK all' },
          { id: '2', price: 'NOK all' },
        ],
      },
      { __typename: 'Kiosk', items: [{ id: '1', price: 'penny all' }] },
    ],
  });
});

test('a field of a value object can be one; without a value it is null', async () => {
  const { result } = await pair.run('{ shops { items { id tax label } } }');
  assert.deepEqual(result.data, {
    shops: [
      {
        items: [
          { id: '1', tax: 'tax of no', label: 'item 1' },
          { id: '2', tax: 'tax of no', label: 'item 2' },
        ],
      },
      { items: [{ id: '2', tax: 'tax of null', label: 'item 2' }] },
    ],
  });
});

test('a context that failed is null, as what a field requires is, and its error is told', async () => {
  const failing = {
    ...south,
    currency: () => {
      throw new Error('no currency today');
    },
  };
  const broken = createPair(TEXT, { roots: { shop: failing }, entities: { Item: items, Shop: [failing] } });
  const { result } = await broken.run('{ shop { items { id price label } } }');
  assert.deepEqual(result.data, { shop: { items: [{ id: '2', price: 'null all', label: 'item 2' }] } });
  assert.deepEqual(
    result.errors?.map(({ message, path }) => [message, path]),
    [['no currency today', ['shop']]],
  );
});

test('a context is asked for only where a condition wants the field', async () => {
  const operation = 'query ($priced: Boolean!) { shop { items { id price @include(if: $priced) } } }';
  assert.deepEqual((await pair.run(operation, { priced: false })).sent.length, 1);
  assert.deepEqual((await pair.run(operation, { priced: true })).result.data, {
    shop: { items: [{ id: '2', price: 'EUR all' }] },
  });
});

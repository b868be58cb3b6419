import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Backend } from '../../subgraphs/Backend.ts';
import { startProducts } from '../../subgraphs/products/startProducts.ts';
import { postGraphql } from './postGraphql.ts';

let products: Backend;
before(async () => {
  products = await startProducts({ port: 0 });
});
after(() => products.close());

test('products answers a union and an interface with their runtime types', async () => {
  const { data, errors } = await postGraphql(
    products.url,
    `{ category: search(text: "lighting", first: 1) { __typename }
       bundle: search(text: "bundle 7", first: 1) { __typename ... on Bundle { products { upc } } ... on Offer { price { currency } } }
       offers(first: 60) { __typename name } }`,
  );
  assert.equal(errors, undefined);
  const found = data as {
    category: unknown[];
    bundle: { __typename: string; products: unknown[]; price: unknown }[];
    offers: { __typename: string }[];
  };
  assert.deepEqual(found.category, [{ __typename: 'Category' }]);
  assert.equal(found.bundle[0]?.__typename, 'Bundle');
  assert.deepEqual(found.bundle[0]?.price, { currency: 'EUR' });
  assert.ok((found.bundle[0]?.products.length ?? 0) >= 1);
  assert.deepEqual(new Set(found.offers.map(({ __typename }) => __typename)), new Set(['Bundle', 'Product']));
});

test('products changes a price, and refuses what it cannot do with a code, without failing the neighbour', async () => {
  const { data, errors } = await postGraphql(
    products.url,
    `mutation { good: setPrice(upc: "p1", cents: 1234) { price { cents } }
       unknown: setPrice(upc: "nope", cents: 1) { upc }
       negative: setPrice(upc: "p1", cents: -1) { upc } }`,
  );
  assert.deepEqual(data, { good: { price: { cents: 1234 } }, unknown: null, negative: null });
  assert.deepEqual(
    errors?.map(({ extensions }) => extensions?.['code']),
    ['NOT_FOUND', 'BAD_USER_INPUT'],
  );
  const after = await postGraphql(products.url, '{ product(upc: "p1") { price { cents } } }');
  assert.deepEqual(after.data, { product: { price: { cents: 1234 } } });
});

test('products computes the shipping estimate from the stock in the representation', async () => {
  const representation = { __typename: 'Product', upc: 'p2' };
  const { data } = await postGraphql(
    products.url,
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { shippingEstimate { cents } } } }',
    {
      r: [
        { ...representation, inStock: true, warehouse: { country: 'DE' } },
        { ...representation, inStock: true, warehouse: { country: 'US' } },
        { ...representation, inStock: false, warehouse: { country: 'DE' } },
        { __typename: 'Product', upc: 'nope' },
      ],
    },
  );
  const entities = (data as { _entities: ({ shippingEstimate: { cents: number } | null } | null)[] })._entities;
  assert.ok((entities[0]?.shippingEstimate?.cents ?? 0) < (entities[1]?.shippingEstimate?.cents ?? 0));
  assert.deepEqual(entities.slice(2), [{ shippingEstimate: null }, null]);
});

test('products resolves bundles and categories as entities', async () => {
  const { data } = await postGraphql(
    products.url,
    `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Category { name products(first: 1) { category { slug } } } } }`,
    {
      r: [
        { __typename: 'Bundle', id: 'b1' },
        { __typename: 'Category', slug: 'garden' },
      ],
    },
  );
  assert.deepEqual(data, {
    _entities: [
      { __typename: 'Bundle' },
      { __typename: 'Category', name: 'Garden', products: [{ category: { slug: 'garden' } }] },
    ],
  });
});

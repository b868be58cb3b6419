import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProducts } from '../../subgraphs/data/createProducts.ts';
import { createReviews } from '../../subgraphs/data/createReviews.ts';
import { createShipments } from '../../subgraphs/data/createShipments.ts';
import { createStock } from '../../subgraphs/data/createStock.ts';
import { createUsers } from '../../subgraphs/data/createUsers.ts';

test('the shop has 1,000 products, 5,000 reviews and 200 users, with stock and a shipment for each product', () => {
  assert.equal(createProducts().products.length, 1000);
  assert.equal(createReviews().length, 5000);
  assert.equal(createUsers().length, 200);
  assert.equal(createStock().length, 1000);
  assert.equal(createShipments().length, 1000);
});

test('the data is the same at every start', () => {
  for (const create of [createProducts, createReviews, createUsers, createStock, createShipments]) {
    assert.deepEqual(create(), create());
  }
  assert.deepEqual(createProducts().products[0], {
    upc: 'p1',
    name: 'Oak Cushion 1',
    category: 'textiles',
    cents: 14499,
    weight: 500,
    sold: 9124,
  });
});

test('all data agrees on its ids, and keys are unique', () => {
  const upcs = new Set(createProducts().products.map(({ upc }) => upc));
  const users = new Set(createUsers().map(({ id }) => id));
  assert.equal(upcs.size, 1000);
  assert.equal(users.size, 200);
  assert.equal(new Set(createUsers().map(({ username }) => username)).size, 200);
  assert.ok(createReviews().every(({ upc, authorId }) => upcs.has(upc) && users.has(authorId)));
  assert.ok(createUsers().every(({ wishlist }) => wishlist.every((upc) => upcs.has(upc))));
  assert.ok(createStock().every(({ upc }) => upcs.has(upc)));
  assert.ok(createShipments().every(({ upc }) => upcs.has(upc)));
});

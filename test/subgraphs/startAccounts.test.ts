import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { startAccounts } from '../../subgraphs/accounts/startAccounts.ts';
import type { Backend } from '../../subgraphs/Backend.ts';
import { postGraphql } from './postGraphql.ts';

let accounts: Backend;
before(async () => {
  accounts = await startAccounts({ port: 0 });
});
beforeEach(() => accounts.reset());
after(() => accounts.close());

test('accounts serves its own SDL by _service', async () => {
  const { data } = await postGraphql(accounts.url, '{ _service { sdl } }');
  const { sdl } = (data as { _service: { sdl: string } })._service;
  assert.match(sdl, /type User @key\(fields: "id"\)/);
  assert.doesNotMatch(sdl, /_entities/);
});

test('accounts resolves representations in order, by any key, with null for the unknown', async () => {
  const query =
    'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on User { id } ... on Product { wishlistCount } } }';
  const first = await postGraphql(accounts.url, '{ user(id: "u2") { username } }');
  const { username } = (first.data as { user: { username: string } }).user;
  const { data } = await postGraphql(accounts.url, query, {
    r: [
      { __typename: 'User', username },
      { __typename: 'User', id: 'nobody' },
      { __typename: 'Product', upc: 'p500' },
      { __typename: 'User', id: 'u1' },
    ],
  });
  assert.deepEqual(data, {
    _entities: [
      { __typename: 'User', id: 'u2' },
      null,
      { __typename: 'Product', wishlistCount: 3 },
      { __typename: 'User', id: 'u1' },
    ],
  });
});

test('accounts computes trust from the reviewCount in the representation, and says so where it is missing', async () => {
  const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { trust } } }';
  const representations = [0, 22, 30].map((reviewCount) => ({ __typename: 'User', id: 'u1', reviewCount }));
  const good = await postGraphql(accounts.url, query, { r: representations });
  assert.deepEqual(good, { data: { _entities: [{ trust: 'NEW' }, { trust: 'KNOWN' }, { trust: 'EXPERT' }] } });
  const bad = await postGraphql(accounts.url, query, { r: [{ __typename: 'User', id: 'u1' }] });
  assert.deepEqual(bad.data, { _entities: [{ trust: null }] });
  assert.equal(bad.errors?.[0]?.extensions?.['code'], 'MISSING_REQUIREMENT');
});

test('accounts provides product names in wishlists', async () => {
  const { data, errors } = await postGraphql(accounts.url, '{ me { id wishlist { upc name } } }');
  assert.equal(errors, undefined);
  const { me } = data as { me: { id: string; wishlist: { upc: string; name: string }[] } };
  assert.equal(me.id, 'u1');
  assert.ok(me.wishlist.length > 0 && me.wishlist.every(({ name }) => name.length > 0));
});

test('accounts counts each request and keeps its text until the reset', async () => {
  await postGraphql(accounts.url, '{ me { id } }');
  await postGraphql(accounts.url, '{ users(first: 2) { id } }');
  assert.equal(accounts.requests(), 2);
  assert.deepEqual(accounts.log(), ['{ me { id } }', '{ users(first: 2) { id } }']);
  accounts.reset();
  assert.equal(accounts.requests(), 0);
  assert.deepEqual(accounts.log(), []);
});

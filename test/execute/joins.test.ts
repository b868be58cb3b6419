import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createPair } from '../support/monolith.ts';
import { shopData } from '../support/planData.ts';
import { planSupergraph } from '../support/planSupergraph.ts';

const shop = createPair(planSupergraph('shop'), shopData());

/** Operation, variables, requests that it may take. */
const CASES: readonly (readonly [string, string, Readonly<Record<string, unknown>>, number])[] = [
  ['several root fields', '{ me { name } topProducts { name } latest { body } }', {}, 3],
  ['a join', '{ topProducts { name inStock } }', {}, 2],
  ['a join back', '{ topProducts { reviews { product { name price } } } }', {}, 3],
  ['a requirement', '{ topProducts { shipping } }', {}, 2],
  ['a requirement beside an alias of its field', '{ topProducts { weight: name price: weight shipping } }', {}, 2],
  ['a requirement behind two jumps', '{ users { reviews { product { shipping inStock } } } }', {}, 4],
  ['a value object of three subgraphs', '{ topProducts { details { colour shelf mood } } }', {}, 3],
  ['a value object of two subgraphs under an alias', '{ me { home: address { street city } } }', {}, 2],
  [
    'one field under two aliases with other selections',
    '{ topProducts { a: details { colour } b: details { colour shelf } } }',
    {},
    2,
  ],
  [
    'arguments under two aliases',
    '{ topProducts { a: variants(kind: "A") { name inStock } b: variants(kind: "B") { name reviews { id } } } }',
    {},
    3,
  ],
  [
    'the same argument as variable and as literal',
    'query ($k: String = "A") { topProducts { a: variants(kind: "A") { upc } b: variants(kind: $k) { upc } } }',
    {},
    1,
  ],
  [
    'the same argument as variable and as literal, given',
    'query ($k: String = "A") { topProducts { a: variants(kind: "A") { upc } b: variants(kind: $k) { upc } } }',
    { k: 'B' },
    1,
  ],
  [
    'an entity by two paths',
    '{ topProducts { upc reviews { body } } product(upc: "p1") { upc reviews { id } } }',
    {},
    2,
  ],
  [
    'aliases that every object has',
    '{ topProducts { constructor: name toString: upc hasOwnProperty: inStock valueOf: reviews { __proto__: id } } }',
    {},
    3,
  ],
  ['an alias __proto__ on an object', '{ __proto__: me { name } }', {}, 1],
  ['a root that is null', '{ user(id: "none") { name reviews { body } } product(upc: "x") { inStock } }', {}, 2],
  ['a nullable null', '{ users { birthday } }', {}, 1],
  [
    'include and skip',
    'query ($a: Boolean!, $b: Boolean!) { me { name @include(if: $a) @skip(if: $b) id } }',
    { a: true, b: true },
    1,
  ],
  ['a skipped jump', 'query ($a: Boolean!) { topProducts { upc inStock @include(if: $a) } }', { a: false }, 1],
  [
    'a condition beside a requirement',
    'query ($a: Boolean!) { topProducts { upc price @skip(if: $a) inStock @include(if: $a) shipping } }',
    { a: false },
    2,
  ],
  ['a skipped requirement', 'query ($a: Boolean!) { topProducts { name shipping @include(if: $a) } }', { a: false }, 1],
  ['a default of the condition', 'query ($a: Boolean = false) { topProducts { upc inStock @include(if: $a) } }', {}, 1],
  [
    'everything skipped',
    'query ($a: Boolean!) { me @include(if: $a) { name } topProducts @include(if: $a) { name } }',
    { a: false },
    0,
  ],
  ['everything skipped by literals', '{ me @skip(if: true) { name } }', {}, 0],
  [
    'one key under two conditions',
    'query ($a: Boolean!, $b: Boolean!) { topProducts { reviews @include(if: $a) { body } ... @include(if: $b) { reviews { id author { name } } } } }',
    { a: true, b: false },
    2,
  ],
  [
    'one key under two conditions, the other one',
    'query ($a: Boolean!, $b: Boolean!) { topProducts { reviews @include(if: $a) { body } ... @include(if: $b) { reviews { id author { name } } } } }',
    { a: false, b: true },
    3,
  ],
  ['nothing but the type', '{ __typename t: __typename }', {}, 0],
  ['types of objects', '{ __typename me { __typename reviews { __typename product { __typename } } } }', {}, 2],
  [
    'introspection beside data',
    '{ __schema { queryType { name } } t: __type(name: "User") { name kind } me { name } }',
    {},
    1,
  ],
  ['introspection by a variable', 'query ($n: String!) { __type(name: $n) { fields { name } } }', { n: 'Review' }, 0],
  [
    'a skipped alias beside one that is not',
    'query ($no: Boolean = false) { topProducts { a: reviews @include(if: $no) { author { name } } b: reviews { id } } }',
    {},
    2,
  ],
  [
    'fragments',
    '{ latest { ...R } } fragment R on Review { id author { ...U } product { ...P } } fragment U on User { name } fragment P on Product { name inStock }',
    {},
    4,
  ],
];

for (const [name, operation, variables, requests] of CASES) {
  test(`${name}: the gateway answers as one server does`, async () => {
    const { sent } = await shop.compare(operation, variables);
    assert.equal(sent.length, requests, JSON.stringify(sent, null, 1));
  });
}

test('the heavy query of the public benchmark takes a request to each of its 4 subgraphs', async () => {
  const operation = readFileSync(
    join(import.meta.dirname, '../golden/plans/merge-benchmark/operation.graphql'),
    'utf8',
  );
  const { sent } = await shop.compare(operation);
  assert.equal(sent.length, 4);
});

test('of a call that two positions share, each is followed by its own entities only', async () => {
  const { sent } = await shop.compare(
    '{ product(upc: "p2") { reviews { author { name } } } topProducts { reviews { author { id } } } }',
  );
  const users = sent.find((one) => one.subgraph === 'accounts');
  assert.deepEqual(users?.variables, {
    representations: [
      { __typename: 'User', id: '2' },
      { __typename: 'User', id: '3' },
    ],
  });
});

test('an entity that occurs often is asked for once', async () => {
  const { sent } = await shop.compare('{ latest { product { inStock } } topProducts { inStock } }');
  const asked = sent
    .filter((one) => one.subgraph === 'inventory')
    .flatMap((one) => Object.values(one.variables).flat());
  assert.equal(asked.length, 4);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPair } from '../support/monolith.ts';
import { keysData } from '../support/planData.ts';
import { planSupergraph } from '../support/planSupergraph.ts';

const pair = createPair(planSupergraph('keys'), keysData());

const CASES: readonly (readonly [string, string, number])[] = [
  ['a chain of keys', '{ things { c } }', 3],
  ['a compound key of two subgraphs, its nested leaf null for one', '{ things { id d } }', 4],
  ['a compound key beside its parts', '{ things { own b d e code org { title } } }', 5],
  ['a nested key', '{ thing { parts { label stock } } }', 4],
  ['a reference that cannot be resolved where it comes from', '{ related { id own b } }', 3],
  ['an entity in a value object', '{ box { thing { b own } } }', 2],
  ['all together', '{ things { own b c d e parts { label stock c { n } } org { id title } } related { d } }', 9],
  [
    'a nested key beside its field under another condition',
    'query ($no: Boolean = false) { box { thing { o: org @include(if: $no) { title } d org { id @include(if: $no) } } } }',
    4,
  ],
  ['a field that is had before a key which is null', '{ things { id d code } }', 4],
  [
    'a field that is had before a key which is null, by another alias',
    '{ thing { d } other: thing { code org { title } c } }',
    6,
  ],
];

for (const [name, operation, requests] of CASES) {
  test(`keys, ${name}: the gateway answers as one server does`, async () => {
    const { sent } = await pair.compare(operation);
    assert.ok(sent.length <= requests, JSON.stringify(sent, null, 1));
  });
}

test('a type that is its own key is looked up by its name alone, once there is one', async () => {
  const catalog = { __typename: 'Catalog', sku: 's1', rating: 5 };
  const single = createPair(
    `# subgraph: warehouse
type Query { catalog: Catalog catalogs: [Catalog!] none: Catalog } type Catalog { sku: String }
# subgraph: reviews
type Catalog @key(fields: "__typename") { rating: Int }`,
    { roots: { catalog, catalogs: [catalog, catalog], none: null }, entities: { Catalog: [catalog] } },
  );
  const { result, sent } = await single.compare('{ catalog { sku rating } catalogs { rating } }');
  assert.deepEqual(result.data, { catalog: { sku: 's1', rating: 5 }, catalogs: [{ rating: 5 }, { rating: 5 }] });
  assert.equal(sent.length, 2);
  assert.deepEqual(sent[1]?.variables, { representations: [{ __typename: 'Catalog' }] });
  const none = await single.compare('{ none { rating } }');
  assert.equal(none.sent.length, 1);
});

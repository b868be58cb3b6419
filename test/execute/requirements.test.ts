import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPair, type Entity, errorPaths } from '../support/monolith.ts';
import { requiresData } from '../support/planData.ts';
import { planSupergraph } from '../support/planSupergraph.ts';

const text = planSupergraph('requires');
const pair = createPair(text, requiresData());

const CASES: readonly (readonly [string, string, number])[] = [
  ['a requirement with arguments, one of them null', '{ products { estimate } }', 2],
  ['two sets of arguments for one required field', '{ products { estimate estimateUsd } }', 2],
  ['client arguments beside required ones', '{ products { price estimate usd: price(currency: "USD") } }', 2],
  ['a list of value objects', '{ products { boxes } }', 2],
  ['a chain of requirements', '{ products { points } }', 4],
  ['a chain with neighbours', '{ products { name zone estimate class total points } }', 4],
  ['by type, and null', '{ crates { fee } }', 2],
  [
    'by type, asked for by the client, too',
    '{ crates { fee content { label __typename ... on Fluid { l: litres } } } }',
    2,
  ],
];

for (const [name, operation, requests] of CASES) {
  test(`requires, ${name}: the gateway answers as one server does`, async () => {
    const { sent } = await pair.compare(operation);
    assert.equal(sent.length, requests, JSON.stringify(sent, null, 1));
  });
}

test('where the source of a required field is down, only what requires it fails', async () => {
  const broken = createPair(text, requiresData(), {
    intercept: async (subgraph, request, next) => {
      if (subgraph === 'shipping' && request.operation.document.includes('estimate')) throw new Error('down');
      return next();
    },
  });
  const { result } = await broken.run('{ products { name class total } }');
  assert.deepEqual(
    result.data?.['products'],
    [1, 2, 3].map((n) => ({ name: `product ${n}`, class: `class ${n}`, total: null })),
  );
  assert.deepEqual(errorPaths(result), ['["products",0,"total"]', '["products",1,"total"]', '["products",2,"total"]']);
  assert.equal(result.errors?.[0]?.extensions?.['code'], 'INTERNAL_SERVER_ERROR');
  assert.equal(result.errors?.[0]?.extensions?.['subgraph'], 'shipping');
});

test('a required field that failed is a null that its error explains; other entities and fields do without it', async () => {
  const failing = requiresData();
  const products = failing.entities.Product.map((product, index) => ({
    ...product,
    weight: () => {
      if (index === 1) throw new Error('the scales are broken');
      return product['weight'];
    },
  }));
  const broken = createPair(text, {
    roots: { ...failing.roots, products },
    entities: { ...failing.entities, Product: products },
  });
  const { result, sent } = await broken.run('{ products { name estimate zone } }');
  const answers = result.data?.['products'] as Entity[];
  assert.equal(answers[0]?.['estimate'], 3);
  assert.equal(answers[1]?.['zone'], 'zone 2');
  assert.ok(sent.length === 2);
  // A null with an error is a null to a subgraph: it cannot be told from a value that is not known.
  assert.match(JSON.stringify(result.errors ?? []), /scales/);
});

test('an entity that lacks what its only fields require is not asked for', async () => {
  const broken = createPair(text, requiresData(), {
    intercept: async (subgraph, request, next) => {
      if (subgraph === 'shipping' && request.operation.document.includes('estimate')) throw new Error('down');
      return next();
    },
  });
  const { result, sent } = await broken.run('{ products { total } }');
  assert.deepEqual(result.data, { products: [{ total: null }, { total: null }, { total: null }] });
  assert.deepEqual(errorPaths(result), ['["products",0,"total"]', '["products",1,"total"]', '["products",2,"total"]']);
  const asked = sent.filter((request) => JSON.stringify(request).includes('total'));
  assert.deepEqual(asked, []);
});

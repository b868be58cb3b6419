import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import type { Source, SourceResult } from '../../src/execute/Source.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import { createPair, type Entity, errorPaths } from '../support/monolith.ts';
import { planSupergraph } from '../support/planSupergraph.ts';
import { readSubgraphs } from '../support/readSubgraphs.ts';

const makers: Entity[] = [1, 2, 3, 4, 5].map((n) => ({ id: `m${n}`, country: 'NL', slogan: `slogan ${n}` }));
const products: Entity[] = [1, 2, 3, 4, 5].map((n) => ({
  upc: `p${n}`,
  name: `product ${n}`,
  stars: n,
  label: `label ${n}`,
  maker: makers[n - 1],
}));

function stitchedPair(roots: Entity = {}) {
  return createPair(planSupergraph('stitched'), {
    roots: {
      products,
      groups: [
        { best: products[0], worst: products[1] },
        { best: products[1], worst: null },
      ],
      // In another order, without one of them.
      productsByUpcs: ({ upcs }: { upcs: string[] }) =>
        products.filter(({ upc }) => upcs.includes(String(upc)) && upc !== 'p3').reverse(),
      label: ({ upc }: { upc: string }) => (upc === 'p2' ? null : products.find((one) => one['upc'] === upc)),
      makers: ({ where }: { where: { keys: Entity[] } }) =>
        where.keys.map(({ id }) => makers.find((maker) => maker['id'] === id) ?? null),
      ...roots,
    },
  });
}

test('a batch is one request, matched by key in any order; what is not in it is null', async () => {
  const { result, sent } = await stitchedPair().run('{ products { name stars } }');
  assert.deepEqual(result, {
    data: { products: [1, 2, 3, 4, 5].map((n) => ({ name: `product ${n}`, stars: n === 3 ? null : n })) },
  });
  assert.deepEqual(sent[1]?.variables, { _k0_0: ['p1', 'p2', 'p3', 'p4', 'p5'] });
});

test('a lookup of one entity takes an alias each, in one request', async () => {
  const { result, sent } = await stitchedPair().run('{ products { label } }');
  assert.deepEqual(result, {
    data: { products: [1, 2, 3, 4, 5].map((n) => ({ label: n === 2 ? null : `label ${n}` })) },
  });
  assert.equal(sent.length, 2);
});

test('a batch that is bounded is sent in parts, in one request', async () => {
  const { result, sent } = await stitchedPair().run('{ products { maker { slogan } } }');
  assert.deepEqual(result, { data: { products: [1, 2, 3, 4, 5].map((n) => ({ maker: { slogan: `slogan ${n}` } })) } });
  assert.deepEqual(
    Object.values(sent[1]?.variables ?? {}).map((keys) => (keys as unknown[]).length),
    [2, 2, 1],
  );
});

test('an error of one alias, or of one item, is told at its own place', async () => {
  const failing = stitchedPair({
    label: ({ upc }: { upc: string }) => {
      if (upc === 'p4') throw new Error('no label');
      return products.find((one) => one['upc'] === upc);
    },
    makers: ({ where }: { where: { keys: Entity[] } }) =>
      where.keys.map(({ id }) => (id === 'm4' ? new Error('no maker') : makers.find((maker) => maker['id'] === id))),
  });
  const { result } = await failing.run('{ products { label maker { slogan } } }');
  assert.deepEqual(errorPaths(result), ['["products",3,"label"]', '["products",3,"maker","slogan"]']);
});

test('one entity at two positions is asked for once', async () => {
  const { result, sent } = await stitchedPair().run('{ groups { best { stars } worst { stars } } }');
  assert.deepEqual(result.data, {
    groups: [
      { best: { stars: 1 }, worst: { stars: 2 } },
      { best: { stars: 2 }, worst: null },
    ],
  });
  assert.deepEqual(sent[1]?.variables, { _k0_0: ['p1', 'p2'] });
});

test('a source that names things differently is asked, and read, in its own names', async () => {
  const composed = compose(readSubgraphs(planSupergraph('stitched')));
  assert.ok('sdl' in composed);
  const documents: string[] = [];
  const source = (name: string, reply: SourceResult): [string, Source] => [
    name,
    {
      name,
      fetch: async ({ operation }) => {
        documents.push(operation.document);
        return reply;
      },
    },
  ];
  const sources = new Map([
    source('products', { data: { products: [{ upc: 1 }, { upc: 2 }] } }),
    source('stock', {
      data: {
        _e0_0: [
          { code: '2', available: true },
          { code: '1', available: false },
        ],
      },
    }),
  ]);
  const executor = createExecutor({ supergraph: parseSupergraph(composed.sdl), sources });
  const result = await executor.execute({
    document: parse('{ products { upc inStock } }'),
    context: { headers: new Headers() },
  });
  assert.deepEqual(result, {
    data: {
      products: [
        { upc: '1', inStock: false },
        { upc: '2', inStock: true },
      ],
    },
  });
  assert.equal(documents[1], 'query($_k0_0: [ID!]!) { _e0_0: items(codes: $_k0_0) { code available } }');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import { collect, compareInParts, runInParts } from '../support/incremental.ts';
import type { Part } from '../support/mergeParts.ts';
import { createPair, type PairOptions } from '../support/monolith.ts';
import { shopData } from '../support/planData.ts';
import { planSupergraph } from '../support/planSupergraph.ts';

const data = shopData();
const context = { headers: new Headers() };

function shop(options: PairOptions = {}) {
  return createPair(planSupergraph('shop'), data, options);
}

async function next(payloads: AsyncIterator<unknown>): Promise<Part> {
  const step = await payloads.next();
  assert.notEqual(step.done, true);
  return JSON.parse(JSON.stringify(step.value)) as Part;
}

function asPayloads(result: unknown): AsyncGenerator<unknown> {
  assert.ok(typeof result === 'object' && result !== null && Symbol.asyncIterator in result, JSON.stringify(result));
  return result as AsyncGenerator<unknown>;
}

const failing = (name: string): PairOptions => ({
  intercept: (subgraph, _request, go) =>
    subgraph === name ? Promise.reject(new GatewayError('SUBGRAPH_UNREACHABLE', `No "${name}".`)) : go(),
});

test('what is not deferred is given while the subgraphs of deferred parts are still at work, and each part when it is in', async () => {
  const gates = { reviews: Promise.withResolvers<void>(), inventory: Promise.withResolvers<void>() };
  const { executor } = shop({
    intercept: async (subgraph, _request, go) => {
      if (subgraph === 'reviews' || subgraph === 'inventory') await gates[subgraph].promise;
      return go();
    },
  });
  const document = parse(
    '{ product(upc: "p2") { name ... @defer(label: "stock") { inStock } ... @defer(label: "reviews") { reviews { body } } } }',
  );
  const payloads = asPayloads(await executor.executeInParts({ document, context }, 'current'));
  assert.deepEqual(await next(payloads), {
    data: { product: { name: 'product 2' } },
    pending: [
      { id: '0', path: ['product'], label: 'stock' },
      { id: '1', path: ['product'], label: 'reviews' },
    ],
    hasNext: true,
  });
  gates.reviews.resolve();
  assert.deepEqual(await next(payloads), {
    hasNext: true,
    incremental: [{ id: '1', data: { reviews: [{ body: 'body 1' }, { body: 'body 5' }] } }],
    completed: [{ id: '1' }],
  });
  gates.inventory.resolve();
  assert.deepEqual(await next(payloads), {
    hasNext: false,
    incremental: [{ id: '0', data: { inStock: true } }],
    completed: [{ id: '0' }],
  });
  assert.equal((await payloads.next()).done, true);
});

test('an error in a deferred part is told with that part, at its path', async () => {
  const operation = '{ product(upc: "p2") { name ... @defer { inStock } } }';
  assert.deepEqual((await runInParts(shop(failing('inventory')), { operation })).slice(1), [
    {
      hasNext: false,
      incremental: [
        {
          id: '0',
          data: { inStock: null },
          errors: [
            {
              message: 'No "inventory".',
              path: ['product', 'inStock'],
              extensions: { code: 'SUBGRAPH_UNREACHABLE', subgraph: 'inventory' },
            },
          ],
        },
      ],
      completed: [{ id: '0' }],
    },
  ]);
});

test('a null that may not be ends at the deferred fragment, which has failed then', async () => {
  const operation = '{ me { name ... @defer(label: "r") { reviews { body ... @defer(label: "inner") { id } } } } }';
  const [first, ...rest] = await runInParts(shop(failing('reviews')), { operation });
  assert.deepEqual(first?.data, { me: { name: 'user 1' } });
  assert.deepEqual(rest, [
    {
      hasNext: false,
      completed: [
        {
          id: '0',
          errors: [
            {
              message: 'No "reviews".',
              path: ['me', 'reviews'],
              extensions: { code: 'SUBGRAPH_UNREACHABLE', subgraph: 'reviews' },
            },
          ],
        },
      ],
    },
  ]);
  const legacy = await runInParts(shop(failing('reviews')), { operation, format: 'legacy' });
  assert.deepEqual(
    legacy.slice(1).map(({ incremental }) => incremental?.map((part) => [part.path, part.label, part.data])),
    [[[['me'], 'r', null]]],
  );
});

test('of a place that has become null nothing is announced', async () => {
  const operation =
    '{ latest { id } me { reviews { body } ... @defer { name } } product(upc: "p1") { name ... @defer { price } } }';
  const [first] = await runInParts(
    shop({
      intercept: async (subgraph, request, go) =>
        subgraph === 'reviews' && request.operation.document.includes('_entities')
          ? { data: { _entities: [null] } }
          : go(),
    }),
    { operation },
  );
  assert.equal(first?.data?.['me'], null);
  assert.deepEqual(first?.pending, [{ id: '0', path: ['product'] }]);
});

test('a client that reads no parts has the whole answer at once', async () => {
  const { result } = await shop().run('{ product(upc: "p2") { name ... @defer { inStock } } }');
  assert.deepEqual(result, { data: { product: { name: 'product 2', inStock: true } } });
});

test('a variable says whether something is deferred', async () => {
  const pair = shop();
  const operation = 'query ($late: Boolean! = true) { product(upc: "p2") { name ... @defer(if: $late) { inStock } } }';
  assert.equal((await compareInParts(pair, data, { operation })).parts.length, 2);
  assert.equal((await compareInParts(pair, data, { operation, variables: { late: false } })).parts.length, 1);
  assert.equal((await compareInParts(pair, data, { operation, variables: { late: true } })).parts.length, 2);
});

test('a condition on a field that is deferred elsewhere decides which part it belongs to', async () => {
  const operation = 'query ($now: Boolean!) { me { id name @include(if: $now) ... @defer { name } } }';
  for (const now of [true, false]) {
    const { parts } = await compareInParts(shop(), data, { operation, variables: { now } });
    assert.equal(parts.length, now ? 1 : 2);
  }
});

test('a list that is streamed begins with as many items as asked for, and its items are complete', async () => {
  const operation =
    'query ($n: Int!) { topProducts @stream(initialCount: $n, label: "rest") { name inStock ... @defer(label: "r") { reviews { body } } } }';
  const { parts } = await compareInParts(shop(), data, { operation, variables: { n: 1 } });
  assert.equal((parts[0]?.data?.['topProducts'] as unknown[] | undefined)?.length, 1);
  assert.deepEqual(parts[0]?.pending, [
    { id: '0', path: ['topProducts', 0], label: 'r' },
    { id: '1', path: ['topProducts'], label: 'rest' },
  ]);
  await compareInParts(shop(), data, { operation, variables: { n: 2 }, format: 'legacy' });
  assert.equal((await compareInParts(shop(), data, { operation, variables: { n: 0 } })).parts.length, 2);
});

test('a streamed list ends at an item that may not be null', async () => {
  const operation = '{ me { name } latest @stream(initialCount: 1) { author { name } } }';
  const pair = shop({
    intercept: async (subgraph, _request, go) => {
      const result = await go();
      const entities = result.data?.['_entities'];
      if (subgraph !== 'accounts' || !Array.isArray(entities)) return result;
      return { data: { _entities: entities.map((entity, index) => (index === 1 ? null : entity)) } };
    },
  });
  const parts = await runInParts(pair, { operation });
  assert.deepEqual(parts[0]?.data?.['latest'], [{ author: { name: 'user 1' } }]);
  assert.deepEqual(
    parts[1]?.completed?.map(({ id, errors }) => [id, errors?.map(({ path }) => path)]),
    [['0', [['latest', 1, 'author', 'name']]]],
  );
});

test('a client that leaves aborts the requests that are under way', { timeout: 10_000 }, async () => {
  const asked = Promise.withResolvers<AbortSignal | undefined>();
  const { executor } = shop({
    intercept: async (subgraph, request, go) => {
      if (subgraph !== 'reviews') return go();
      asked.resolve(request.signal);
      return new Promise(() => {});
    },
  });
  const document = parse('{ me { name ... @defer { reviews { body } } } }');
  const payloads = asPayloads(await executor.executeInParts({ document, context }, 'current'));
  await next(payloads);
  const waiting = payloads.next();
  const signal = await asked.promise;
  assert.equal(signal?.aborted, false);
  await payloads.return(undefined);
  assert.equal(signal?.aborted, true);
  assert.equal((await waiting).done, true);
});

test('subscriptions and introspection: what cannot come later comes at once', async () => {
  const operation = '{ ... @defer { __schema { queryType { name } } __typename } me { id } }';
  const [first, second] = await runInParts(shop(), { operation });
  assert.deepEqual(first?.data, { me: { id: '1' } });
  assert.deepEqual(second?.incremental, [
    { id: '0', data: { __schema: { queryType: { name: 'Query' } }, __typename: 'Query' } },
  ]);
  const { result } = await shop().run(operation);
  assert.deepEqual(result.data, { __schema: { queryType: { name: 'Query' } }, __typename: 'Query', me: { id: '1' } });
});

test('hundreds of deferred fragments are answered at once, thousands refused, and the parts of an answer count as objects', async () => {
  const many = Array.from({ length: 900 }, (_, n) => `... @defer { f${n}: name }`).join(' ');
  const whole = await runInParts(shop(), { operation: `{ me { id ${many} } }` });
  assert.equal(whole.length, 1);
  assert.equal(Object.keys(whole[0]?.data?.['me'] ?? {}).length, 901);
  const more = Array.from({ length: 10_000 }, (_, n) => `... @defer { f${n}: name }`).join(' ');
  const refused = await runInParts(shop(), { operation: `{ me { id ${more} } }` });
  assert.equal(refused[0]?.errors?.length, 1);
  assert.match(refused[0]?.errors?.[0]?.message ?? '', /planning steps/);
  const { executor } = shop();
  const some = Array.from({ length: 300 }, (_, n) => `... @defer { f${n}: name }`).join(' ');
  const document = parse(`{ topProducts { upc ${some} } }`);
  const parts = await collect(await executor.executeInParts({ document, context }, 'current'));
  assert.equal(parts[0]?.pending?.length, 1200);
});

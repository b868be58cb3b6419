import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import type { Source } from '../../src/execute/Source.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import { planSupergraph } from '../support/planSupergraph.ts';
import { readSubgraphs } from '../support/readSubgraphs.ts';

const composed = compose(readSubgraphs(planSupergraph('shop')));
assert.ok('sdl' in composed);
const supergraph = parseSupergraph(composed.sdl);
const context = { headers: new Headers() };

const writable = compose([
  {
    name: 'products',
    url: 'http://products.example',
    sdl: 'type Query { topProducts: [Product] } type Mutation { rename: Product } type Product { upc: ID name: String }',
    definition: { source: { kind: 'graphql' } },
  },
]);
assert.ok('sdl' in writable);
const shopWithWrites = parseSupergraph(writable.sdl);

function executorOf(answers: Readonly<Record<string, Source['fetch']>>) {
  return createExecutor({
    supergraph,
    sources: new Map(Object.entries(answers).map(([name, fetch]) => [name, { name, fetch }])),
  });
}

const products: Source['fetch'] = async () => ({ data: { topProducts: [{ upc: 'p1', name: 'one' }] } });
const operation = '{ topProducts { name inStock } }';

for (const [name, inventory, code] of [
  [
    'times out',
    async () => Promise.reject(new GatewayError('SUBGRAPH_TIMEOUT', 'The subgraph "inventory" did not answer in 1 s.')),
    'SUBGRAPH_TIMEOUT',
  ],
  [
    'cannot be reached',
    async () => Promise.reject(new GatewayError('SUBGRAPH_UNREACHABLE', 'No connection.')),
    'SUBGRAPH_UNREACHABLE',
  ],
  ['fails in a way that nobody foresaw', async () => Promise.reject(new Error('secret')), 'INTERNAL_SERVER_ERROR'],
  ['reports an error without a code', async () => ({ data: null, errors: [{ message: 'no' }] }), 'SUBGRAPH_ERROR'],
  [
    'reports an error of its own code',
    async () => ({ data: null, errors: [{ message: 'no', extensions: { code: 'MINE' } }] }),
    'MINE',
  ],
] satisfies [string, Source['fetch'], string][]) {
  test(`a subgraph that ${name} costs its own fields only, with the code ${code}`, async () => {
    const executor = executorOf({ products, inventory });
    const document = parse(operation);
    for (let n = 0; n < 4; n += 1) {
      const result = await executor.execute({ document, context });
      assert.deepEqual(result.data, { topProducts: [{ name: 'one', inStock: null }] });
      assert.deepEqual(
        result.errors?.map(({ path, extensions }) => [path, extensions['code'], extensions['subgraph']]),
        [[['topProducts', 0, 'inStock'], code, 'inventory']],
      );
      assert.doesNotMatch(JSON.stringify(result), /secret/);
    }
  });
}

test('a subgraph without a source is unavailable', async () => {
  const result = await executorOf({ products }).execute({ document: parse(operation), context });
  assert.deepEqual(result.data, { topProducts: [{ name: 'one', inStock: null }] });
  assert.equal(result.errors?.[0]?.extensions['code'], 'SUBGRAPH_UNAVAILABLE');
});

test('a root fetch that fails is told at the root field; its followers are not asked', async () => {
  let asked = 0;
  const executor = executorOf({
    products: async () => Promise.reject(new GatewayError('SUBGRAPH_TIMEOUT', 'late')),
    inventory: async () => {
      asked += 1;
      return { data: null };
    },
  });
  const result = await executor.execute({ document: parse(operation), context });
  assert.equal(result.data, null);
  assert.deepEqual(
    result.errors?.map(({ path }) => path),
    [['topProducts']],
  );
  assert.equal(asked, 0);
});

test('a source sees the signal and the context of the request, and equal operations as one object', async () => {
  const seen: unknown[] = [];
  const executor = executorOf({
    products: async (request) => {
      seen.push(request.operation, request.context, request.signal);
      return { data: { topProducts: [] } };
    },
  });
  const { signal } = new AbortController();
  const document = parse('{ topProducts { name } }');
  await executor.execute({ document, context, signal });
  await executor.execute({ document, context, signal });
  assert.equal(seen[0], seen[3]);
  assert.equal(seen[1], context);
  assert.equal(seen[2], signal);
});

test('a fetch starts when its own inputs are in, not at a barrier', async () => {
  const slow = Promise.withResolvers<void>();
  const executor = executorOf({
    accounts: async () => {
      await slow.promise;
      return { data: { me: { name: 'slow' } } };
    },
    products,
    inventory: async () => {
      slow.resolve();
      return { data: { _entities: [{ inStock: true }] } };
    },
  });
  const result = await executor.execute({ document: parse('{ me { name } topProducts { inStock } }'), context });
  assert.deepEqual(result, { data: { me: { name: 'slow' }, topProducts: [{ inStock: true }] } });
});

test('variables that do not fit are a request error', async () => {
  const result = await executorOf({}).execute({
    document: parse('query ($f: Int!) { topProducts(first: $f) { name } }'),
    variables: { f: 'x' },
    context,
  });
  assert.equal('data' in result, false);
  assert.equal(result.errors?.[0]?.extensions['code'], 'BAD_USER_INPUT');
});

test('an operation that the document does not have is a request error', async () => {
  const document = parse('query A { __typename } query B { __typename }');
  for (const operationName of [null, 'C']) {
    const result = await executorOf({}).execute({ document, operationName, context });
    assert.equal(result.errors?.[0]?.extensions['code'], 'OPERATION_RESOLUTION_FAILED');
  }
  assert.deepEqual(await executorOf({}).execute({ document, operationName: 'B', context }), {
    data: { __typename: 'Query' },
  });
});

test('the plan comes along when it is asked for', async () => {
  const executor = executorOf({ products });
  const document = parse('{ topProducts { name } }');
  const result = await executor.execute({ document, context: { ...context, exposePlan: true } });
  assert.equal(
    result.extensions?.['plan'],
    'fetch 0 products\n    {\n      topProducts {\n        name\n      }\n    }',
  );
  assert.equal((await executor.execute({ document, context })).extensions, undefined);
});

test('a query whose client has left is not answered; what a mutation has done is told all the same', async () => {
  const client = new AbortController();
  const leaving: Source['fetch'] = async ({ operation: { kind } }) => {
    client.abort(new Error('gone'));
    return kind === 'mutation' ? { data: { rename: { upc: 'p1' } } } : { data: { topProducts: [] } };
  };
  const { signal } = client;
  const executor = createExecutor({
    supergraph: shopWithWrites,
    sources: new Map([['products', { name: 'products', fetch: leaving }]]),
  });
  await assert.rejects(executor.execute({ document: parse('{ topProducts { name } }'), context, signal }), /gone/);
  const written = await executor.execute({ document: parse('mutation { rename { upc } }'), context, signal });
  assert.deepEqual(written, { data: { rename: { upc: 'p1' } } });
});

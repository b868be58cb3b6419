import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { SourceRequest } from '../../../src/execute/Source.ts';
import { createOpenapiSource } from '../../../src/sources/openapi/createOpenapiSource.ts';
import { printRestRequest } from '../../../src/sources/openapi/printRestRequest.ts';
import { createHttpClient } from '../../../src/upstream/createHttpClient.ts';
import { startInventory } from '../../../subgraphs/inventory/startInventory.ts';

const document = readFileSync(new URL('../../../schemas/inventory.openapi.yaml', import.meta.url), 'utf8');
const merge = {
  Product: [
    { selectionSet: '{ upc }', fieldName: 'stockByUpcs', key: 'upc', argsFromKeys: { upcs: '$keys' } },
    { selectionSet: '{ upc }', fieldName: 'stockByUpc', args: { upc: '$key.upc' } },
  ],
};

async function setUp(t: TestContext) {
  const backend = await startInventory({ port: 0 });
  const http = createHttpClient();
  t.after(() => http.close());
  t.after(() => backend.close());
  const source = createOpenapiSource({
    name: 'inventory',
    url: backend.url,
    definition: { source: { kind: 'openapi', document }, merge },
    headers: { send: {}, propagate: [] },
    timeout: 5000,
    http,
  });
  return { backend, source };
}

const context = () => ({ headers: new Headers() });
function toRequest(text: string, more: Partial<SourceRequest> = {}): SourceRequest {
  const kind = text.startsWith('mutation') ? 'mutation' : 'query';
  return { operation: { kind, document: text }, variables: '{}', context: context(), ...more };
}

test('Single lookups of one document go to the backend as one batch, and a missing one is null.', async (t) => {
  const { backend, source } = await setUp(t);
  const text = 'query ($k0: ID!) { _0: stockByUpc(upc: $k0) { upc } _1: stockByUpc(upc: "nope") { upc } }';
  const result = await source.fetch(toRequest(text, { variables: '{"k0":"p1"}' }));
  assert.deepEqual(result, { data: { _0: { upc: 'p1' }, _1: null } });
  assert.deepEqual(backend.log(), ['GET /stock?upcs=p1,nope']);
});

test('Equal reads of one request are asked once; a mutation makes them fresh.', async (t) => {
  const { backend, source } = await setUp(t);
  const shared = context();
  await source.fetch(toRequest('{ warehouses { code } }', { context: shared }));
  await source.fetch(toRequest('{ warehouses { city } }', { context: shared }));
  assert.equal(backend.requests(), 1);
  const change = 'mutation { adjustStock(upc: "p1", input: { delta: 1, reason: delivery }) { upc } }';
  assert.deepEqual(await source.fetch(toRequest(change, { context: shared })), {
    data: { adjustStock: { upc: 'p1' } },
  });
  await source.fetch(toRequest('{ warehouses { code } }', { context: shared }));
  assert.equal(backend.requests(), 3);
});

test('A problem document is the error, and a declared 404 of a read is null.', async (t) => {
  const { source } = await setUp(t);
  assert.deepEqual(await source.fetch(toRequest('{ stockByUpc(upc: "nope") { upc } }')), {
    data: { stockByUpc: null },
  });
  const change = 'mutation { adjustStock(upc: "p1", input: { delta: -999999, reason: sale }) { upc } }';
  const { data, errors } = await source.fetch(toRequest(change));
  assert.deepEqual(data, { adjustStock: null });
  assert.equal(errors?.[0]?.extensions?.['code'], 'SUBGRAPH_HTTP_ERROR');
  assert.deepEqual(errors[0].extensions['http'], { status: 409 });
  assert.deepEqual(errors[0].path, ['adjustStock']);
});

test('Parameters are printed in the style of the specification.', () => {
  const parameter = (name: string, place: 'path' | 'query', style: string, explode: boolean) =>
    ({ argument: name, name, place, style, explode, write: (value: unknown) => value }) as const;
  const request = printRestRequest(
    'http://h/v1/',
    {
      method: 'GET',
      path: '/x/{id}',
      parameters: [
        parameter('id', 'path', 'simple', false),
        parameter('a', 'query', 'form', true),
        parameter('b', 'query', 'pipeDelimited', false),
        parameter('c', 'query', 'deepObject', true),
      ],
      body: undefined,
      isEmpty: false,
      isNullOn404: false,
    },
    { id: 'a/b', a: [1, 2], b: ['x', 'y'], c: { k: 'v&' } },
  );
  assert.equal(request.url, 'http://h/v1/x/a%2Fb?a=1&a=2&b=x%7Cy&c[k]=v%26');
});

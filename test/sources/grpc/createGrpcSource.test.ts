import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { SourceRequest } from '../../../src/execute/Source.ts';
import { createGrpcSource } from '../../../src/sources/grpc/createGrpcSource.ts';
import { startShipping } from '../../../subgraphs/shipping/startShipping.ts';

const text = readFileSync(new URL('../../../schemas/shipping.proto', import.meta.url), 'utf8');
const merge = {
  Product: [
    { selectionSet: '{ upc }', fieldName: 'batchGetProducts', key: 'upc', argsFromKeys: { upcs: '$keys' } },
    { selectionSet: '{ upc }', fieldName: 'getProduct', args: { upc: '$key.upc' } },
  ],
};

async function setUp(t: TestContext) {
  const backend = await startShipping({ port: 0, stepEvery: 60_000 });
  t.after(() => backend.close());
  const source = createGrpcSource({
    name: 'shipping',
    url: backend.url,
    definition: { source: { kind: 'grpc', files: { 'shipping.proto': text }, entry: ['shipping.proto'] }, merge },
    headers: { send: {}, propagate: [] },
    timeout: 5000,
  });
  t.after(() => source.close?.());
  return { backend, source };
}

function toRequest(document: string, kind: 'query' | 'subscription' = 'query', variables = '{}'): SourceRequest {
  return { operation: { kind, document }, variables, context: { headers: new Headers() } };
}

test('A batch rpc answers a list of entities.', async (t) => {
  const { backend, source } = await setUp(t);
  const document = 'query ($keys: [String!]) { _0: batchGetProducts(upcs: $keys) { upc packaging { __typename } } }';
  const { data, errors } = await source.fetch(toRequest(document, 'query', '{"keys":["p1"]}'));
  assert.equal(errors, undefined);
  assert.deepEqual(data, { _0: [{ upc: 'p1', packaging: { __typename: 'Box' } }] });
  assert.equal(backend.requests(), 1);
});

test('Single rpcs of one document go as one batch; NOT_FOUND is null.', async (t) => {
  const { backend, source } = await setUp(t);
  const result = await source.fetch(toRequest('{ a: getProduct(upc: "p1") { upc } b: getProduct(upc: "no") { upc } }'));
  assert.deepEqual(result, { data: { a: { upc: 'p1' }, b: null } });
  assert.deepEqual(backend.log(), ['BatchGetProducts {"upcs":["p1","no"]}']);
  assert.deepEqual(await source.fetch(toRequest('{ getProduct(upc: "no") { upc } }')), { data: { getProduct: null } });
});

test('A server stream is a subscription, and leaving it ends the stream.', async (t) => {
  const { backend, source } = await setUp(t);
  assert.ok(source.subscribe !== undefined);
  const document = 'subscription { trackShipment(id: "s1") { status } }';
  const events = source.subscribe(toRequest(document, 'subscription'))[Symbol.asyncIterator]();
  const first = await events.next();
  assert.deepEqual(first.value?.data, { trackShipment: { status: 'SHIPMENT_STATUS_PACKED' } });
  await events.return?.();
  await backend.whenStreams(0);
});

test('A killed backend is SUBGRAPH_UNREACHABLE, and the first call after its restart works.', async (t) => {
  const { backend, source } = await setUp(t);
  const request = () => toRequest('{ getProduct(upc: "p1") { upc } }');
  await source.fetch(request());
  await backend.close();
  const { errors } = await source.fetch(request());
  assert.equal(errors?.[0]?.extensions?.['code'], 'SUBGRAPH_UNREACHABLE');
  assert.equal(errors[0].extensions['subgraph'], 'shipping');
  const again = await startShipping({ port: backend.port });
  t.after(() => again.close());
  assert.deepEqual(await source.fetch(request()), { data: { getProduct: { upc: 'p1' } } });
});

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Client, type ClientReadableStream, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { shippingService } from '../../subgraphs/shipping/shippingService.ts';
import { type ShippingBackend, startShipping } from '../../subgraphs/shipping/startShipping.ts';

const methods = shippingService();
let shipping: ShippingBackend;
let client: Client;
before(async () => {
  shipping = await startShipping({ port: 0, stepEvery: 5 });
  client = new Client(shipping.url, credentials.createInsecure());
});
beforeEach(() => shipping.reset());
after(async () => {
  client.close();
  await shipping.close();
});

function method(name: string): NonNullable<(typeof methods)[string]> {
  const found = methods[name];
  assert.ok(found, `no rpc "${name}"`);
  return found;
}

function unary(name: string, message: object): Promise<Record<string, unknown>> {
  const { path, requestSerialize, responseDeserialize } = method(name);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, (error, reply) => {
      if (error === null) resolve({ ...reply });
      else reject(error);
    });
  });
}

function track(through: Client, id: string): ClientReadableStream<object> {
  const { path, requestSerialize, responseDeserialize } = method('TrackShipment');
  return through.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { id });
}

test('shipping quotes with a map and a timestamp', async () => {
  const quote = await unary('GetQuote', { upc: 'p1', country: 'DE', express: true });
  const parts = quote['parts'] as Record<string, number>;
  assert.equal(parts['express'], 900);
  assert.equal(
    quote['cents'],
    Object.values(parts).reduce((sum, part) => sum + part, 0),
  );
  assert.deepEqual(quote['validUntil'], { seconds: Date.UTC(2027, 0, 1) / 1000, nanos: 0 });
  assert.deepEqual(shipping.log(), ['GetQuote {"upc":"p1","country":"DE","express":true}']);
});

test('shipping refuses with a gRPC status', async () => {
  await assert.rejects(unary('GetProduct', { upc: 'nope' }), { code: status.NOT_FOUND });
  await assert.rejects(unary('GetQuote', { upc: 'p1', country: 'XX' }), { code: status.INVALID_ARGUMENT });
});

test('shipping answers batches, leaving unknown ones out, each product with exactly one packaging', async () => {
  const upcs = Array.from({ length: 40 }, (_, index) => `p${index + 1}`);
  const { products } = (await unary('BatchGetProducts', { upcs: [...upcs, 'nope'] })) as {
    products: Record<string, unknown>[];
  };
  assert.deepEqual(new Set(products.map(({ upc }) => upc)), new Set(upcs));
  assert.ok(products.every(({ box, tube }) => (box === undefined) !== (tube === undefined)));
  assert.deepEqual(new Set(products.map(({ box }) => typeof box)), new Set(['object', 'undefined']));
  const { shipments } = await unary('BatchGetShipments', { ids: ['s1', 'nope', 's2'] });
  assert.deepEqual(new Set((shipments as { id: string }[]).map(({ id }) => id)), new Set(['s1', 's2']));
  assert.equal(shipping.requests(), 2);
});

test('a tracking stream tells every step up to the delivery and ends', async () => {
  const events: object[] = [];
  for await (const event of track(client, 's1')) events.push(event);
  assert.deepEqual(
    events.map((event) => (event as { status: string }).status),
    ['SHIPMENT_STATUS_PACKED', 'SHIPMENT_STATUS_IN_TRANSIT', 'SHIPMENT_STATUS_IN_TRANSIT', 'SHIPMENT_STATUS_DELIVERED'],
  );
  assert.equal(shipping.streams(), 0);
});

test('tracking an unknown shipment ends with NOT_FOUND', async () => {
  const [error] = await new Promise<[ServiceError]>((resolve) => {
    track(client, 'nope')
      .resume()
      .once('error', (reason: ServiceError) => resolve([reason]));
  });
  assert.equal(error.code, status.NOT_FOUND);
});

test('a client that leaves ends its tracking stream, and closing shipping breaks one at once', async () => {
  const slow = await startShipping({ port: 0, stepEvery: 60_000 });
  const own = new Client(slow.url, credentials.createInsecure());
  const { shipments } = (await unary('BatchGetShipments', {
    ids: ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9'],
  })) as {
    shipments: { id: string; status: string }[];
  };
  const underway = shipments.find((shipment) => shipment.status !== 'SHIPMENT_STATUS_DELIVERED')?.id ?? '';
  const left = track(own, underway).on('error', () => undefined);
  await slow.whenStreams(1);
  left.cancel();
  await slow.whenStreams(0);

  const broken = track(own, underway);
  const failed = new Promise<ServiceError>((resolve) => {
    broken.once('error', resolve);
  });
  await slow.whenStreams(1);
  await slow.close();
  assert.ok([status.UNAVAILABLE, status.CANCELLED, status.INTERNAL].includes((await failed).code));
  own.close();
});

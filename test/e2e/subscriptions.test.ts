import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readExamples } from '../../subgraphs/demo/readExamples.ts';
import { collect } from '../server/support/collect.ts';
import { readEvents } from '../server/support/readEvents.ts';
import { ask } from './support/ask.ts';
import { shop } from './support/shop.ts';
import { startDemo } from './support/startDemo.ts';

const timeout = 20_000;
const reviewAdded = example('ReviewAdded');
const addReview = 'mutation ($input: AddReviewInput!) { addReview(input: $input) { id } }';
const input = { upc: 'p42', authorId: 'u7', rating: 4, body: 'Steady.' };
const event = {
  reviewAdded: {
    rating: 4,
    body: 'Steady.',
    product: { name: shop.product('p42').name, quantity: shop.stock('p42').quantity },
    author: { name: shop.user('u7').name, trust: trustAfterOneMore('u7') },
  },
};
const onTheWay = shipmentWith('SHIPMENT_STATUS_PACKED');
const delivered = shipmentWith('SHIPMENT_STATUS_DELIVERED');
const track = (id: string) => `subscription { trackShipment(id: "${id}") { status place } }`;

function example(title: string): string {
  return readExamples().find((candidate) => candidate.title === title)?.query ?? '';
}

function trustAfterOneMore(userId: string): string {
  const count = shop.reviewCountBy(userId) + 1;
  if (count >= 30) return 'EXPERT';
  return count >= 22 ? 'KNOWN' : 'NEW';
}

function shipmentWith(status: string): string {
  const found = shop.products.map(({ upc }) => shop.shipment(upc)).find((shipment) => shipment.status === status);
  assert.ok(found !== undefined);
  return found.id;
}

const toSocketUrl = (url: string): string => url.replace('http', 'ws');

/** The stock client of graphql-ws. */
function connect(t: TestContext, url: string) {
  const client = createClient({ url: toSocketUrl(url), webSocketImpl: WebSocket, retryAttempts: 0 });
  t.after(() => client.dispose());
  return client;
}

/** A WebSocket whose frames are written and read by hand. */
async function openSocket(t: TestContext, url: string) {
  const socket = new WebSocket(toSocketUrl(url), 'graphql-transport-ws');
  t.after(() => socket.terminate());
  const frames: AsyncIterator<readonly unknown[]> = on(socket, 'message');
  await once(socket, 'open');
  return {
    socket,
    send: (frame: object) => socket.send(JSON.stringify(frame)),
    next: async (): Promise<unknown> => JSON.parse(String((await frames.next()).value[0])),
  };
}

async function openEvents(t: TestContext, url: string, query: string) {
  const leave = new AbortController();
  t.after(() => leave.abort());
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
    signal: leave.signal,
  });
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  return { events: readEvents(response), leave: () => leave.abort() };
}

describe('subscriptions through the gateway', { timeout: 120_000 }, () => {
  it('reviewAdded over graphql-ws: each event is joined with three other services', { timeout }, async (t) => {
    const { url, backends, countRequests } = await startDemo(t);
    const events = connect(t, url).iterate({ query: reviewAdded });
    const first = events.next();
    await backends.reviews.whenSubscribers(1);
    countRequests();
    await ask(url, addReview, { input });
    assert.deepEqual((await first).value, { data: event });
    // One of reviews is the mutation; the count of reviews that trust requires comes with the event.
    assert.deepEqual(countRequests(), { accounts: 1, products: 1, reviews: 1, inventory: 1, shipping: 0 });
    await ask(url, addReview, { input: { ...input, body: 'Still steady.' } });
    const second = await events.next();
    assert.equal(JSON.stringify(second.value).includes('Still steady.'), true);
    await events.return?.();
    await backends.reviews.whenSubscribers(0);
  });

  it('frames by hand: init, subscribe, next, complete; the upstream subscription ends', { timeout }, async (t) => {
    const { url, backends } = await startDemo(t);
    const { socket, send, next } = await openSocket(t, url);
    assert.equal(socket.protocol, 'graphql-transport-ws');
    send({ type: 'connection_init' });
    assert.deepEqual(await next(), { type: 'connection_ack' });
    send({ id: 'a', type: 'subscribe', payload: { query: reviewAdded } });
    await backends.reviews.whenSubscribers(1);
    await ask(url, addReview, { input });
    assert.deepEqual(await next(), { id: 'a', type: 'next', payload: { data: event } });
    send({ id: 'a', type: 'complete' });
    await backends.reviews.whenSubscribers(0);
    send({ type: 'ping' });
    assert.deepEqual(await next(), { type: 'pong' });
  });

  it('a client whose socket is gone ends the upstream subscription', { timeout }, async (t) => {
    const { url, backends } = await startDemo(t);
    const { socket, send, next } = await openSocket(t, url);
    send({ type: 'connection_init' });
    await next();
    send({ id: 'a', type: 'subscribe', payload: { query: reviewAdded } });
    send({ id: 'b', type: 'subscribe', payload: { query: track(onTheWay) } });
    await Promise.all([backends.reviews.whenSubscribers(1), backends.shipping.whenStreams(1)]);
    socket.terminate();
    await Promise.all([backends.reviews.whenSubscribers(0), backends.shipping.whenStreams(0)]);
  });

  it('reviewAdded over SSE; leaving ends the upstream subscription', { timeout }, async (t) => {
    const { url, backends } = await startDemo(t);
    const { events, leave } = await openEvents(t, url, reviewAdded);
    await backends.reviews.whenSubscribers(1);
    await ask(url, addReview, { input });
    assert.deepEqual((await events.next()).value, { event: 'next', data: { data: event } });
    leave();
    await backends.reviews.whenSubscribers(0);
  });

  it('trackShipment: a gRPC stream that ends completes the subscription', { timeout }, async (t) => {
    const { url } = await startDemo(t);
    const { events } = await openEvents(t, url, track(delivered));
    const received = await collect(events);
    assert.deepEqual(
      received.map(({ event: type, data }) => [
        type,
        (data as ReturnType<typeof step> | undefined)?.data.trackShipment.place,
      ]),
      [
        ['next', 'warehouse'],
        ['next', 'sorting centre'],
        ['next', 'delivery van'],
        ['next', 'front door'],
        ['complete', undefined],
      ],
    );
    assert.deepEqual(received[0]?.data, step('SHIPMENT_STATUS_PACKED', 'warehouse'));
  });

  it('trackShipment over WebSocket; leaving ends the stream', { timeout }, async (t) => {
    const { url, backends } = await startDemo(t);
    const events = connect(t, url).iterate({ query: track(onTheWay) });
    assert.deepEqual((await events.next()).value, step('SHIPMENT_STATUS_PACKED', 'warehouse'));
    await backends.shipping.whenStreams(1);
    await events.return?.();
    await backends.shipping.whenStreams(0);
  });
});

const step = (status: string, place: string) => ({ data: { trackShipment: { status, place } } });

describe('subscriptions whose backend fails', { timeout: 120_000 }, () => {
  const cases = [
    { name: 'reviews', query: reviewAdded },
    { name: 'shipping', query: track(onTheWay) },
  ] as const;

  for (const { name, query } of cases) {
    it(`${name} is killed: an error event, then complete, over SSE`, { timeout }, async (t) => {
      const { url, backends } = await startDemo(t);
      const { events } = await openEvents(t, url, query);
      await begun(backends, name);
      if (name === 'shipping') await events.next();
      await backends[name].close();
      const [last, complete, ...more] = await collect(events);
      checkFault(errorsIn(last), name);
      assert.deepEqual([last?.event, complete?.event, more], ['next', 'complete', []]);
    });

    it(`${name} is killed: an error, then the end, over WebSocket`, { timeout }, async (t) => {
      const { url, backends } = await startDemo(t);
      const { send, next } = await openSocket(t, url);
      send({ type: 'connection_init' });
      await next();
      send({ id: 'a', type: 'subscribe', payload: { query } });
      await begun(backends, name);
      if (name === 'shipping') await next();
      await backends[name].close();
      const last = (await next()) as { readonly type: string; readonly payload: { readonly errors?: unknown } };
      assert.equal(last.type, 'next');
      checkFault(last.payload.errors, name);
      assert.deepEqual(await next(), { id: 'a', type: 'complete' });
    });

    it(`${name} is down: subscribing is an error at once`, { timeout }, async (t) => {
      const { url, backends } = await startDemo(t);
      await backends[name].close();
      const { events } = await openEvents(t, url, query);
      const [only] = await collect(events);
      checkFault(errorsIn(only), name);
    });
  }

  it('a service whose fields are joined is killed: events go on with nulls and errors', { timeout }, async (t) => {
    const { url, backends } = await startDemo(t);
    const events = connect(t, url).iterate({ query: reviewAdded });
    const first = events.next();
    await backends.reviews.whenSubscribers(1);
    await backends.inventory.close();
    await ask(url, addReview, { input });
    const { value } = await first;
    assert.deepEqual(value?.data, {
      reviewAdded: { ...event.reviewAdded, product: { ...event.reviewAdded.product, quantity: null } },
    });
    const [error] = value?.errors ?? [];
    assert.deepEqual(error?.path, ['reviewAdded', 'product', 'quantity']);
    assert.deepEqual(error?.extensions, { code: 'SUBGRAPH_UNREACHABLE', subgraph: 'inventory' });
    await events.return?.();
  });
});

async function begun(
  backends: Awaited<ReturnType<typeof startDemo>>['backends'],
  name: 'reviews' | 'shipping',
): Promise<void> {
  await (name === 'reviews' ? backends.reviews.whenSubscribers(1) : backends.shipping.whenStreams(1));
}

function errorsIn(event: { readonly data: unknown } | undefined): unknown {
  return (event?.data as { readonly errors?: unknown } | undefined)?.errors;
}

function checkFault(errors: unknown, subgraph: string): void {
  const [error, ...more] = errors as readonly { readonly extensions?: unknown }[];
  assert.deepEqual(more, []);
  assert.deepEqual(error?.extensions, { code: 'SUBGRAPH_UNREACHABLE', subgraph });
}

/** `@defer` and `@stream` on the wire: real subgraphs, a real gateway, every way of reading. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createGateway } from '../../src/index.ts';
import { readEvents } from './support/readEvents.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';
const PRODUCTS = `${link} type Query { product: Product products: [Product!]! } type Product @key(fields: "id") { id: ID! name: String! }`;
const REVIEWS = `${link} type Product @key(fields: "id") { id: ID! stars: Int broken: Int! }`;

type Answer = (body: {
  readonly query: string;
  readonly variables: { readonly representations?: { id: string }[] };
}) => unknown;

interface Backend {
  readonly url: string;
  /** Lets the answers go that wait; without it they are given at once. */
  hold(): { readonly asked: Promise<void>; readonly left: Promise<void>; release(): void };
}

async function serve(t: TestContext, answer: Answer): Promise<Backend> {
  let gate: { asked: () => void; left: () => void; open: Promise<void> } | undefined;
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (gate !== undefined) {
      const { left } = gate;
      response.once('close', () => {
        if (!response.writableEnded) left();
      });
      gate.asked();
      await gate.open;
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer(JSON.parse(text) as Parameters<Answer>[0])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    hold() {
      const [asked, left, open] = [
        Promise.withResolvers<void>(),
        Promise.withResolvers<void>(),
        Promise.withResolvers<void>(),
      ];
      gate = { asked: asked.resolve, left: left.resolve, open: open.promise };
      return { asked: asked.promise, left: left.promise, release: open.resolve };
    },
  };
}

async function start(t: TestContext) {
  const product = (id: string) => ({ __typename: 'Product', id, name: `product ${id}` });
  const products = await serve(t, () => ({ data: { product: product('1'), products: ['1', '2', '3'].map(product) } }));
  const reviews = await serve(t, ({ query, variables }) =>
    query.includes('broken')
      ? { data: { _entities: [null] }, errors: [{ message: 'no stars', path: ['_entities', 0, 'broken'] }] }
      : { data: { _entities: (variables.representations ?? []).map(({ id }) => ({ stars: Number(id) })) } },
  );
  const directory = await mkdtemp(join(tmpdir(), 'weft-incremental-'));
  await writeFile(join(directory, 'products.graphql'), PRODUCTS);
  await writeFile(join(directory, 'reviews.graphql'), REVIEWS);
  const gateway = await createGateway({
    subgraphs: [
      { name: 'products', url: products.url, schema: join(directory, 'products.graphql') },
      { name: 'reviews', url: reviews.url, schema: join(directory, 'reviews.graphql') },
    ],
    state_directory: join(directory, 'state'),
    log: { info() {}, warn() {}, error() {} },
  });
  const { url } = await gateway.listen({ port: 0 });
  t.after(async () => {
    await gateway.close();
    await rm(directory, { recursive: true, force: true });
  });
  const ask = (query: string, accept: string, signal?: AbortSignal) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query }),
      ...(signal === undefined ? {} : { signal }),
    });
  return { url, reviews, ask };
}

/** The JSON bodies of a multipart answer, as they come. */
async function* readParts(response: Response): AsyncGenerator<unknown, void, void> {
  assert.ok(response.body !== null);
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    rest += chunk;
    const parts = rest.split('\r\n---');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const at = part.indexOf('\r\n\r\n');
      if (at < 0) continue;
      assert.match(part.slice(0, at), /Content-Type: application\/json; charset=utf-8/);
      yield JSON.parse(part.slice(at + 4));
    }
  }
  assert.equal(rest, '--\r\n');
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

const DEFERRED = '{ product { name ... @defer(label: "stars") { stars } } }';
const FIRST = {
  data: { product: { name: 'product 1' } },
  pending: [{ id: '0', path: ['product'], label: 'stars' }],
  hasNext: true,
};
const SECOND = { hasNext: false, incremental: [{ id: '0', data: { stars: 1 } }], completed: [{ id: '0' }] };
const JSON_TYPE = 'application/graphql-response+json';

it('over multipart, the first part comes while the subgraph of the second is still at work', async (t) => {
  const { ask, reviews } = await start(t);
  const gate = reviews.hold();
  const response = await ask(DEFERRED, `multipart/mixed, ${JSON_TYPE}`);
  assert.equal(response.headers.get('content-type'), 'multipart/mixed; boundary="-"');
  const parts = readParts(response);
  assert.deepEqual((await parts.next()).value, FIRST);
  await gate.asked;
  gate.release();
  assert.deepEqual(await all(parts), [SECOND]);
});

it('in the format of 2022 where the client asks for it', async (t) => {
  const { ask } = await start(t);
  const response = await ask(DEFERRED, `multipart/mixed; deferSpec=20220824, ${JSON_TYPE}`);
  assert.equal(response.headers.get('content-type'), 'multipart/mixed; boundary="-"; deferSpec=20220824');
  assert.deepEqual(await all(readParts(response)), [
    { data: { product: { name: 'product 1' } }, hasNext: true },
    { hasNext: false, incremental: [{ data: { stars: 1 }, path: ['product'], label: 'stars' }] },
  ]);
});

it('over Server-Sent Events', async (t) => {
  const { ask } = await start(t);
  assert.deepEqual(await all(readEvents(await ask(DEFERRED, 'text/event-stream'))), [
    { event: 'next', data: FIRST },
    { event: 'next', data: SECOND },
    { event: 'complete', data: undefined },
  ]);
});

it('over WebSocket', async (t) => {
  const { url } = await start(t);
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  assert.deepEqual(await all(client.iterate({ query: DEFERRED })), [FIRST, SECOND]);
  await client.dispose();
});

it('at once, where the client reads one JSON text only', async (t) => {
  const { ask } = await start(t);
  for (const accept of [JSON_TYPE, 'application/json', '*/*']) {
    const response = await ask(DEFERRED, accept);
    assert.match(String(response.headers.get('content-type')), /json/);
    assert.deepEqual(await response.json(), { data: { product: { name: 'product 1', stars: 1 } } });
  }
});

it('as plain JSON, where a client that could read parts asks for nothing later', async (t) => {
  const { ask } = await start(t);
  for (const query of ['{ product { name } }', '{ product { name ... @defer(if: false) { stars } } }']) {
    const response = await ask(query, `multipart/mixed, ${JSON_TYPE}`);
    assert.match(String(response.headers.get('content-type')), /graphql-response\+json/);
    assert.deepEqual(Object.keys((await response.json()) as object), ['data']);
  }
});

it('an error of a deferred part is told with it, and a null ends at its fragment', async (t) => {
  const { ask } = await start(t);
  const [first, second] = (await all(
    readParts(await ask('{ product { name ... @defer { broken } } }', 'multipart/mixed')),
  )) as [object, { completed: { id: string; errors: { message: string; path: unknown }[] }[]; incremental?: unknown }];
  assert.deepEqual(first, {
    data: { product: { name: 'product 1' } },
    pending: [{ id: '0', path: ['product'] }],
    hasNext: true,
  });
  assert.equal(second.incremental, undefined);
  assert.deepEqual(
    second.completed.map(({ id, errors }) => [id, errors.map(({ message, path }) => [message, path])]),
    [['0', [['no stars', ['product', 'broken']]]]],
  );
});

it('a streamed list begins with as many items as asked for', async (t) => {
  const { ask } = await start(t);
  const parts = await all(
    readParts(await ask('{ products @stream(initialCount: 1, label: "rest") { name } }', 'multipart/mixed')),
  );
  assert.deepEqual(parts, [
    {
      data: { products: [{ name: 'product 1' }] },
      pending: [{ id: '0', path: ['products'], label: 'rest' }],
      hasNext: true,
    },
    {
      hasNext: false,
      incremental: [{ id: '0', items: [{ name: 'product 2' }, { name: 'product 3' }] }],
      completed: [{ id: '0' }],
    },
  ]);
});

for (const accept of ['multipart/mixed', 'text/event-stream']) {
  it(`a client that leaves ends what is under way for later parts (${accept})`, { timeout: 10_000 }, async (t) => {
    const { ask, reviews } = await start(t);
    const gate = reviews.hold();
    const leave = new AbortController();
    const response = await ask(DEFERRED, accept, leave.signal);
    assert.ok(response.body !== null);
    await response.body.getReader().read();
    await gate.asked;
    leave.abort();
    await gate.left;
  });
}

it('a subscription may defer nothing', async (t) => {
  const { ask } = await start(t);
  const response = await ask('subscription { a { ... @defer { b } } }', 'text/event-stream');
  assert.match(await response.text(), /GRAPHQL_VALIDATION_FAILED/);
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { GatewayError } from '../../../src/errors/GatewayError.ts';
import type { Source, SourceResult } from '../../../src/execute/Source.ts';
import { createGraphqlSource, type GraphqlSourceOptions } from '../../../src/sources/graphql/createGraphqlSource.ts';
import { createHttpClient } from '../../../src/upstream/createHttpClient.ts';
import { toRequest } from '../contract.ts';
import { answer, serveHttp } from './serveHttp.ts';
import { startGraphqlBackend } from './startGraphqlBackend.ts';

const ws = { protocol: 'ws' } as const;
const sse = { protocol: 'sse' } as const;

test('WebSocket: the headers go with the handshake and with connection_init.', async (t) => {
  const backend = await startGraphqlBackend('healthy');
  t.after(() => backend.kill());
  const things = source(t, {
    url: backend.url,
    subscriptions: ws,
    headers: { send: { 'x-fixed': '1' }, propagate: ['x-caller'] },
  });
  const context = { headers: new Headers({ 'x-caller': 'ada' }) };
  const results = await collect(things, { context, document: 'subscription { caller }' });
  assert.deepEqual(results, [{ data: { caller: 'ada' } }]);
  assert.deepEqual(backend.initPayloads, [{ 'x-fixed': '1', 'x-caller': 'ada' }]);
});

test('SSE: the headers go with the request, and "complete" ends the iteration.', async (t) => {
  const backend = await startGraphqlBackend('healthy');
  t.after(() => backend.kill());
  const things = source(t, { url: backend.url, subscriptions: sse, headers: { send: {}, propagate: ['x-caller'] } });
  const context = { headers: new Headers({ 'x-caller': 'ada' }) };
  assert.deepEqual(await collect(things, { context, document: 'subscription { caller }' }), [
    { data: { caller: 'ada' } },
  ]);
});

for (const subscriptions of [ws, sse]) {
  test(`${subscriptions.protocol}: a document that the backend refuses gives its errors and ends.`, async (t) => {
    const backend = await startGraphqlBackend('healthy');
    t.after(() => backend.kill());
    const results = await collect(source(t, { url: backend.url, subscriptions }), {
      document: 'subscription { unknown }',
    });
    assert.equal(results.length, 1);
    assert.match(results[0]?.errors?.[0]?.message ?? '', /unknown/);
  });

  test(`${subscriptions.protocol}: a signal that was aborted before opens nothing.`, async (t) => {
    const { url } = await serveHttp(t, () => assert.fail('must not be called'));
    const signal = AbortSignal.abort(new Error('gone'));
    const request = toRequest('subscription', 'subscription { a }', { signal });
    const events = source(t, { url, subscriptions }).subscribe?.(request)[Symbol.asyncIterator]();
    assert.equal((await events?.next())?.done, true);
  });
}

test('WebSocket: a backend that no longer answers pings ends the subscription with an error.', async (t) => {
  const url = await serveSockets(t, (socket, message) => {
    if (message.type === 'connection_init') {
      send(socket, { type: 'connection_ack' });
    }
  });
  const error = await failure(collect(source(t, { url, subscriptions: ws, keepAlive: { interval: 10, timeout: 20 } })));
  assert.equal(error.code, 'SUBGRAPH_UNREACHABLE');
  assert.match(error.message, /no longer answers pings/);
});

test('WebSocket: pings that are answered keep the subscription.', async (t) => {
  let pings = 0;
  const url = await serveSockets(t, (socket, message) => {
    if (message.type === 'connection_init') {
      send(socket, { type: 'connection_ack' });
    } else if (message.type === 'ping') {
      pings++;
      send(socket, { type: 'pong' });
      if (pings === 3) {
        send(socket, { type: 'complete', id: ids.get(socket) });
      }
    } else if (message.type === 'subscribe') {
      ids.set(socket, message.id);
    }
  });
  const ids = new Map<WebSocket, string | undefined>();
  const things = source(t, { url, subscriptions: ws, keepAlive: { interval: 5, timeout: 2000 } });
  assert.deepEqual(await collect(things), []);
  assert.equal(pings, 3);
});

test('WebSocket: a connection that is never acknowledged is SUBGRAPH_TIMEOUT.', async (t) => {
  const url = await serveSockets(t, () => undefined);
  const error = await failure(collect(source(t, { url, subscriptions: ws, timeout: 30 })));
  assert.equal(error.code, 'SUBGRAPH_TIMEOUT');
});

test('WebSocket: a handshake that is never answered is SUBGRAPH_TIMEOUT.', async (t) => {
  const { url, server } = await serveHttp(t, () => undefined);
  server.on('upgrade', () => undefined);
  const error = await failure(collect(source(t, { url, subscriptions: ws, timeout: 30 })));
  assert.equal(error.code, 'SUBGRAPH_TIMEOUT');
});

test('WebSocket: a refused handshake is SUBGRAPH_HTTP_ERROR with the status.', async (t) => {
  const { url } = await serveHttp(t, answer(403, 'no'));
  const error = await failure(collect(source(t, { url, subscriptions: ws })));
  assert.deepEqual(error.extensions, { code: 'SUBGRAPH_HTTP_ERROR', subgraph: 'things', http: { status: 403 } });
});

test('WebSocket: an address or a header that cannot be sent is SUBGRAPH_UNREACHABLE.', async (t) => {
  for (const url of ['', 'ftp://127.0.0.1/', 'ws://127.0.0.1:1/#there']) {
    assert.equal((await failure(collect(source(t, { url, subscriptions: ws })))).code, 'SUBGRAPH_UNREACHABLE');
  }
  const headers = { send: { 'x-bad': 'a\nb' }, propagate: [] };
  const error = await failure(collect(source(t, { url: 'ws://127.0.0.1:1/', subscriptions: ws, headers })));
  assert.match(error.message, /cannot be sent/);
});

test('WebSocket: a backend that closes says why, and is not asked again, even after a normal closure.', async (t) => {
  for (const [code, reason] of [
    [4403, 'Forbidden'],
    [1000, 'Bye'],
    [1012, 'Restart'],
  ] as const) {
    let connections = 0;
    const url = await serveSockets(t, (socket, message) => {
      if (message.type === 'connection_init') {
        connections++;
        send(socket, { type: 'connection_ack' });
      } else {
        socket.close(code, reason);
      }
    });
    const error = await failure(collect(source(t, { url, subscriptions: ws })));
    assert.equal(
      error.message,
      `Subgraph "things" cannot be reached: it closed the connection with code ${code} (${reason}).`,
    );
    assert.equal(connections, 1);
  }
});

test('WebSocket: messages of another protocol and results of a wrong shape are SUBGRAPH_INVALID_RESPONSE.', async (t) => {
  const nonsense = await serveSockets(t, (socket) => socket.send('hello'));
  assert.equal(
    (await failure(collect(source(t, { url: nonsense, subscriptions: ws })))).code,
    'SUBGRAPH_INVALID_RESPONSE',
  );
  const wrong = await serveSockets(t, (socket, message) => {
    send(
      socket,
      message.type === 'connection_init' ? { type: 'connection_ack' } : { type: 'next', id: message.id, payload: {} },
    );
  });
  assert.equal(
    (await failure(collect(source(t, { url: wrong, subscriptions: ws })))).code,
    'SUBGRAPH_INVALID_RESPONSE',
  );
});

test('WebSocket: a slow reader gets every event in order.', async (t) => {
  const total = 2000;
  const url = await serveSockets(t, (socket, message) => {
    if (message.type === 'connection_init') {
      send(socket, { type: 'connection_ack' });
    } else if (message.type === 'subscribe') {
      for (let n = 0; n < total; n++) {
        send(socket, { type: 'next', id: message.id, payload: { data: { n } } });
      }
      send(socket, { type: 'complete', id: message.id });
    }
  });
  await readSlowly(source(t, { url, subscriptions: ws }), total);
});

test('SSE: a slow reader gets every event in order.', async (t) => {
  const total = 2000;
  const { url } = await serveHttp(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    for (let n = 0; n < total; n++) {
      response.write(`event: next\ndata: {"data":{"n":${n}}}\n\n`);
    }
    response.end('event: complete\ndata:\n\n');
  });
  await readSlowly(source(t, { url, subscriptions: sse }), total);
});

test('SSE: a stream that ends without "complete" is SUBGRAPH_UNREACHABLE.', async (t) => {
  const { url } = await serveHttp(t, answer(200, 'event: next\ndata: {"data":{"n":1}}\n\n', 'text/event-stream'));
  const events = source(t, { url, subscriptions: sse }).subscribe?.(toRequest('subscription', 'subscription { n }'));
  const iterator = events?.[Symbol.asyncIterator]();
  assert.deepEqual((await iterator?.next())?.value, { data: { n: 1 } });
  const error = await failure(iterator?.next());
  assert.equal(error.code, 'SUBGRAPH_UNREACHABLE');
  assert.match(error.message, /before the subscription was complete/);
});

test('SSE: garbage in an event or instead of the stream is SUBGRAPH_INVALID_RESPONSE, a status SUBGRAPH_HTTP_ERROR.', async (t) => {
  const cases = [
    ['SUBGRAPH_INVALID_RESPONSE', answer(200, 'event: next\ndata: {no\n\n', 'text/event-stream')],
    ['SUBGRAPH_INVALID_RESPONSE', answer(200, '<html>Welcome</html>', 'text/html')],
    ['SUBGRAPH_HTTP_ERROR', answer(503, 'down', 'text/plain')],
  ] as const;
  for (const [code, listener] of cases) {
    const { url } = await serveHttp(t, listener);
    assert.equal((await failure(collect(source(t, { url, subscriptions: sse })))).code, code);
  }
});

function source(t: TestContext, options: Partial<GraphqlSourceOptions>): Source {
  const http = createHttpClient();
  t.after(() => http.close());
  const defaults = { name: 'things', url: '', headers: { send: {}, propagate: [] }, timeout: 5000 };
  return createGraphqlSource({ ...defaults, http, ...options });
}

async function collect(
  things: Source,
  request: { readonly document?: string; readonly context?: { readonly headers: Headers } } = {},
): Promise<SourceResult[]> {
  const { document = 'subscription { a }', ...more } = request;
  const results: SourceResult[] = [];
  for await (const result of things.subscribe?.(toRequest('subscription', document, more)) ?? []) {
    results.push(result);
  }
  return JSON.parse(JSON.stringify(results));
}

async function readSlowly(things: Source, total: number): Promise<void> {
  let expected = 0;
  for await (const result of things.subscribe?.(toRequest('subscription', 'subscription { n }')) ?? []) {
    assert.equal(result.data?.['n'], expected);
    expected++;
    if (expected % 50 === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  assert.equal(expected, total);
}

async function failure(promise: Promise<unknown> | undefined): Promise<GatewayError> {
  const error = await promise?.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GatewayError, `expected a GatewayError, got ${String(error)}`);
  return error;
}

interface Message {
  readonly type: string;
  readonly id?: string;
}

/** A WebSocket server that does what the test says for each message. */
async function serveSockets(t: TestContext, onMessage: (socket: WebSocket, message: Message) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' });
  server.on('connection', (socket) => {
    socket.on('message', (data) => onMessage(socket, JSON.parse(String(data))));
  });
  await once(server, 'listening');
  t.after(() => {
    for (const socket of server.clients) {
      socket.terminate();
    }
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `ws://127.0.0.1:${address.port}`;
}

function send(socket: WebSocket, message: unknown): void {
  socket.send(JSON.stringify(message));
}

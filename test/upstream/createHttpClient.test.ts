import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import { createHttpClient, type HttpClientOptions } from '../../src/upstream/createHttpClient.ts';
import type { HttpClient, HttpRequest } from '../../src/upstream/HttpClient.ts';

test('A request gives the status, the headers and the whole body.', async (t) => {
  const url = await serve(t, (request, response) => {
    response.writeHead(201, { 'x-method': String(request.method), 'x-path': String(request.url) });
    request.pipe(response);
  });
  const answer = await client(t).request(toRequest(`${url}/a?b=1`, { method: 'POST', body: '{"ä":1}' }));
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['x-method'], 'POST');
  assert.equal(answer.headers['x-path'], '/a?b=1');
  assert.equal(answer.body, '{"ä":1}');
});

test('One connection is used again.', async (t) => {
  const ports = new Set<number | undefined>();
  const url = await serve(t, (request, response) => {
    ports.add(request.socket.remotePort);
    response.end('ok');
  });
  const http = client(t, { connections: 1 });
  await http.request(toRequest(url));
  await http.request(toRequest(url));
  assert.equal(ports.size, 1);
});

test('A user and a password in the URL become basic authorization.', async (t) => {
  const url = await serve(t, (request, response) => response.end(request.headers.authorization));
  const answer = await client(t).request(toRequest(url.replace('http://', 'http://me:p%40ss@')));
  assert.equal(answer.body, `Basic ${Buffer.from('me:p@ss').toString('base64')}`);
});

test('A refused connection is SUBGRAPH_UNREACHABLE in words, without the URL.', async (t) => {
  const url = await closedPort();
  const request = toRequest(url.replace('http://', 'http://me:secret@'));
  const error = await failure(client(t).request(request));
  assert.equal(error.code, 'SUBGRAPH_UNREACHABLE');
  assert.equal(error.message, 'Subgraph "things" cannot be reached: the connection was refused.');
  assert.deepEqual(error.extensions, { code: 'SUBGRAPH_UNREACHABLE', subgraph: 'things' });
});

test('A host that does not exist is SUBGRAPH_UNREACHABLE.', async (t) => {
  const error = await failure(client(t).request(toRequest('http://nowhere.invalid/')));
  assert.equal(error.code, 'SUBGRAPH_UNREACHABLE');
  assert.match(error.message, /host name/);
});

test('A URL of another scheme is SUBGRAPH_UNREACHABLE.', async (t) => {
  const error = await failure(client(t).request(toRequest('ftp://127.0.0.1/')));
  assert.match(error.message, /no valid http or https URL/);
});

test('A backend that hangs is SUBGRAPH_TIMEOUT, and its connection is closed.', async (t) => {
  const closed = Promise.withResolvers<void>();
  const url = await serve(t, (request) => {
    request.socket.on('close', () => closed.resolve());
  });
  const error = await failure(client(t).request(toRequest(url, { timeout: 30 })));
  assert.equal(error.code, 'SUBGRAPH_TIMEOUT');
  assert.equal(error.message, 'Subgraph "things" did not answer within 30 ms.');
  await closed.promise;
});

test('A body that never ends is SUBGRAPH_TIMEOUT.', async (t) => {
  const url = await serve(t, (_request, response) => response.write('some'));
  const error = await failure(client(t).request(toRequest(url, { timeout: 30 })));
  assert.equal(error.code, 'SUBGRAPH_TIMEOUT');
});

test('An aborted signal rejects with its reason and closes the connection.', async (t) => {
  const controller = new AbortController();
  const reason = new Error('the client has left');
  const closed = Promise.withResolvers<void>();
  const url = await serve(t, (request) => {
    request.socket.on('close', () => closed.resolve());
    controller.abort(reason);
  });
  await assert.rejects(client(t).request(toRequest(url, { signal: controller.signal })), reason);
  await closed.promise;
});

test('A signal that was aborted before sends nothing.', async (t) => {
  const url = await serve(t, () => assert.fail('must not be called'));
  const reason = new Error('gone');
  await assert.rejects(client(t).request(toRequest(url, { signal: AbortSignal.abort(reason) })), reason);
});

test('An answer over the limit is SUBGRAPH_INVALID_RESPONSE.', async (t) => {
  const url = await serve(t, (_request, response) => response.end(Buffer.alloc(2000)));
  const error = await failure(client(t, { maxAnswerSize: 1000 }).request(toRequest(url)));
  assert.equal(error.code, 'SUBGRAPH_INVALID_RESPONSE');
  assert.match(error.message, /more than 1000 bytes/);
});

test('An answer that is not HTTP is SUBGRAPH_INVALID_RESPONSE.', async (t) => {
  const url = await serveTcp(t, (socket) => socket.end('EHLO dear friend\r\n\r\n'));
  const error = await failure(client(t).request(toRequest(url)));
  assert.equal(error.code, 'SUBGRAPH_INVALID_RESPONSE');
});

test('A connection that breaks amid the body is SUBGRAPH_UNREACHABLE, idempotent or not.', async (t) => {
  const url = await serve(t, (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('part', () => response.destroy());
  });
  const error = await failure(client(t).request(toRequest(url, { idempotent: true })));
  assert.equal(error.code, 'SUBGRAPH_UNREACHABLE');
  assert.match(error.message, /broke|reset/);
});

test('An idempotent request survives a connection that the backend has closed meanwhile.', async (t) => {
  const { url, count } = await serveOncePerConnection(t);
  const http = client(t, { connections: 1 });
  assert.equal((await http.request(toRequest(url, { idempotent: true }))).body, 'ok');
  assert.equal((await http.request(toRequest(url, { idempotent: true }))).body, 'ok');
  assert.deepEqual(count, { requests: 3, connections: 2 });
});

test('A request that is not idempotent is never sent twice.', async (t) => {
  const { url, count } = await serveOncePerConnection(t);
  const http = client(t, { connections: 1 });
  await http.request(toRequest(url));
  const error = await failure(http.request(toRequest(url)));
  assert.equal(error.code, 'SUBGRAPH_UNREACHABLE');
  assert.deepEqual(count, { requests: 2, connections: 1 });
});

test('A backend that always breaks off is tried twice, not for ever.', async (t) => {
  let connections = 0;
  const url = await serveTcp(t, (socket) => {
    connections++;
    socket.once('data', () => socket.destroy());
  });
  const error = await failure(client(t).request(toRequest(url, { idempotent: true })));
  assert.equal(error.code, 'SUBGRAPH_UNREACHABLE');
  assert.equal(connections, 2);
});

test('A full queue refuses at once; a request that gives up in the queue harms no other.', async (t) => {
  const arrived = Promise.withResolvers<void>();
  const answers: (() => void)[] = [];
  const ports: (number | undefined)[] = [];
  const url = await serve(t, (request, response) => {
    ports.push(request.socket.remotePort);
    answers.push(() => response.end('ok'));
    if (answers.length === 1) {
      arrived.resolve();
    } else {
      response.end('ok');
    }
  });
  const http = client(t, { connections: 1, maxQueued: 1 });
  const first = http.request(toRequest(url));
  await arrived.promise;
  const waiting = [failure(http.request(toRequest(url, { timeout: 20 }))), http.request(toRequest(url))] as const;
  const refused = await failure(http.request(toRequest(url)));
  assert.match(refused.message, /too many requests are queued/);
  assert.equal((await waiting[0]).code, 'SUBGRAPH_TIMEOUT');
  answers[0]?.();
  assert.equal((await first).body, 'ok');
  assert.equal((await waiting[1]).body, 'ok');
  assert.equal(new Set(ports).size, 1);
  assert.equal(ports.length, 2);
});

test('A header that cannot be sent fails that request only.', async (t) => {
  const url = await serve(t, (_request, response) => response.end('ok'));
  const http = client(t);
  const error = await failure(http.request(toRequest(url, { headers: { 'x-bad': 'a\nb' } })));
  assert.equal(error.code, 'SUBGRAPH_UNREACHABLE');
  assert.equal((await http.request(toRequest(url))).status, 200);
});

test('After close nothing is sent, and what was in flight has failed; closing again does no harm.', async (t) => {
  const arrived = Promise.withResolvers<void>();
  const url = await serve(t, () => arrived.resolve());
  const http = client(t);
  const pending = failure(http.request(toRequest(url)));
  await arrived.promise;
  await http.close();
  assert.match((await pending).message, /closed its connections/);
  assert.match((await failure(http.request(toRequest(url)))).message, /closed its connections/);
  await http.close();
});

test('A stream gives its headers at once and the chunks as they come.', async (t) => {
  const go = Promise.withResolvers<void>();
  const url = await serve(t, (_request, response) => {
    response.writeHead(200, { 'x-a': 'b' });
    response.write('one');
    go.promise.then(() => response.end('two'));
  });
  const stream = await client(t).stream(toRequest(url));
  assert.equal(stream.headers['x-a'], 'b');
  const chunks: string[] = [];
  for await (const chunk of stream.body) {
    chunks.push(chunk.toString());
    go.resolve();
  }
  assert.deepEqual(chunks, ['one', 'two']);
});

test('Streams that are open take no connection from the calls.', async (t) => {
  const url = await serve(t, (request, response) => {
    response.write('open');
    if (request.url !== '/stream') {
      response.end();
    }
  });
  const http = client(t, { connections: 1 });
  const streams = await Promise.all([1, 2, 3].map(() => http.stream(toRequest(`${url}/stream`))));
  assert.deepEqual(
    streams.map((stream) => stream.status),
    [200, 200, 200],
  );
  assert.equal((await http.request(toRequest(url))).status, 200);
});

test('A reader that leaves closes the connection, even while it waits for a chunk.', async (t) => {
  const closed = Promise.withResolvers<void>();
  const url = await serve(t, (request, response) => {
    request.socket.on('close', () => closed.resolve());
    response.writeHead(200);
    response.flushHeaders();
  });
  const stream = await client(t).stream(toRequest(url));
  const reader = stream.body[Symbol.asyncIterator]();
  const next = reader.next();
  await reader.return?.();
  assert.equal((await next).done, true);
  await closed.promise;
});

test('A stream that breaks off throws SUBGRAPH_UNREACHABLE; one that is aborted throws the reason.', async (t) => {
  const url = await serve(t, (_request, response) => {
    response.write('one', () => response.destroy());
  });
  const broken = await client(t).stream(toRequest(url));
  assert.equal((await failure(drain(broken.body))).code, 'SUBGRAPH_UNREACHABLE');

  const open = await serve(t, (_request, response) => response.write('one'));
  const controller = new AbortController();
  const stream = await client(t).stream(toRequest(open, { signal: controller.signal }));
  const reason = new Error('enough');
  controller.abort(reason);
  await assert.rejects(drain(stream.body), reason);
});

test('A slow reader pauses the backend and misses nothing.', async (t) => {
  const total = 3 * 1024 * 1024;
  const url = await serve(t, (_request, response) => response.end(Buffer.alloc(total, 'x')));
  const stream = await client(t).stream(toRequest(url));
  let size = 0;
  for await (const chunk of stream.body) {
    size += chunk.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(size, total);
});

async function drain(body: AsyncIterable<Buffer>): Promise<void> {
  for await (const _chunk of body) {
    // Only the end counts.
  }
}

function toRequest(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { subgraph: 'things', url, method: 'GET', headers: {}, timeout: 5000, ...more };
}

function client(t: TestContext, options: HttpClientOptions = {}): HttpClient {
  const http = createHttpClient(options);
  t.after(() => http.close());
  return http;
}

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GatewayError, `expected a GatewayError, got ${String(error)}`);
  return error;
}

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const url = await listen(t, server);
  t.after(() => server.closeAllConnections());
  return url;
}

async function serveTcp(t: TestContext, onConnection: (socket: Socket) => void): Promise<string> {
  return await listen(
    t,
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      onConnection(socket);
    }),
  );
}

/** Answers the first request of a connection; the second one closes it, as a backend does that timed out an idle connection. */
async function serveOncePerConnection(
  t: TestContext,
): Promise<{ url: string; count: { requests: number; connections: number } }> {
  const count = { requests: 0, connections: 0 };
  const url = await serveTcp(t, (socket) => {
    count.connections++;
    let answered = false;
    socket.on('data', () => {
      count.requests++;
      if (answered) {
        socket.destroy();
        return;
      }
      answered = true;
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
  });
  return { url, count };
}

async function listen(t: TestContext, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${portOf(server)}`;
}

async function closedPort(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

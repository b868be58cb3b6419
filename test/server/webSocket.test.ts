import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { type ClientOptions, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { collect } from './support/collect.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

function connect(test: TestGateway, options: Partial<ClientOptions> = {}) {
  return createClient({ url: test.url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0, ...options });
}

function open(test: TestGateway, headers: Record<string, string> = {}, path = '/graphql'): WebSocket {
  return new WebSocket(`${test.origin.replace('http', 'ws')}${path}`, 'graphql-transport-ws', { headers });
}

async function opens(socket: WebSocket): Promise<boolean> {
  const outcome = await Promise.race([
    once(socket, 'open').then(() => true),
    once(socket, 'unexpected-response').then(
      () => false,
      () => false,
    ),
  ]);
  socket.on('error', () => undefined);
  socket.terminate();
  return outcome;
}

/** The errors that an operation ends with, as the client gets them. */
async function errorsOf(test: TestGateway, query: string, variables?: Record<string, unknown>): Promise<string> {
  const client = connect(test);
  try {
    const results = await collect(client.iterate({ query, ...(variables === undefined ? {} : { variables }) }));
    return JSON.stringify(results);
  } catch (error) {
    return JSON.stringify(error);
  } finally {
    await client.dispose();
  }
}

describe('graphql-transport-ws', () => {
  it('carries subscriptions, queries and mutations', async () => {
    await using test = await startTestGateway();
    const client = connect(test);
    const ticks = await collect(client.iterate({ query: 'subscription { ticks(to: 2) }' }));
    const hello = await collect(client.iterate({ query: '{ hello }' }));
    const bump = await collect(client.iterate({ query: 'mutation { bump }' }));
    assert.deepEqual(
      [...ticks, ...hello, ...bump].map(({ data }) => data),
      [{ ticks: 1 }, { ticks: 2 }, { hello: 'world' }, { bump: 1 }],
    );
    await client.dispose();
    assert.equal(test.snapshot.users, 0);
  });

  it('tells request errors with their codes and keeps the socket', async () => {
    await using test = await startTestGateway();
    assert.match(await errorsOf(test, '{ nothing }'), /GRAPHQL_VALIDATION_FAILED/);
    assert.match(await errorsOf(test, '{ hello'), /GRAPHQL_PARSE_FAILED/);
    assert.match(await errorsOf(test, 'subscription($n: Int!) { ticks(to: $n) }'), /BAD_USER_INPUT/);
    assert.match(await errorsOf(test, '{'.repeat(9_000)), /DOCUMENT_TOO_DEEP/);
    assert.match(await errorsOf(test, `{ ${'hello '.repeat(15_001)} }`), /GRAPHQL_PARSE_FAILED/);
    assert.equal(test.snapshot.users, 0);
  });

  it('masks faults', async () => {
    await using test = await startTestGateway();
    const text = await errorsOf(test, '{ secret }');
    assert.match(text, /INTERNAL_SERVER_ERROR/);
    assert.doesNotMatch(text, /password/);
  });

  it('ends with an error when the backend dies', async () => {
    await using test = await startTestGateway();
    assert.match(await errorsOf(test, 'subscription { dies }'), /"dies":1.*SUBGRAPH_UNREACHABLE/);
  });

  it('ends the upstream subscription when the client completes it', async () => {
    await using test = await startTestGateway();
    const client = connect(test);
    const events = client.iterate({ query: 'subscription { forever }' });
    await events.next();
    assert.ok(test.snapshot.users > 0);
    await events.return?.();
    await test.probe.ended;
    await client.dispose();
  });

  it('ends the upstream subscription when the socket breaks', async () => {
    await using test = await startTestGateway();
    const socket = open(test);
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    socket.send('{"id":"1","type":"subscribe","payload":{"query":"subscription { forever }"}}');
    await once(socket, 'message');
    socket.terminate();
    await test.probe.ended;
  });

  it('closes with 1001 when the gateway stops', async () => {
    const test = await startTestGateway();
    const closed = Promise.withResolvers<unknown>();
    const client = connect(test, { on: { closed: closed.resolve } });
    const events = client.iterate({ query: 'subscription { forever }' });
    await events.next();
    const end = assert.rejects(async () => events.next());
    await test.gateway.close();
    assert.equal(((await closed.promise) as { code: number }).code, 1001);
    await end;
    await test.probe.ended;
    assert.equal(test.snapshot.users, 0);
  });

  it('refuses a foreign origin unless CORS allows it', async () => {
    await using closed = await startTestGateway();
    assert.equal(await opens(open(closed, { origin: 'https://evil.example' })), false);
    assert.equal(await opens(open(closed, { origin: closed.origin })), true);
    const cors = { origins: ['https://shop.example'], credentials: false, allow_headers: [] };
    await using listed = await startTestGateway({ config: { cors } });
    assert.equal(await opens(open(listed, { origin: 'https://shop.example' })), true);
    assert.equal(await opens(open(listed, { origin: 'https://evil.example' })), false);
  });

  it('refuses other paths', async () => {
    await using test = await startTestGateway();
    assert.equal(await opens(open(test, {}, '/other')), false);
  });

  it('closes a socket whose message is too large', async () => {
    await using test = await startTestGateway();
    const socket = open(test);
    await once(socket, 'open');
    socket.send('x'.repeat(200_000));
    const [code] = (await once(socket, 'close')) as [number];
    assert.equal(code, 1009);
  });
});

describe('a WebSocket client that leaves while its operation is prepared', () => {
  it('is not executed for, and nothing is logged as a fault', async () => {
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const plugin = {
      async onParams() {
        asked.resolve();
        await go.promise;
      },
    };
    await using test = await startTestGateway({ plugins: [plugin] });
    const socket = open(test);
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    socket.send('{"id":"1","type":"subscribe","payload":{"query":"{ hello }"}}');
    await asked.promise;
    socket.terminate();
    await once(socket, 'close');
    // The server has heard of it when it answers somebody else.
    const other = open(test);
    await once(other, 'open');
    other.terminate();
    go.resolve();
    for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate);
    assert.equal(test.probe.executions, 0);
    assert.deepEqual(test.logged, []);
    assert.equal(test.snapshot.users, 0);
  });
});

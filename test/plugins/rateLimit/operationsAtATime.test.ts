import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createGateway, type Source } from '../../../src/index.ts';
import { collect } from '../../server/support/collect.ts';
import { readEvents } from '../../server/support/readEvents.ts';
import { startLimited } from './support/startLimited.ts';

const one = { rules: [{ name: 'one', concurrency: 1 }] };

function openStream(url: string, query: string, signal?: AbortSignal): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  return fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
    ...(signal === undefined ? {} : { signal }),
  });
}

describe('operations at a time', { timeout: 20_000 }, () => {
  it('end with the last event of a stream, and the headers of a stream tell of the limit', async () => {
    await using limited = await startLimited(one, { lane: 'yoga' });
    const response = await openStream(limited.test.url, 'subscription { ticks(to: 2) }');
    assert.equal(response.headers.get('ratelimit'), '"one-concurrency";r=0');
    assert.equal((await collect(readEvents(response))).length, 3);
    assert.equal((await limited.ask('{ hello }')).code, undefined);
    const failing = await openStream(limited.test.url, 'subscription { dies }');
    assert.equal((await collect(readEvents(failing))).length, 3);
    assert.equal((await limited.ask('{ hello }')).code, undefined);
  });

  it('end when the reader of a stream leaves', async () => {
    await using limited = await startLimited(one, { lane: 'yoga' });
    const reader = new AbortController();
    const response = await openStream(limited.test.url, 'subscription { forever }', reader.signal);
    await readEvents(response).next();
    assert.equal((await limited.ask('{ hello }')).code, 'RATE_LIMITED');
    const refused = await openStream(limited.test.url, 'subscription { forever }');
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1']);
    await refused.text();
    reader.abort();
    await limited.test.probe.ended;
    assert.equal((await limited.ask('{ hello }')).code, undefined);
  });

  it('end when a subscription over WebSocket completes, and when its socket closes', async () => {
    await using limited = await startLimited(one, { lane: 'ws' });
    const client = createClient({
      url: limited.test.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const ticks = await collect(client.iterate({ query: 'subscription { ticks(to: 2) }' }));
    assert.equal(ticks.length, 2);
    const events = client.iterate({ query: 'subscription { forever }' });
    await events.next();
    assert.equal((await limited.ask('{ hello }')).isErrorFrame, true);
    await client.dispose();
    await limited.test.probe.ended;
    assert.equal((await limited.ask('{ hello }')).code, undefined);
  });

  it('end once', async () => {
    await using limited = await startLimited({ rules: [{ name: 'two', concurrency: 2 }] }, { lane: 'ws' });
    const url = limited.test.url.replace('http', 'ws');
    const open = async () => {
      const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
      await client.iterate({ query: 'subscription { forever }' }).next();
      return client;
    };
    const [first, second] = [await open(), await open()];
    assert.equal((await limited.ask('{ hello }')).code, 'RATE_LIMITED');
    await first.dispose();
    await limited.test.probe.ended;
    const third = await open();
    assert.equal((await limited.ask('{ hello }')).code, 'RATE_LIMITED');
    await second.dispose();
    await third.dispose();
  });

  it('end when a socket closes after an operation is admitted and before it runs', async () => {
    const admitted = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    await using limited = await startLimited(one, {
      lane: 'ws',
      after: [
        {
          async onContextBuilding() {
            admitted.resolve();
            await gate.promise;
          },
        },
      ],
    });
    const socket = new WebSocket(limited.test.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    socket.send('{"id":"1","type":"subscribe","payload":{"query":"mutation { bump }"}}');
    await admitted.promise;
    socket.close(1000);
    await once(socket, 'close');
    await new Promise(setImmediate);
    gate.resolve();
    while (limited.test.snapshot.users > 0) await new Promise(setImmediate);
    assert.equal(limited.test.probe.bumps, 0);
    assert.deepEqual((await limited.ask('{ hello }')).data, { hello: 'world' });
  });

  it('end when the client of a query leaves', async (t) => {
    const state = await mkdtemp(join(tmpdir(), 'weft-limits-'));
    t.after(() => rm(state, { recursive: true, force: true }));
    const asked = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    let calls = 0;
    const source: Source = {
      name: 'a',
      fetch({ signal }) {
        calls += 1;
        if (calls > 1) return Promise.resolve({ data: { a: 1 } });
        asked.resolve();
        return new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            stopped.resolve();
            reject(signal.reason);
          });
        });
      },
    };
    const gateway = await createGateway({
      port: 0,
      subgraphs: [{ name: 'a', url: 'http://127.0.0.1:9/', schema: { sdl: 'type Query { a: Int }' } }],
      rate_limit: one,
      state_directory: state,
      sources: { a: source },
      log: { info() {}, warn() {}, error() {} },
    });
    try {
      const { url } = await gateway.listen();
      const headers = { 'content-type': 'application/json' };
      const leaving = new AbortController();
      const first = fetch(url, { method: 'POST', headers, body: '{"query":"{ a }"}', signal: leaving.signal });
      await asked.promise;
      const second = await fetch(url, { method: 'POST', headers, body: '{"query":"{ a }"}' });
      assert.equal(second.status, 429);
      await second.text();
      leaving.abort();
      await assert.rejects(first);
      await stopped.promise;
      const third = await fetch(url, { method: 'POST', headers, body: '{"query":"{ a }"}' });
      assert.equal(await third.text(), '{"data":{"a":1}}');
    } finally {
      await gateway.close();
    }
  });
});

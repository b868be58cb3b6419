import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { ConfigInput } from '../../src/config/schema/configSchema.ts';
import { createGateway } from '../../src/server/createGateway.ts';
import { PortTakenError } from '../../src/server/PortTakenError.ts';
import { hasRedis, startRedis } from '../stores/support/startRedis.ts';
import { freePort } from '../support/freePort.ts';
import { until } from '../support/until.ts';

async function start(t: TestContext, more: Partial<ConfigInput>) {
  const port = await freePort();
  const gateway = await createGateway({
    subgraphs: [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { number: Int other: Int }' } }],
    sources: { a: { name: 'a', visible: () => '', fetch: async () => ({ data: { number: 1, other: 2 } }) } },
    telemetry: { exporters: { metrics: { prometheus: { enabled: true, listen: `127.0.0.1:${port}` } } } },
    state_directory: '/nonexistent',
    port: 0,
    ...more,
    log: { info() {}, warn() {}, error() {} },
  } as never);
  t.after(() => gateway.close());
  const { url } = await gateway.listen();
  const ask = async (query: string): Promise<Response> => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    return fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  };
  const place = `http://127.0.0.1:${port}/metrics`;
  /** The value of a series, as it is written. */
  const read = async (series: string): Promise<string | undefined> => {
    const text = await (await fetch(place)).text();
    return text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length + 1);
  };
  return { ask, read, place, gateway };
}

describe('metrics', { timeout: 30_000 }, () => {
  it('are in the text format of Prometheus, at a port of their own, by GET', async (t) => {
    const { place, read, gateway } = await start(t, {});
    const response = await fetch(place);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(await response.text(), /^# TYPE weft_subgraph_live gauge$/m);
    assert.equal(await read('weft_subgraph_live{subgraph="a"}'), '1');
    assert.match((await read('process_cpu_seconds_total')) ?? '', /^\d/);
    assert.equal((await fetch(place, { method: 'POST' })).status, 405);
    assert.equal((await fetch(new URL('/', place))).status, 404);
    assert.equal((await fetch(new URL('/metrics', gateway.url))).status, 404);
    await gateway.close();
    await assert.rejects(fetch(place));
  });

  it('tell what was remembered', async (t) => {
    const { ask, read } = await start(t, { response_cache: { subgraph: { all: { ttl: '1h' } } } });
    for (const query of ['{ number }', '{ number }', '{ number other }']) await ask(query);
    assert.equal(await read('weft_cache_answers_total'), '1');
    assert.equal(await read('weft_cache_parts_total{outcome="hit"}'), '1');
    assert.equal(await read('weft_cache_parts_total{outcome="miss"}'), '2');
    assert.ok(Number(await read('weft_cache_bytes{what="answers"}')) > 0);
  });

  it('count errors by their code, each once in every lane', async (t) => {
    const rate_limit = { rules: [{ name: 'few', key: 'all', rate: 1, window: '1h' }] };
    const { ask, read, gateway } = await start(t, { rate_limit });
    assert.equal((await ask('{ number }')).status, 200);
    assert.equal((await ask('{ number }')).status, 429);
    assert.equal(await read('weft_errors_total{code="RATE_LIMITED"}'), '1');
    assert.equal((await fetch(`${gateway.url}?query={number}`)).status, 429);
    assert.equal(await read('weft_errors_total{code="RATE_LIMITED"}'), '2');
  });

  it('tell when the store of the limits is away, and when it is back', { skip: !hasRedis }, async (t) => {
    await using redis = await startRedis();
    const { ask, read } = await start(t, {
      redis: { url: redis.url, timeout: '200ms' },
      rate_limit: { rules: [{ name: 'each', key: 'all', rate: 1_000, window: '1s' }] },
    });
    await ask('{ number }');
    assert.equal(await read('weft_rate_limit_store_away'), '0');
    await redis.kill();
    await until(async () => {
      assert.equal((await ask('{ number }')).status, 200);
      return (await read('weft_rate_limit_store_away')) === '1';
    });
    assert.ok(Number(await read('weft_rate_limit_without_store_total')) > 0);
    await redis.restart();
    await until(async () => {
      assert.equal((await ask('{ number }')).status, 200);
      return (await read('weft_rate_limit_store_away')) === '0';
    });
  });

  it('end all that was opened before where their port is taken', async () => {
    const taken = createNetServer().listen(0, '127.0.0.1');
    const connections = new Set<Socket>();
    const subgraph = createServer((_request, response) => response.end('{}'));
    subgraph.on('connection', (socket) => {
      connections.add(socket);
      socket.once('close', () => connections.delete(socket));
    });
    subgraph.listen(0, '127.0.0.1');
    await Promise.all([once(taken, 'listening'), once(subgraph, 'listening')]);
    try {
      const listen = `127.0.0.1:${(taken.address() as AddressInfo).port}`;
      const url = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}/`;
      const opening = createGateway({
        subgraphs: [{ name: 'a', url, schema: { introspection: true } }],
        telemetry: { exporters: { metrics: { prometheus: { enabled: true, listen } } } },
        poll_interval: 1,
        log: { info() {}, warn() {}, error() {} },
      } as never);
      await assert.rejects(opening, (error) => {
        assert.ok(error instanceof PortTakenError);
        assert.match(error.message, /with "telemetry\.exporters\.metrics\.prometheus\.listen" in the configuration\.$/);
        return true;
      });
      // What goes on would ask again each second.
      await until(() => connections.size === 0);
    } finally {
      taken.close();
      subgraph.closeAllConnections();
      subgraph.close();
    }
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Redis } from 'ioredis';
import { hashOf } from '../../src/plugins/hashOf.ts';
import { createGateway } from '../../src/server/createGateway.ts';
import { hasRedis, startRedis } from '../stores/support/startRedis.ts';
import { until } from '../support/until.ts';
import { JSON_TYPE } from './support/Behaviour.ts';
import { send } from './support/send.ts';

const KEY = 'weft_key_of_ann';
const CLIENTS = 8;

async function putKey(url: string): Promise<void> {
  const client = new Redis(url);
  await client.set(`weft:api-key:${await hashOf(KEY)}`, JSON.stringify({ consumer: 'ann' }));
  await client.quit();
}

/** Keys, limits, answers and documents, all of them on one Redis. */
async function start(t: TestContext, redis: string) {
  let asked = 0;
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const gateway = await createGateway({
    port: 0,
    subgraphs: [{ name: 'a', url: 'http://127.0.0.1:9/', schema: { sdl: 'type Query { a(n: Int): Int }' } }],
    sources: {
      a: {
        name: 'a',
        visible: () => '',
        async fetch() {
          asked += 1;
          return { data: { a: 1 } };
        },
      },
    },
    redis: { url: redis, timeout: '300ms' },
    authentication: { api_keys: { redis: true } },
    rate_limit: { rules: [{ name: 'each', rate: 1_000_000, window: '1s' }] },
    response_cache: { redis: true, subgraph: { all: { ttl: '1h' } } },
    persisted_documents: { apq: { redis: true } },
    state_directory: '/nonexistent',
    log: { info: note, warn: note, error: note },
  } as never);
  t.after(() => gateway.close());
  const { url } = await gateway.listen();
  const ask = (query: string) =>
    send(url, { headers: { ...JSON_TYPE, 'x-api-key': KEY }, body: JSON.stringify({ query }) });
  return { ask, lines, asked: () => asked };
}

describe('Redis that is killed and started again under load', {
  skip: hasRedis ? false : 'needs redis-server',
  timeout: 60_000,
}, () => {
  it('fails no request, and loses nothing but what was remembered there', async (t) => {
    // A key is not lost there: it stands on disk.
    const folder = await mkdtemp(join(tmpdir(), 'weft-redis-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    await using server = await startRedis(folder);
    await putKey(server.url);
    const { ask, lines, asked } = await start(t, server.url);
    assert.equal((await ask('{ a(n: 0) }')).status, 200);
    const bad: string[] = [];
    let [count, isOver] = [0, false];
    const client = async (): Promise<void> => {
      while (!isOver) {
        count += 1;
        // Some were asked before, some never.
        const { status, body } = await ask(`{ a(n: ${count % 50}) }`);
        if (status !== 200 || body !== '{"data":{"a":1}}') bad.push(`${status} ${body}`);
      }
    };
    const clients = Array.from({ length: CLIENTS }, client);
    for (let round = 1; round <= 2; round += 1) {
      await server.kill();
      const killed = count;
      await until(() => count > killed + 200);
      await server.restart();
      await until(() => lines.filter((line) => /is back/.test(line)).length >= round);
      const back = count;
      await until(() => count > back + 200);
    }
    isOver = true;
    await Promise.all(clients);
    assert.deepEqual(bad, []);
    // Memory goes on meanwhile, and is emptied once Redis is back: each of the 50 a few times, and not once a request.
    assert.ok(asked() < 50 * 6, `${asked()} of ${count}`);
  });
});

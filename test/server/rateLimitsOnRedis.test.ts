import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createGateway, type Gateway, type Source } from '../../src/index.ts';
import { hasRedis, startRedis } from '../stores/support/startRedis.ts';
import { until } from '../support/until.ts';
import { JSON_TYPE } from './support/Behaviour.ts';
import { type Sent, send } from './support/send.ts';

const sources: Record<string, Source> = { a: { name: 'a', fetch: async () => ({ data: { a: 1 } }) } };

interface Shared {
  readonly gateway: Gateway;
  readonly lines: string[];
  ask(): Promise<Sent>;
}

async function startShared(t: TestContext, url: string, rate_limit: object, timeout = 300): Promise<Shared> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-limits-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const gateway = await createGateway({
    port: 0,
    subgraphs: [{ name: 'a', url: 'http://127.0.0.1:9/', schema: { sdl: 'type Query { a: Int }' } }],
    redis: { url, timeout },
    rate_limit,
    state_directory: directory,
    sources,
    log: { info: note, warn: note, error: note },
  });
  t.after(() => gateway.close());
  const { url: address } = await gateway.listen();
  return { gateway, lines, ask: () => send(address, { headers: JSON_TYPE, body: '{"query":"{ a }"}' }) };
}

const few = (on_store_failure: 'open' | 'closed') => ({
  rules: [{ name: 'few', key: 'all', rate: 3, window: '1h' }],
  on_store_failure,
});

describe('limits on Redis', { skip: hasRedis ? false : 'needs redis-server', timeout: 60_000 }, () => {
  it('are those of all gateways together', async (t) => {
    await using server = await startRedis();
    const one = await startShared(t, server.url, few('closed'));
    const other = await startShared(t, server.url, few('closed'));
    const answers = [await one.ask(), await other.ask(), await one.ask(), await other.ask(), await one.ask()];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 429, 429],
    );
    assert.deepEqual(
      answers.map(({ headers }) => /r=\d+/.exec(String(headers['ratelimit']))?.[0]),
      ['r=2', 'r=1', 'r=0', 'r=0', 'r=0'],
    );
  });

  it('lose no request while Redis is killed and started again under load, and are back by themselves', async (t) => {
    await using server = await startRedis();
    const { ask, lines } = await startShared(t, server.url, {
      rules: [{ name: 'many', key: 'all', rate: 1_000_000, window: '1h', concurrency: 1_000 }],
    });
    let isOver = false;
    let sent = 0;
    const statuses = new Map<number, number>();
    const work = async () => {
      while (!isOver) {
        sent += 1;
        const { status, body } = await ask();
        assert.match(body, /^\{"(data|errors)":/);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    const answered = async (more: number) => {
      const start = sent;
      await until(() => sent > start + more);
    };
    const workers = Array.from({ length: 8 }, work);
    await answered(100);
    for (let round = 0; round < 2; round += 1) {
      await server.kill();
      await until(() => lines.filter((line) => line.startsWith('The limits cannot be counted')).length > round);
      await answered(100);
      await server.restart();
      await until(() => lines.filter((line) => line.startsWith('The limits are counted')).length > round);
      await answered(100);
    }
    isOver = true;
    await Promise.all(workers);
    t.diagnostic(`${sent} requests`);
    assert.deepEqual([...statuses], [[200, sent]]);
    // Each change is said once.
    assert.equal(lines.filter((line) => line.includes('limits')).length, 4, lines.join('\n'));
    assert.match(lines.join('\n'), /This process counts alone until it is there again/);
  });

  it('hold in each process alone while Redis is away', async (t) => {
    await using server = await startRedis();
    const { ask, lines } = await startShared(t, server.url, few('open'));
    assert.equal((await ask()).status, 200);
    await server.kill();
    await until(() => lines.some((line) => line.includes('cannot be reached')));
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await ask()).status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
  });

  it('admit nobody while Redis is away where that is configured, and all again when it is back', async (t) => {
    await using server = await startRedis();
    const { gateway, ask, lines } = await startShared(t, server.url, few('closed'));
    assert.equal((await ask()).status, 200);
    await server.kill();
    await until(() => lines.some((line) => line.includes('cannot be reached')));
    const { status, headers, body } = await ask();
    assert.deepEqual([status, headers['retry-after']], [503, '1']);
    assert.match(body, /RATE_LIMIT_UNAVAILABLE/);
    const degraded = { store: 'redis', degraded: true, withoutStore: 1, forgotten: 0 };
    assert.deepEqual((gateway.status() as { rateLimit: unknown }).rateLimit, degraded);
    await server.restart();
    await until(async () => (await ask()).status === 200);
    assert.deepEqual((gateway.status() as { rateLimit: { degraded: boolean } }).rateLimit.degraded, false);
    assert.match(lines.join('\n'), /Nobody is admitted until it is there again/);
  });

  it('wait for a silent Redis once and no longer than its timeout', async (t) => {
    await using server = await startRedis();
    const { ask, lines } = await startShared(
      t,
      server.url,
      { rules: [{ name: 'many', key: 'all', rate: 1_000, window: '1h' }] },
      400,
    );
    assert.equal((await ask()).status, 200);
    server.freeze();
    const took: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      const start = performance.now();
      assert.equal((await ask()).status, 200);
      took.push(performance.now() - start);
    }
    const [first = 0, ...others] = took;
    assert.ok(first >= 395 && first < 1_000, `${took}`);
    for (const one of others) assert.ok(one < 300, `${took}`);
    server.thaw();
    await until(async () => {
      await ask();
      return lines.includes('The limits are counted in Redis again.');
    });
  });
});

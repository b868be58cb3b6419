import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryLimiter } from '../../src/plugins/rateLimit/createMemoryLimiter.ts';
import type { Charge, Taken } from '../../src/plugins/rateLimit/Limiter.ts';
import { createRedisLimiter } from '../../src/stores/createRedisLimiter.ts';
import { openRedis, type RedisConnection } from '../../src/stores/openRedis.ts';
import { createRandom } from '../plugins/rateLimit/support/createRandom.ts';
import { checkLimiter, concurrency, quota, rate } from '../plugins/rateLimit/support/limiterSuite.ts';
import { hasRedis, type RedisServer, startRedis } from './support/startRedis.ts';

const skip = hasRedis ? false : 'needs redis-server';

describe('the limiter on Redis', { skip, timeout: 30_000 }, () => {
  let server: RedisServer;
  let redis: RedisConnection;
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const log = { info: note, warn: note, error: note };
  before(async () => {
    server = await startRedis();
    redis = await openRedis({ url: server.url, namespace: 'test', timeout: 2_000 }, log);
  });
  after(async () => {
    await redis[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  checkLimiter(async () => {
    const limiter = createRedisLimiter({ redis, local: undefined, log });
    return { limiter, pass: (milliseconds: number) => sleep(milliseconds + 5) };
  });

  it('counts as the one in memory does, whatever is taken or given back', async () => {
    using limiter = createRedisLimiter({ redis, local: undefined, log });
    const memory = createMemoryLimiter({ maxKeys: 100, now: () => Date.UTC(2026, 10, 26) });
    for (let seed = 1; seed <= 8; seed += 1) {
      const random = createRandom(seed);
      // So slow that what comes back while the test runs is no whole unit.
      const slow = { rate: 1, window: 360_000_000 };
      const policies = [
        rate({ id: `a${seed}`, ...slow, burst: 1 + random(50) }),
        rate({ id: `b${seed}`, ...slow, burst: 1 + random(50) }),
        quota({ id: `c${seed}`, period: 'month', limit: 1 + random(50) }),
      ];
      for (let step = 0; step < 100; step += 1) {
        const charges = policies
          .slice(random(3))
          .map((policy): Charge => ({ policy, key: `k${random(2)}`, quantity: random(20) }));
        if (random(4) === 0) {
          const changes = charges.map((charge) => ({ ...charge, quantity: random(21) - 15 }));
          limiter.adjust(changes);
          memory.adjust(changes);
          continue;
        }
        const [shared, own] = [await limiter.take(charges), memory.take(charges) as Taken];
        assert.deepEqual(whole(shared), whole(own), `seed ${seed}, step ${step}`);
      }
    }
  });

  it('knows when each month ends', async () => {
    const { CALENDAR } = await import('../../src/stores/limitScripts.ts');
    const script = `${CALENDAR}\nreturn monthEnd(tonumber(ARGV[1]))`;
    for (let year = 1999; year < 2102; year += 1)
      for (let month = 0; month < 12; month += 1)
        for (const time of [Date.UTC(year, month), Date.UTC(year, month + 1) - 1]) {
          const end = await redis.client.eval(script, 0, time);
          assert.equal(end, Date.UTC(year, month + 1), new Date(time).toISOString());
        }
  });

  it('leaves nothing behind of what is full again, and hides long keys', async () => {
    using limiter = createRedisLimiter({ redis, local: undefined, log });
    const key = `${'x'.repeat(16_000)}`;
    const policy = rate({ id: 'short', rate: 1, window: 200, burst: 5 });
    await limiter.take([{ policy, key, quantity: 1 }]);
    const [name = '', ...others] = await redis.client.keys('test:limit:short:*');
    assert.deepEqual([others.length, name.length < 200], [0, true]);
    assert.ok((await redis.client.pttl(name)) <= 200);
    limiter.adjust([{ policy, key, quantity: -1 }]);
    await limiter.take([{ policy, key, quantity: 0 }]);
    assert.equal(await redis.client.exists(name), 0);
  });

  it('keeps the places of operations that run for long, and gives back those of a process that died', async () => {
    const policy = concurrency({ id: 'places', limit: 1 });
    const charge = (lease: string): Charge => ({ policy, key: 'k', quantity: 1, lease });
    using living = createRedisLimiter({ redis, local: undefined, log, lease: 600 });
    const dying = createRedisLimiter({ redis, local: undefined, log, lease: 600 });
    assert.equal((await dying.take([charge('a')])).allowed, true);
    dying[Symbol.dispose]();
    assert.equal((await living.take([charge('b')])).allowed, false);
    await sleep(620);
    assert.equal((await living.take([charge('b')])).allowed, true);
    await sleep(1_300);
    assert.equal((await living.take([charge('c')])).allowed, false);
    living.release([charge('b')]);
    assert.equal((await living.take([charge('c')])).allowed, true);
  });
});

function whole({ allowed, standings }: Taken) {
  return [
    allowed,
    ...standings.map((one) => [
      one.allowed,
      one.remaining,
      (one.retryAfter ?? -1) > 0,
      one.retryAfter === Number.POSITIVE_INFINITY,
    ]),
  ];
}

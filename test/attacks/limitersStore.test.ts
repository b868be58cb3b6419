import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openTestDoor } from '../plugins/authentication/support/openTestDoor.ts';
import { transports } from '../plugins/authentication/support/transports.ts';
import { send } from '../server/support/send.ts';
import { startTestGateway } from '../server/support/startTestGateway.ts';
import { hasRedis, type RedisServer, startRedis } from '../stores/support/startRedis.ts';
import { until } from '../support/until.ts';

const json = { 'content-type': 'application/json' };

/** Each kind of limit: before parsing, after validation by cost with its settling, places at a time. */
const limits = (redis: RedisServer, on_store_failure: string) => ({
  redis: { url: redis.url, timeout: '200ms' },
  demand_control: { mode: 'measure' },
  rate_limit: {
    on_store_failure,
    rules: [
      { name: 'many', key: 'all', rate: 100_000, window: '1h', quota: { day: 100_000 } },
      { name: 'work', key: 'all', count: 'cost', rate: 100_000, window: '1h' },
      { name: 'places', key: 'all', concurrency: 3 },
    ],
  },
});

const OPEN = /"hello":"world"|"ticks":1|"slow":"done"/;
const CLOSED = /RATE_LIMIT_UNAVAILABLE/;

describe('CVE-2026-26330: the store of the limits dies', {
  skip: hasRedis ? false : 'needs redis-server',
  timeout: 90_000,
}, () => {
  for (const mode of ['open', 'closed'] as const) {
    const expected = mode === 'open' ? OPEN : CLOSED;
    for (const transport of transports)
      it(`CVE-2026-26330: before an operation, ${mode}, over ${transport.name}`, async () => {
        await using redis = await startRedis();
        await using test = await startTestGateway({
          fastLane: transport.fastLane,
          frontDoor: await openTestDoor(limits(redis, mode)),
        });
        assert.match((await transport.ask(test.url, {})).body, OPEN);
        await redis.kill();
        for (let n = 0; n < 5; n += 1) assert.match((await transport.ask(test.url, {})).body, expected);
        await redis.restart();
        await until(async () => OPEN.test((await transport.ask(test.url, {})).body));
        assert.deepEqual([test.logged, test.snapshot.users], [[], 0]);
      });

    it(`CVE-2026-26330: in the middle of a script, ${mode}`, async () => {
      await using redis = await startRedis();
      await using test = await startTestGateway({ frontDoor: await openTestDoor(limits(redis, mode)) });
      const ask = async () => (await send(test.url, { headers: json, body: '{"query":"{ hello }"}' })).body;
      assert.match(await ask(), OPEN);
      redis.freeze();
      const waiting = Array.from({ length: 3 }, ask);
      await new Promise((resolve) => setImmediate(resolve));
      await redis.kill();
      for (const body of await Promise.all(waiting)) assert.match(body, expected);
      assert.match(await ask(), expected);
      assert.deepEqual([test.logged, test.snapshot.users], [[], 0]);
    });

    it(`CVE-2026-26330: while an operation runs, before its cost is settled and its place given back, ${mode}`, async () => {
      await using redis = await startRedis();
      await using test = await startTestGateway({ frontDoor: await openTestDoor(limits(redis, mode)) });
      const ask = async (query: string) =>
        (await send(test.url, { headers: json, body: JSON.stringify({ query }) })).body;
      const running = [ask('{ slow }'), ask('{ self { slow } }')];
      await until(() => test.probe.executions === 2);
      await redis.kill();
      test.probe.releaseSlow();
      // What was admitted is answered.
      for (const body of await Promise.all(running)) assert.match(body, /"slow":"done"/);
      await redis.restart();
      await until(async () => OPEN.test(await ask('{ hello }')));
      // No place is lost: three run at once.
      for (let n = 0; n < 5; n += 1)
        for (const body of await Promise.all([ask('{ slow }'), ask('{ slow }'), ask('{ slow }')]))
          assert.match(body, OPEN);
      assert.deepEqual([test.logged, test.snapshot.users], [[], 0]);
    });

    it(`CVE-2026-26330: silent while an answer is on its way, ${mode}`, async () => {
      await using redis = await startRedis();
      await using test = await startTestGateway({ frontDoor: await openTestDoor(limits(redis, mode)) });
      const ask = async (query: string) =>
        (await send(test.url, { headers: json, body: JSON.stringify({ query }) })).body;
      const running = ask('{ slow }');
      await test.probe.slowStarted;
      redis.freeze();
      const before = performance.now();
      test.probe.releaseSlow();
      assert.match(await running, /"slow":"done"/);
      assert.ok(performance.now() - before < 1_500);
      redis.thaw();
      await until(async () => OPEN.test(await ask('{ hello }')));
      assert.deepEqual(test.logged, []);
    });
  }
});

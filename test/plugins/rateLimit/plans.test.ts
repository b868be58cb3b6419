import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startLimited } from './support/startLimited.ts';

const plans = {
  free: { rate: 2, window: '1s', quota: { day: 5, month: 7 }, concurrency: 1 },
  pro: { rate: 100, window: '1s', quota: { day: 20 } },
  trial: { quota: { day: 1 } },
} as const;

describe('plans', { timeout: 20_000 }, () => {
  it('give each caller the limits of its own, and all are told', async () => {
    await using limited = await startLimited({ plans });
    const { sent } = await limited.ask('{ hello }', { caller: 'ann', plan: 'free' });
    const daily = 12 * 3_600;
    const monthly = 4 * 86_400 + daily;
    assert.equal(
      sent?.headers['ratelimit'],
      `"free";r=1;t=1, "free-day";r=4;t=${daily}, "free-month";r=6;t=${monthly}, "free-concurrency";r=0`,
    );
    assert.equal(
      sent.headers['ratelimit-policy'],
      '"free";q=2;w=1, "free-day";q=5;w=86400, "free-month";q=7, "free-concurrency";q=1;qu="concurrent-requests"',
    );
    const other = await limited.ask('{ hello }', { caller: 'bob', plan: 'pro' });
    assert.equal(other.sent?.headers['ratelimit'], `"pro";r=99;t=1, "pro-day";r=19;t=${daily}`);
  });

  it('count days and months exactly, and a refused request not at all', async () => {
    await using limited = await startLimited({ plans });
    const { clock } = limited;
    const ask = () => limited.ask('{ hello }', { caller: 'ann', plan: 'free' });
    let admitted = 0;
    for (let tries = 0; tries < 40; tries += 1) {
      if ((await ask()).code === undefined) admitted += 1;
      clock.time += 250;
    }
    assert.equal(admitted, 5);
    const refused = await ask();
    assert.equal(refused.message, 'The limit "free-day" (5 requests a day) is reached; try again in 43190 s.');
    clock.time = Date.UTC(2026, 10, 27);
    assert.deepEqual([(await ask()).code, (await ask()).code], [undefined, undefined]);
    clock.time += 5_000;
    assert.match((await ask()).message ?? '', /"free-month" \(7 requests a month\)/);
    clock.time = Date.UTC(2026, 11, 1);
    assert.equal((await ask()).code, undefined);
  });

  it('keep what is used for who changes the plan', async () => {
    await using limited = await startLimited({ plans });
    for (let count = 0; count < 2; count += 1) await limited.ask('{ hello }', { caller: 'ann', plan: 'free' });
    const { sent } = await limited.ask('{ hello }', { caller: 'ann', plan: 'pro' });
    assert.match(String(sent?.headers['ratelimit']), /"pro-day";r=17/);
  });

  it('are those of the default for who has none or an unknown one; without a default there are none', async () => {
    await using limited = await startLimited({ plans, default_plan: 'trial' });
    for (const plan of [undefined, 'gold', 'constructor', '__proto__']) {
      const who = { caller: `c-${plan}`, ...(plan === undefined ? {} : { plan }) };
      assert.equal((await limited.ask('{ hello }', who)).code, undefined);
      assert.equal((await limited.ask('{ hello }', who)).code, 'RATE_LIMITED');
    }
    assert.deepEqual(
      [(await limited.ask('{ hello }')).code, (await limited.ask('{ hello }')).code],
      [undefined, 'RATE_LIMITED'],
    );
    await using free = await startLimited({ plans });
    const { code, sent } = await free.ask('{ hello }', { caller: 'ann', plan: 'gold' });
    assert.deepEqual([code, sent?.headers['ratelimit']], [undefined, undefined]);
  });

  it('may be chosen by an expression, and be a key of their own', async () => {
    await using limited = await startLimited({
      plans: { free: {}, pro: {} },
      plan: 'headers["x-tier"] == "1" ? "pro" : "free"',
      rules: [{ name: 'tier', key: 'plan', rate: 1, window: '1m' }],
    });
    const code = async (caller: string, tier: string) =>
      (await limited.ask('{ hello }', { caller, headers: { 'x-tier': tier } })).code;
    assert.deepEqual(
      [await code('ann', '1'), await code('bob', '1'), await code('ann', '0'), await code('bob', '0')],
      [undefined, 'RATE_LIMITED', undefined, 'RATE_LIMITED'],
    );
  });

  it('limit cost beside requests', async () => {
    await using limited = await startLimited(
      { plans: { free: { rate: 10, window: '1m', cost: { rate: 50, window: '1m', quota: { month: 60 } } } } },
      {
        plugins: [{ onParams: ({ context }) => void Object.assign(context, { cost: { estimated: 40 } }) }],
      },
    );
    const ask = () => limited.ask('{ hello }', { caller: 'ann', plan: 'free' });
    assert.equal(
      (await ask()).sent?.headers['ratelimit'],
      '"free";r=9;t=6, "free-cost";r=10;t=48, "free-cost-month";r=20;t=388800',
    );
    const refused = await ask();
    assert.match(refused.message ?? '', /"free-cost-month" \(60 units of cost a month\)/);
    assert.equal(
      refused.sent?.headers['ratelimit-policy'],
      '"free-cost";q=50;qu="cost";w=60, "free-cost-month";q=60;qu="cost"',
    );
  });
});

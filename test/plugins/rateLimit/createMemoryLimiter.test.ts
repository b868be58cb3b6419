import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryLimiter } from '../../../src/plugins/rateLimit/createMemoryLimiter.ts';
import type { Charge, Policy, Taken } from '../../../src/plugins/rateLimit/Limiter.ts';
import { createModel } from './support/createModel.ts';
import { createRandom } from './support/createRandom.ts';
import { checkLimiter, concurrency, quota, rate } from './support/limiterSuite.ts';

describe('the limiter in memory', () => {
  checkLimiter(async () => {
    const clock = { time: Date.UTC(2026, 10, 26, 12) };
    const limiter = createMemoryLimiter({ maxKeys: 1_000, now: () => clock.time });
    const pass = async (milliseconds: number) => {
      clock.time += milliseconds;
    };
    return { limiter, pass };
  });

  it('agrees with an exact model of the algorithm, whatever is taken, given back or waited for', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = createRandom(seed);
      const clock = { time: Date.UTC(2026, 10, 26) + random(1_000_000) };
      const policies = Array.from({ length: 3 }, (_, index) =>
        rate({
          id: `rule${index}`,
          rate: 1 + random(1_000),
          window: 1 + random(100_000),
          burst: 1 + random(50),
        }),
      );
      const limiter = createMemoryLimiter({ maxKeys: 100, now: () => clock.time });
      const model = createModel();
      for (let step = 0; step < 500; step += 1) {
        clock.time += random(3) === 0 ? random(5_000) : random(20);
        const charges = policies
          .slice(0, 1 + random(3))
          .map((policy): Charge => ({ policy, key: `k${random(3)}`, quantity: random(policy.burst + 2) }));
        if (random(5) === 0) {
          const changes = charges.map((charge) => ({ ...charge, quantity: random(11) - 5 }));
          limiter.adjust(changes);
          model.adjust(changes, clock.time);
        } else {
          assert.deepEqual(limiter.take(charges), model.take(charges, clock.time), `seed ${seed}, step ${step}`);
        }
      }
    }
  });

  it('never allows more than the burst and what has come back since', () => {
    const policy = rate({ rate: 7, window: 1_000, burst: 3 });
    const clock = { time: 1_000_000 };
    const limiter = createMemoryLimiter({ maxKeys: 10, now: () => clock.time });
    let allowed = 0;
    for (let step = 0; step < 100_000; step += 1) {
      clock.time = 1_000_000 + step;
      if ((limiter.take([{ policy, key: 'a', quantity: 1 }]) as Taken).allowed) allowed += 1;
    }
    // 99,999 ms bring back 699.993 units.
    assert.equal(allowed, 3 + 699);
  });

  it('gives nothing for a clock that was put back, and takes nothing either', () => {
    const policy = rate({ rate: 1, window: 1_000, burst: 2 });
    const clock = { time: 10_000_000 };
    const limiter = createMemoryLimiter({ maxKeys: 10, now: () => clock.time });
    const take = () => (limiter.take([{ policy, key: 'a', quantity: 1 }]) as Taken).allowed;
    assert.deepEqual([take(), take(), take()], [true, true, false]);
    clock.time -= 3_600_000;
    assert.equal(take(), false);
    clock.time += 1_000;
    assert.deepEqual([take(), take()], [true, false]);
  });

  it('starts a day and a month afresh at midnight of UTC, not before', () => {
    const clock = { time: Date.UTC(2027, 11, 31, 23, 59, 59, 999) };
    const limiter = createMemoryLimiter({ maxKeys: 10, now: () => clock.time });
    const take = (policy: Policy) => limiter.take([{ policy, key: 'a', quantity: 1 }]) as Taken;
    const policies = [quota({ id: 'day', period: 'day', limit: 1 }), quota({ id: 'month', period: 'month', limit: 1 })];
    for (const policy of policies) {
      assert.equal(take(policy).allowed, true);
      assert.deepEqual(take(policy).standings, [{ allowed: false, remaining: 0, retryAfter: 1, resetAfter: 1 }]);
    }
    clock.time += 1;
    const first = policies.map(take);
    assert.deepEqual(
      first.map(({ allowed, standings }) => [allowed, standings[0]?.resetAfter]),
      [
        [true, 86_400_000],
        [true, 31 * 86_400_000],
      ],
    );
    assert.deepEqual(
      policies.map((policy) => take(policy).allowed),
      [false, false],
    );
  });

  it('keeps what was used when rate and burst of a limit change', () => {
    const clock = { time: 1_000_000 };
    const limiter = createMemoryLimiter({ maxKeys: 10, now: () => clock.time });
    const take = (policy: Policy) => limiter.take([{ policy, key: 'a', quantity: 1 }]) as Taken;
    for (let count = 0; count < 3; count += 1) assert.ok(take(rate({ burst: 3 })).allowed);
    assert.equal(take(rate({ burst: 3 })).allowed, false);
    assert.deepEqual(take(rate({ burst: 5 })).standings[0]?.remaining, 1);
  });

  it('forgets what is full again first to last, and says so once where it was not', () => {
    const clock = { time: 1_000_000 };
    let told = 0;
    const note = () => {
      told += 1;
    };
    const limiter = createMemoryLimiter({ maxKeys: 1_000, now: () => clock.time, onForget: note });
    const policy = rate({ rate: 1, window: 10, burst: 1 });
    const fill = (prefix: string) => {
      for (let index = 0; index < 1_000; index += 1) limiter.take([{ policy, key: `${prefix}${index}`, quantity: 1 }]);
    };
    fill('a');
    clock.time += 10;
    fill('b');
    assert.equal(limiter.status.forgotten, 0);
    fill('c');
    assert.equal(limiter.status.forgotten, 1_000);
    assert.equal(told, 1);
  });

  it('holds a million keys within its bound, and long ones too', () => {
    const limiter = createMemoryLimiter({ maxKeys: 10_000, now: () => 1_000_000 });
    const policies = [rate({}), concurrency({})];
    for (let index = 0; index < 1_000_000; index += 1) {
      const charges = policies.map((policy) => ({ policy, key: `${index}`, quantity: 1 }));
      assert.ok((limiter.take(charges) as Taken).allowed);
      limiter.release(charges);
    }
    // The places at a time are all given back.
    assert.equal(limiter.status.forgotten, 1_000_000 - 10_000);
    const long = 'x'.repeat(16_000);
    for (let index = 0; index < 1_000; index += 1)
      limiter.take([{ policy: policies[0] as Policy, key: `${long}${index}`, quantity: 1 }]);
    const room = Math.floor((10_000 * 256) / 16_000);
    assert.ok(limiter.status.forgotten > 1_000_000 + 1_000 - room - 2);
  });
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type {
  Charge,
  ConcurrencyPolicy,
  Limiter,
  Policy,
  QuotaPolicy,
  RatePolicy,
} from '../../../../src/plugins/rateLimit/Limiter.ts';

export interface Setting {
  readonly limiter: Limiter;
  /** Lets time pass. */
  pass(milliseconds: number): Promise<void>;
}

export function rate(members: Partial<RatePolicy>): RatePolicy {
  return { kind: 'rate', id: 'rate', name: 'rate', unit: 'requests', rate: 10, window: 1_000, burst: 10, ...members };
}

export function quota(members: Partial<QuotaPolicy>): QuotaPolicy {
  return { kind: 'quota', id: 'quota', name: 'quota', unit: 'requests', period: 'day', limit: 3, ...members };
}

export function concurrency(members: Partial<ConcurrencyPolicy>): ConcurrencyPolicy {
  return { kind: 'concurrency', id: 'concurrency', name: 'concurrency', unit: 'requests', limit: 2, ...members };
}

let names = 0;

/** What every store of counters does; each test with keys of its own. */
export function checkLimiter(start: () => Promise<Setting>): void {
  const setUp = async () => {
    const setting = await start();
    names += 1;
    const key = `key${names}`;
    const charge = (policy: Policy, quantity = 1, lease?: string): Charge => ({ policy, key, quantity, lease });
    const take = (...charges: Charge[]) => Promise.resolve(setting.limiter.take(charges));
    return { ...setting, charge, take };
  };

  it('allows a burst, then as many as come back', async () => {
    const { take, charge, pass } = await setUp();
    const policy = rate({ rate: 4, window: 2_000, burst: 3 });
    for (const remaining of [2, 1, 0]) {
      const { allowed, standings } = await take(charge(policy));
      assert.deepEqual([allowed, standings[0]?.remaining], [true, remaining]);
    }
    const refused = await take(charge(policy));
    assert.equal(refused.allowed, false);
    const wait = refused.standings[0]?.retryAfter ?? 0;
    assert.ok(wait > 300 && wait <= 500, `${wait}`);
    await pass(wait);
    assert.equal((await take(charge(policy))).allowed, true);
    assert.equal((await take(charge(policy))).allowed, false);
  });

  it('charges a quantity, gives back and charges afterwards', async () => {
    const { take, charge, limiter } = await setUp();
    const policy = rate({ rate: 1, window: 60_000, burst: 10 });
    assert.equal((await take(charge(policy, 8))).standings[0]?.remaining, 2);
    assert.equal((await take(charge(policy, 3))).allowed, false);
    limiter.adjust([charge(policy, -5)]);
    assert.equal((await take(charge(policy, 3))).standings[0]?.remaining, 4);
    // More than there is: the next have to wait for it.
    limiter.adjust([charge(policy, 6)]);
    const { allowed, standings } = await take(charge(policy));
    assert.deepEqual([allowed, standings[0]?.remaining], [false, 0]);
    assert.ok((standings[0]?.retryAfter ?? 0) > 175_000);
    limiter.adjust([charge(policy, -1_000)]);
    assert.equal((await take(charge(policy, 0))).standings[0]?.remaining, 10);
  });

  it('says that what is more than the burst never fits', async () => {
    const { take, charge } = await setUp();
    const { allowed, standings } = await take(charge(rate({ burst: 5 }), 6));
    assert.deepEqual([allowed, standings[0]?.retryAfter], [false, Number.POSITIVE_INFINITY]);
  });

  it('charges all limits of a request or none', async () => {
    const { take, charge } = await setUp();
    const one = rate({ id: 'one', window: 60_000 });
    const other = rate({ id: 'other', burst: 1, window: 60_000 });
    assert.equal((await take(charge(one), charge(other), charge(quota({})))).allowed, true);
    const refused = await take(charge(one), charge(other), charge(quota({})));
    assert.deepEqual([refused.allowed, ...refused.standings.map(({ allowed }) => allowed)], [false, true, false, true]);
    assert.deepEqual(
      refused.standings.map(({ remaining }) => remaining),
      [9, 0, 2],
    );
    assert.equal((await take(charge(one))).standings[0]?.remaining, 8);
  });

  it('counts the units of a day or month', async () => {
    const { take, charge, limiter } = await setUp();
    for (const period of ['day', 'month'] as const) {
      const policy = quota({ id: period, period, limit: 4 });
      assert.equal((await take(charge(policy, 3))).standings[0]?.remaining, 1);
      const refused = await take(charge(policy, 2));
      assert.equal(refused.allowed, false);
      const wait = refused.standings[0]?.retryAfter ?? 0;
      assert.ok(wait > 0 && wait <= (period === 'day' ? 1 : 31) * 86_400_000);
      limiter.adjust([charge(policy, -1)]);
      assert.equal((await take(charge(policy, 2))).standings[0]?.remaining, 0);
    }
  });

  it('counts operations at a time', async () => {
    const { take, charge, limiter } = await setUp();
    const policy = concurrency({ limit: 2 });
    assert.equal((await take(charge(policy, 1, 'a'))).standings[0]?.remaining, 1);
    assert.equal((await take(charge(policy, 1, 'b'))).standings[0]?.remaining, 0);
    const refused = await take(charge(policy, 1, 'c'));
    assert.deepEqual([refused.allowed, refused.standings[0]?.retryAfter], [false, undefined]);
    limiter.release([charge(policy, 1, 'a')]);
    assert.equal((await take(charge(policy, 1, 'd'))).allowed, true);
    assert.equal((await take(charge(policy, 1, 'e'))).allowed, false);
  });

  it('takes no place at a time where another limit refuses', async () => {
    const { take, charge } = await setUp();
    const places = concurrency({ limit: 1 });
    assert.equal((await take(charge(places, 1, 'a'), charge(rate({ burst: 1 }), 2))).allowed, false);
    assert.equal((await take(charge(places, 1, 'b'))).allowed, true);
  });
}

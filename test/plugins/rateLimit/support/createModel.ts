import type { Charge, RatePolicy, Standing, Taken } from '../../../../src/plugins/rateLimit/Limiter.ts';

/**
 * The generic cell rate algorithm as ITU-T I.371 has it, by theoretical arrival times, with a quantity, in exact fractions: times are counted in
 * milliseconds divided by the rate, so that a cell's interval is the window, an integer.
 */
export function createModel() {
  const arrivals = new Map<string, bigint>();
  const arrival = ({ policy, key }: Charge, now: bigint): bigint => {
    const known = arrivals.get(`${policy.id} ${key}`) ?? 0n;
    return known > now ? known : now;
  };
  return {
    take(charges: readonly Charge[], time: number): Taken {
      const judged = charges.map((charge) => {
        const { rate, window, burst } = charge.policy as RatePolicy;
        const now = BigInt(time) * BigInt(rate);
        const before = arrival(charge, now);
        const after = before + BigInt(charge.quantity) * BigInt(window);
        return { charge, rate, window, now, before, after, latest: now + BigInt(burst) * BigInt(window) };
      });
      const allowed = judged.every(({ after, latest }) => after <= latest);
      const standings = judged.map(({ charge, rate, window, now, before, after, latest }): Standing => {
        const at = allowed ? after : before;
        if (allowed) arrivals.set(`${charge.policy.id} ${charge.key}`, after);
        const never = BigInt(charge.quantity) * BigInt(window) > latest - now;
        const wait = never ? Number.POSITIVE_INFINITY : roundUp(after - latest, rate);
        const room = latest - at;
        return {
          allowed: after <= latest,
          remaining: room < 0n ? 0 : Number(room / BigInt(window)),
          retryAfter: after <= latest ? 0 : wait,
          resetAfter: roundUp(at - now, rate),
        };
      });
      return { allowed, standings };
    },
    adjust(charges: readonly Charge[], time: number): void {
      for (const charge of charges) {
        const { rate, window } = charge.policy as RatePolicy;
        const now = BigInt(time) * BigInt(rate);
        const moved = arrival(charge, now) + BigInt(charge.quantity) * BigInt(window);
        arrivals.set(`${charge.policy.id} ${charge.key}`, moved > now ? moved : now);
      }
    },
  };
}

function roundUp(ticks: bigint, rate: number): number {
  const divisor = BigInt(rate);
  return Number((ticks + divisor - 1n) / divisor);
}

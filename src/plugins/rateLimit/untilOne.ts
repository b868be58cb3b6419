import type { Policy, Standing } from './Limiter.ts';

/** Milliseconds until a unit more can be taken, of a limit that has none left; undefined where nobody can tell. */
export function untilOne(policy: Policy, { resetAfter }: Standing): number | undefined {
  if (policy.kind !== 'rate' || resetAfter === undefined) return resetAfter;
  return Math.max(1, resetAfter - Math.floor(((policy.burst - 1) * policy.window) / policy.rate));
}

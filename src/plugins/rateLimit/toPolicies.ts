import type { RateLimits } from '../../config/RateLimitConfig.ts';
import type { Policy } from './Limiter.ts';

export interface PolicyNames {
  /** What counters go by. */
  readonly id: string;
  /** What clients are told. */
  readonly name: string;
  readonly unit: 'requests' | 'cost';
}

/** One policy a limit. A rate's window is part of its id: what was used is counted in units of it. */
export function toPolicies(
  limits: RateLimits & { readonly concurrency?: number | undefined },
  { id, name, unit }: PolicyNames,
): Policy[] {
  const { rate, window, burst = rate, quota = {}, concurrency } = limits;
  const policies: Policy[] = [];
  if (rate !== undefined && window !== undefined && burst !== undefined)
    policies.push({ kind: 'rate', id: `${id}/${window}`, name, unit, rate, window, burst });
  for (const period of ['day', 'month'] as const) {
    const limit = quota[period];
    if (limit !== undefined)
      policies.push({ kind: 'quota', id: `${id}/${period}`, name: `${name}-${period}`, unit, period, limit });
  }
  if (concurrency !== undefined)
    policies.push({
      kind: 'concurrency',
      id: `${id}/concurrency`,
      name: `${name}-concurrency`,
      unit: 'requests',
      limit: concurrency,
    });
  return policies;
}

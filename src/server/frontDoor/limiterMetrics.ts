import type { Metric } from '../../lib/Metric.ts';
import type { LimiterStatus } from '../../plugins/rateLimit/Limiter.ts';

export function limiterMetrics(limits: { readonly status: LimiterStatus }): readonly Metric[] {
  const of = (kind: Metric['kind'], name: string, help: string, read: (status: LimiterStatus) => number): Metric => ({
    name,
    help,
    kind,
    read: () => [{ value: read(limits.status) }],
  });
  return [
    of('gauge', 'weft_rate_limit_store_away', 'Whether the store of the limits is away (1).', ({ degraded }) =>
      Number(degraded),
    ),
    of(
      'counter',
      'weft_rate_limit_without_store_total',
      'Requests that were counted by this process alone, or refused, because the store was away.',
      ({ withoutStore }) => withoutStore,
    ),
    of(
      'counter',
      'weft_rate_limit_forgotten_total',
      'Counters that were forgotten before they were full again, for want of room.',
      ({ forgotten }) => forgotten,
    ),
  ];
}

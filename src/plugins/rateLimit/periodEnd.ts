import type { Period } from './Limiter.ts';

const DAY = 86_400_000;

/** When the day or month of UTC that `time` is in ends; both in milliseconds since 1970. */
export function periodEnd(period: Period, time: number): number {
  if (period === 'day') return (Math.floor(time / DAY) + 1) * DAY;
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

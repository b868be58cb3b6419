import type { Period } from './Limiter.ts';

const DAY = 86_400_000;

/** The month that was asked for last; nearly always it is asked for again. */
let month = { start: 0, end: 0 };

/** When the day or month of UTC that `time` is in ends; both in milliseconds since 1970. */
export function periodEnd(period: Period, time: number): number {
  if (period === 'day') return (Math.floor(time / DAY) + 1) * DAY;
  if (time < month.start || time >= month.end) {
    const date = new Date(time);
    const [year, index] = [date.getUTCFullYear(), date.getUTCMonth()];
    month = { start: Date.UTC(year, index), end: Date.UTC(year, index + 1) };
  }
  return month.end;
}

import { readFileSync } from 'node:fs';

/** Percent of a core's time beyond which its figures are not the gateway's alone. */
export const DISTURBED = 5;

/** Microseconds in which a core was not idle: all modes, interrupts, and what the host took away. */
export function busyTime(core: number, stat = readFileSync('/proc/stat', 'utf8')): number {
  const line = stat.split('\n').find((one) => one.startsWith(`cpu${core} `));
  if (line === undefined) throw new Error(`There is no core ${core}.`);
  // user nice system idle iowait irq softirq steal; guests are in user already.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq + steal) * 10_000;
}

/** Percent of the time that went to others than the gateway. Ticks are coarse, so that nothing may come out as a little less. */
export function otherWork(busy: number, own: number, elapsed: number): number {
  return elapsed === 0 ? 0 : Math.max(0, ((busy - own) / elapsed) * 100);
}

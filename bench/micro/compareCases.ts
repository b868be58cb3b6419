import { getHeapStatistics } from 'node:v8';

export interface Case {
  readonly name: string;
  /** One operation, or `count` of them. What it returns is kept from being optimized away; a promise is waited for. */
  readonly run: () => unknown;
  /** Operations that one `run` stands for; default 1. */
  readonly count?: number;
}

export interface CompareOptions {
  /** `cpu` where another process has a part in the work: the time of this process alone, over all its threads. Default `elapsed`. */
  readonly clock?: 'elapsed' | 'cpu';
  readonly rounds?: number;
  /** Milliseconds of one round. */
  readonly round?: number;
}

interface Timed {
  /** Nanoseconds an operation. */
  readonly time: number;
  /** Bytes allocated on V8's heap an operation. */
  readonly bytes: number;
}

const CLOCKS = {
  elapsed: () => performance.now() * 1e6,
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000;
  },
};

/** Read by nobody; without it V8 may leave out what is measured. */
export const kept: { last: unknown } = { last: undefined };

/**
 * Times cases against each other: rounds by turns, so that a disturbance meets all of them. Returns a table in Markdown:
 * median, the range of the middle half of the rounds, bytes allocated.
 */
export async function compareCases(
  title: string,
  cases: readonly Case[],
  { clock = 'elapsed', rounds = 11, round = 60 }: CompareOptions = {},
): Promise<string> {
  const read = CLOCKS[clock];
  const times = new Map<Case, number>();
  // The second calibration finds warm code.
  for (let pass = 0; pass < 2; pass += 1) for (const one of cases) times.set(one, await calibrate(one, round));
  const results = new Map<Case, Timed[]>(cases.map((one) => [one, []]));
  for (let n = 0; n < rounds; n += 1)
    for (const one of cases) results.get(one)?.push(await time(one, times.get(one) ?? 1, read));
  return printTable(title, clock, results);
}

/** How often a case runs in one round. */
async function calibrate(one: Case, round: number): Promise<number> {
  for (let times = 1; ; times *= 2) {
    const { time: nanoseconds } = await time(one, times, CLOCKS.elapsed);
    const spent = (nanoseconds * times * (one.count ?? 1)) / 1e6;
    if (spent >= round / 4) return Math.max(1, Math.round((times * round) / spent));
  }
}

async function time({ run, count = 1 }: Case, times: number, read: () => number): Promise<Timed> {
  const allocated = getHeapStatistics().total_allocated_bytes;
  const begun = read();
  for (let n = 0; n < times; n += 1) {
    kept.last = run();
    if (kept.last instanceof Promise) kept.last = await kept.last;
  }
  const spent = read() - begun;
  const bytes = getHeapStatistics().total_allocated_bytes - allocated;
  return { time: spent / times / count, bytes: bytes / times / count };
}

function printTable(title: string, clock: string, results: ReadonlyMap<Case, readonly Timed[]>): string {
  const lines = [...results].map(([{ name }, timed]) => {
    const times = timed.map((one) => one.time);
    const spread = `${duration(quantile(times, 0.25))} to ${duration(quantile(times, 0.75))}`;
    const bytes = quantile(
      timed.map((one) => one.bytes),
      0.5,
    );
    return `| ${name} | ${duration(quantile(times, 0.5))} | ${spread} | ${size(bytes)} |`;
  });
  const unit = clock === 'cpu' ? 'CPU time' : 'time';
  return [`**${title}**`, '', `| | ${unit} | middle half | allocated |`, '|---|---:|---:|---:|', ...lines].join('\n');
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}

function duration(nanoseconds: number): string {
  return nanoseconds < 10_000 ? `${nanoseconds.toFixed(0)} ns` : `${digits(nanoseconds / 1000)} µs`;
}

function size(bytes: number): string {
  return bytes < 10_000 ? `${bytes.toFixed(0)} B` : `${digits(bytes / 1024)} kB`;
}

function digits(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

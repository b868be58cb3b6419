export interface Scale {
  /** Values that get a line and a number. */
  readonly ticks: readonly number[];
  /** Pixels. */
  place(value: number): number;
}

export interface ScaleOptions {
  readonly log: boolean;
  readonly from?: number;
  readonly pixels: readonly [first: number, last: number];
}

/** A scale that has room for all values and begins and ends with a tick. */
export function createScale(values: readonly number[], { log, from, pixels }: ScaleOptions): Scale {
  const [low, high] = [Math.min(...values, from ?? Infinity), Math.max(...values)];
  const ticks = values.length === 0 ? [1] : log ? logTicks(low, high) : linearTicks(low, high);
  const at = log ? Math.log : (value: number) => value;
  const [first, last] = [at(ticks[0] ?? 1), at(ticks.at(-1) ?? 1)];
  const [start, end] = pixels;
  return {
    ticks,
    place: (value) => start + (last === first ? 0 : (at(value) - first) / (last - first)) * (end - start),
  };
}

/** 1, 2, 5, 10, …; powers of ten alone where these are many. */
function logTicks(low: number, high: number): number[] {
  const [least, most] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const steps = most - least > 4 ? [1] : [1, 2, 5];
  const all: number[] = [];
  for (let power = least; power <= most; power += 1) for (const step of steps) all.push(step * 10 ** power);
  const from = all.findLastIndex((tick) => tick <= low);
  const to = all.findIndex((tick) => tick >= high);
  // At least two, so that there is a length between them.
  return all.slice(Math.max(0, from), Math.max(to, from + 1) + 1);
}

function linearTicks(low: number, high: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => span / one <= 6) ?? 10 * power;
  const ticks: number[] = [];
  for (let tick = Math.floor(low / step); ; tick += 1) {
    ticks.push(Number((tick * step).toPrecision(12)));
    if (tick * step >= low + span) return ticks;
  }
}

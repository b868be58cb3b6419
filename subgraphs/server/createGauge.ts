/** A number that goes up and down and can be waited for. */
export interface Gauge {
  add(delta: 1 | -1): void;
  readonly value: () => number;
  /** Resolves as soon as the value is exactly this. */
  when(value: number): Promise<void>;
}

export function createGauge(): Gauge {
  let current = 0;
  let waiting: { readonly value: number; readonly resolve: () => void }[] = [];
  return {
    add(delta) {
      current += delta;
      const due = waiting.filter(({ value }) => value === current);
      waiting = waiting.filter(({ value }) => value !== current);
      for (const { resolve } of due) resolve();
    },
    value: () => current,
    when(value) {
      if (value === current) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ value, resolve }));
    },
  };
}

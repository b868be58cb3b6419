/** The same time for all; a timer each would cost a request as much as its whole plan. */
export interface Deadlines {
  /** Calls `expire` after the time, and perhaps a little later, unless what is returned is called before. */
  start(expire: () => void): () => void;
}

interface Waiting {
  readonly until: number;
  readonly expire: () => void;
}

export function createDeadlines(milliseconds: number): Deadlines {
  // Whoever started first ends first.
  const waiting = new Set<Waiting>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const sweep = (): void => {
    timer = undefined;
    const now = performance.now();
    for (const entry of waiting) {
      if (entry.until > now) {
        arm(entry.until - now);
        return;
      }
      waiting.delete(entry);
      entry.expire();
    }
  };
  const arm = (left: number): void => {
    timer = setTimeout(sweep, left + 1);
    // In Node, it must not keep the process alive.
    if (typeof timer === 'object') timer.unref();
  };
  return {
    start(expire) {
      const entry: Waiting = { until: performance.now() + milliseconds, expire };
      waiting.add(entry);
      if (timer === undefined) arm(milliseconds);
      return () => void waiting.delete(entry);
    },
  };
}

/** The same time for all; a timer each would cost a request as much as its whole plan. */
export interface Deadlines {
  /** Calls `expire` after the time, and perhaps a little later, unless what is returned is called before. */
  start(expire: () => void): () => void;
}

/**
 * A link of a ring. Not a `Set`: its tables grow old, and each that was given up keeps the next one and all that is in it until the next full
 * garbage collection: 1.7 µs of the 27 of a small query, and half as much memory again.
 */
interface Waiting {
  until: number;
  expire: (() => void) | undefined;
  before: Waiting;
  after: Waiting;
}

export function createDeadlines(milliseconds: number): Deadlines {
  // Whoever started first ends first, and stands first behind it.
  const ring = createRing();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const sweep = (): void => {
    timer = undefined;
    const now = performance.now();
    for (let first = ring.after; first !== ring; first = ring.after) {
      if (first.until > now) {
        arm(first.until - now);
        return;
      }
      const { expire } = first;
      remove(first);
      expire?.();
    }
  };
  const arm = (left: number): void => {
    timer = setTimeout(sweep, left + 1);
    // In Node, it must not keep the process alive.
    if (typeof timer === 'object') timer.unref();
  };
  return {
    start(expire) {
      const entry: Waiting = { until: performance.now() + milliseconds, expire, before: ring.before, after: ring };
      ring.before.after = entry;
      ring.before = entry;
      if (timer === undefined) arm(milliseconds);
      return () => remove(entry);
    },
  };
}

function createRing(): Waiting {
  const ring = { until: 0, expire: undefined } as unknown as Waiting;
  ring.before = ring;
  ring.after = ring;
  return ring;
}

/** Leaves nothing in it that leads on: an old entry would keep young ones. More than once does no harm. */
function remove(entry: Waiting): void {
  entry.before.after = entry.after;
  entry.after.before = entry.before;
  entry.before = entry;
  entry.after = entry;
  entry.expire = undefined;
}

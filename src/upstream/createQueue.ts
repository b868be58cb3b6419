/** Carries pushed values to one reader. */
export interface Queue<T> {
  /** To be iterated once. `return()` drops what waits, and answers at once even while a `next()` is pending (an async generator would not). */
  readonly iterator: AsyncIterableIterator<T>;
  /** Values that wait for the reader, by `sizeOf`. */
  readonly size: number;
  push(value: T): void;
  /** No more values; the reader gets those that wait and then the end or, once, the failure. Only the first call counts. */
  end(failure?: { readonly error: unknown }): void;
}

export interface QueueOptions<T> {
  /** Default: 1 each. */
  readonly sizeOf?: ((value: T) => number) | undefined;
  /** The reader has taken the last value that waited and asks for more. */
  readonly onEmpty?: (() => void) | undefined;
  /** The reader has left before the end. Called once. */
  readonly onLeave?: (() => void) | undefined;
}

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

interface State<T> {
  readonly values: T[];
  readonly waiters: Waiter<T>[];
  readonly sizeOf: (value: T) => number;
  size: number;
  ended: boolean;
  left: boolean;
  failure: { readonly error: unknown } | undefined;
}

export function createQueue<T>(options: QueueOptions<T> = {}): Queue<T> {
  const state: State<T> = {
    values: [],
    waiters: [],
    sizeOf: options.sizeOf ?? (() => 1),
    size: 0,
    ended: false,
    left: false,
    failure: undefined,
  };
  const iterator: AsyncIterableIterator<T> = {
    next: () => takeNext(state, options.onEmpty),
    return: () => leave(state, options.onLeave),
    [Symbol.asyncIterator]: () => iterator,
  };
  return {
    iterator,
    get size() {
      return state.size;
    },
    push(value) {
      const waiter = state.waiters.shift();
      if (waiter !== undefined) {
        waiter.resolve({ done: false, value });
      } else if (!state.ended) {
        state.values.push(value);
        state.size += state.sizeOf(value);
      }
    },
    end(failed) {
      if (!state.ended) {
        state.ended = true;
        endWaiters(state, failed);
      }
    },
  };
}

function takeNext<T>(state: State<T>, onEmpty: (() => void) | undefined): Promise<IteratorResult<T, undefined>> {
  const value = state.values.shift();
  if (value !== undefined) {
    state.size -= state.sizeOf(value);
    return Promise.resolve({ done: false, value });
  }
  if (state.failure !== undefined) {
    const { error } = state.failure;
    state.failure = undefined;
    return Promise.reject(error);
  }
  if (state.ended) {
    return Promise.resolve({ done: true, value: undefined });
  }
  const result = new Promise<IteratorResult<T, undefined>>((resolve, reject) => {
    state.waiters.push({ resolve, reject });
  });
  onEmpty?.();
  return result;
}

function leave<T>(state: State<T>, onLeave: (() => void) | undefined): Promise<IteratorResult<T, undefined>> {
  const leaves = !state.left && !state.ended;
  state.left = true;
  state.ended = true;
  state.failure = undefined;
  state.values.length = 0;
  state.size = 0;
  endWaiters(state, undefined);
  if (leaves) {
    onLeave?.();
  }
  return Promise.resolve({ done: true, value: undefined });
}

/** The first reader that waits gets the failure; where none waits, the next one will. */
function endWaiters<T>(state: State<T>, failed: { readonly error: unknown } | undefined): void {
  const [first, ...others] = state.waiters.splice(0);
  if (first === undefined) {
    state.failure = failed;
  } else if (failed === undefined) {
    first.resolve({ done: true, value: undefined });
  } else {
    first.reject(failed.error);
  }
  for (const waiter of others) {
    waiter.resolve({ done: true, value: undefined });
  }
}

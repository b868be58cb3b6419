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

export function createQueue<T>(options: QueueOptions<T> = {}): Queue<T> {
  const values: T[] = [];
  const waiters: Waiter<T>[] = [];
  const sizeOf = options.sizeOf ?? (() => 1);
  let size = 0;
  let ended = false;
  let left = false;
  let failure: { readonly error: unknown } | undefined;

  const iterator: AsyncIterableIterator<T> = {
    next() {
      const value = values.shift();
      if (value !== undefined) {
        size -= sizeOf(value);
        return Promise.resolve({ done: false, value });
      }
      if (failure !== undefined) {
        const { error } = failure;
        failure = undefined;
        return Promise.reject(error);
      }
      if (ended) {
        return Promise.resolve({ done: true, value: undefined });
      }
      const result = new Promise<IteratorResult<T, undefined>>((resolve, reject) => {
        waiters.push({ resolve, reject });
      });
      options.onEmpty?.();
      return result;
    },
    return() {
      const leaves = !left && !ended;
      left = true;
      ended = true;
      failure = undefined;
      values.length = 0;
      size = 0;
      for (const waiter of waiters.splice(0)) {
        waiter.resolve({ done: true, value: undefined });
      }
      if (leaves) {
        options.onLeave?.();
      }
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return iterator;
    },
  };

  return {
    iterator,
    get size() {
      return size;
    },
    push(value) {
      if (ended) {
        return;
      }
      const waiter = waiters.shift();
      if (waiter !== undefined) {
        waiter.resolve({ done: false, value });
        return;
      }
      values.push(value);
      size += sizeOf(value);
    },
    end(failed) {
      if (ended) {
        return;
      }
      ended = true;
      const [first, ...others] = waiters.splice(0);
      if (first === undefined) {
        failure = failed;
      } else if (failed === undefined) {
        first.resolve({ done: true, value: undefined });
      } else {
        first.reject(failed.error);
      }
      for (const waiter of others) {
        waiter.resolve({ done: true, value: undefined });
      }
    },
  };
}

/** The same results; `ended` is called when they are over, for whatever reason. It may be called more than once. */
export function holdUntilEnd<Item>(results: AsyncIterable<Item>, ended: () => void): AsyncGenerator<Item, void, void> {
  const inner = results[Symbol.asyncIterator]();
  // Not a generator function: its `return()` would wait for a result that may never come.
  return {
    async next() {
      try {
        const step = await inner.next();
        if (step.done === true) ended();
        return step;
      } catch (error) {
        ended();
        throw error;
      }
    },
    async return() {
      ended();
      await inner.return?.();
      return { done: true, value: undefined };
    },
    async throw(error) {
      ended();
      await inner.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return();
    },
  };
}

/** Node fires a timer of more milliseconds at once. */
const LONGEST_TIMER = 2_147_483_647;

/** The same events until `time` (milliseconds since 1970); then one last event, and the source is ended. */
export function endAt<T>(
  events: AsyncGenerator<T, void, void>,
  time: number,
  lastEvent: () => T,
): AsyncGenerator<T, void, void> {
  const over = Promise.withResolvers<'over'>();
  let state: 'open' | 'over' | 'done' = 'open';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    const left = time - Date.now();
    if (left > 0) timer = setTimeout(wait, Math.min(left, LONGEST_TIMER));
    else {
      state = 'over';
      over.resolve('over');
    }
  };
  wait();
  const finish = (): void => {
    state = 'done';
    clearTimeout(timer);
  };
  return {
    async next() {
      if (state === 'done') return { done: true, value: undefined };
      const step = state === 'over' ? 'over' : await Promise.race([events.next(), over.promise]);
      if (step === 'over') {
        finish();
        // Not awaited: a source that waits for its next event ends when that comes.
        events.return().catch(() => undefined);
        return { done: false, value: lastEvent() };
      }
      if (step.done === true) finish();
      return step;
    },
    return() {
      finish();
      return events.return();
    },
    throw(error) {
      finish();
      return events.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return();
    },
  };
}

import { createGauge } from '../server/createGauge.ts';

/** Hands every published event to all subscribers. A subscription counts from the call on, so that no event after it is missed. */
export interface EventHub<Event> {
  publish(event: Event): void;
  subscribe(accept: (event: Event) => boolean): AsyncIterableIterator<Event>;
  readonly subscribers: () => number;
  /** Resolves as soon as there are exactly so many subscribers. */
  whenSubscribers(count: number): Promise<void>;
}

export function createEventHub<Event>(): EventHub<Event> {
  const sinks = new Set<(event: Event) => void>();
  const gauge = createGauge();
  return {
    publish(event) {
      for (const sink of sinks) sink(event);
    },
    subscribe(accept) {
      const queue = createQueue<Event>(() => {
        sinks.delete(sink);
        gauge.add(-1);
      });
      const sink = (event: Event): void => {
        if (accept(event)) queue.push(event);
      };
      sinks.add(sink);
      gauge.add(1);
      return queue.iterator;
    },
    subscribers: gauge.value,
    whenSubscribers: gauge.when,
  };
}

interface Queue<Event> {
  push(event: Event): void;
  readonly iterator: AsyncIterableIterator<Event>;
}

/** Not an async generator: `return()` of one waits for the event that it is suspended on, which may never come. */
function createQueue<Event>(onEnd: () => void): Queue<Event> {
  const events: Event[] = [];
  const waiting: ((result: IteratorResult<Event>) => void)[] = [];
  let ended = false;
  const iterator: AsyncIterableIterator<Event> = {
    [Symbol.asyncIterator]: () => iterator,
    next() {
      const event = events.shift();
      if (event !== undefined) return Promise.resolve({ done: false, value: event });
      if (ended) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve) => waiting.push(resolve));
    },
    return() {
      if (!ended) {
        ended = true;
        onEnd();
        for (const resolve of waiting.splice(0)) resolve({ done: true, value: undefined });
      }
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return {
    push(event) {
      const resolve = waiting.shift();
      if (resolve === undefined) events.push(event);
      else resolve({ done: false, value: event });
    },
    iterator,
  };
}

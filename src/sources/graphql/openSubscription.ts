import type { SourceResult } from '../../execute/Source.ts';
import { createQueue } from '../../upstream/createQueue.ts';

/** Results that may wait for the reader before the upstream is asked to pause. */
const highWaterMark = 128;

/** Where a transport puts what the backend sends. After `end` the rest is ignored. */
export interface SubscriptionSink {
  push(result: SourceResult): void;
  end(failure?: { readonly error: unknown }): void;
  /** True where the reader is behind: pause until `resume`. */
  isFull(): boolean;
}

/** One upstream subscription as its reader steers it. */
export interface UpstreamSubscription {
  /** The reader has read all and waits. */
  resume(): void;
  /** Ends it at the backend. Called once at most, also after the backend has ended it. */
  stop(): void;
}

export interface SubscriptionOptions {
  readonly signal: AbortSignal | undefined;
  /** Functions that end the subscriptions that are open, for the source's `close`. */
  readonly open: Set<(error: unknown) => void>;
  readonly start: (sink: SubscriptionSink) => UpstreamSubscription;
}

/** Subscribes when the iteration begins; an aborted signal, `return()` and the source's `close` end the upstream subscription. */
export function openSubscription(options: SubscriptionOptions): AsyncIterable<SourceResult> {
  return {
    [Symbol.asyncIterator]() {
      return startSubscription(options);
    },
  };
}

function startSubscription({ signal, open, start }: SubscriptionOptions): AsyncIterableIterator<SourceResult> {
  let upstream: UpstreamSubscription | undefined;
  let stopped = false;
  const stop = (): void => {
    if (stopped) {
      return;
    }
    stopped = true;
    signal?.removeEventListener('abort', onAbort);
    open.delete(onClose);
    upstream?.stop();
  };
  const queue = createQueue<SourceResult>({ onEmpty: () => upstream?.resume(), onLeave: stop });
  const end = (failure?: { readonly error: unknown }): void => {
    queue.end(failure);
    stop();
  };
  const onAbort = (): void => end();
  const onClose = (error: unknown): void => end({ error });
  if (signal?.aborted === true) {
    end();
    return queue.iterator;
  }
  signal?.addEventListener('abort', onAbort);
  open.add(onClose);
  upstream = start({ push: queue.push, end, isFull: () => queue.size >= highWaterMark });
  if (stopped) {
    upstream.stop();
  }
  return queue.iterator;
}

import type { SubscriptionSink, UpstreamSubscription } from '../graphql/openSubscription.ts';

/** A subscription that begins once something was waited for; one that is stopped before never begins. */
export function deferStart(
  sink: Pick<SubscriptionSink, 'end'>,
  prepare: () => Promise<() => UpstreamSubscription>,
): UpstreamSubscription {
  let upstream: UpstreamSubscription | undefined;
  let isStopped = false;
  prepare()
    .then((start) => {
      if (!isStopped) upstream = start();
    })
    // Also of the start itself: nobody else would hear that arguments don't fit, and that ends the process.
    .catch((error: unknown) => sink.end({ error }));
  return {
    resume: () => upstream?.resume(),
    stop() {
      isStopped = true;
      upstream?.stop();
    },
  };
}

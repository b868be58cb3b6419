/**
 * What: pins one snapshot to each request. Where: at `getEnveloped`, before parse; freed by `releaseSnapshot` when the answer is complete.
 * A caller sees one generation of the graph from parse to the last byte, whatever is swapped meanwhile; NOT_READY where there is none.
 */
import type { Plugin } from '@envelop/core';
import { GatewayError } from '../errors/GatewayError.ts';
import type { ServedSnapshot } from './ServedSnapshot.ts';

const pinned = new WeakMap<object, ServedSnapshot>();
const endings = new WeakMap<object, () => void>();

export function useSnapshot(current: () => ServedSnapshot | undefined): Plugin {
  return {
    onEnveloped({ context, setSchema }) {
      const snapshot = current();
      if (snapshot === undefined) throw new GatewayError('NOT_READY', 'The gateway has no supergraph to serve yet.');
      if (context != null && !pinned.has(context)) {
        snapshot.retain();
        pinned.set(context, snapshot);
      }
      setSchema(snapshot.schema);
    },
  };
}

/** The snapshot of this request. */
export function pinnedSnapshot(context: object): ServedSnapshot {
  const snapshot = pinned.get(context);
  if (snapshot === undefined) throw new Error('No snapshot is pinned to this context.');
  return snapshot;
}

/** Called once when the request has ended, in whatever way; one of these a request. */
export function atRelease(context: object, end: () => void): void {
  endings.set(context, end);
}

/** To be called when the request has ended, in whatever way; more than once does no harm. */
export function releaseSnapshot(context: object): void {
  endings.get(context)?.();
  endings.delete(context);
  const snapshot = pinned.get(context);
  if (snapshot === undefined) return;
  pinned.delete(context);
  snapshot.release();
}

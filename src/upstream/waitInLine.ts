import { unreachable } from './toUpstreamError.ts';
import type { UpstreamPool } from './UpstreamPool.ts';

/**
 * Counts a request among those that wait for a connection, until `leave` is called (more than once does no harm).
 * Throws SUBGRAPH_UNREACHABLE where the line is full: a backend that is too slow must not pile up the gateway's memory.
 */
export function waitInLine(pool: UpstreamPool, subgraph: string): { readonly leave: () => void } {
  if (pool.waiting >= pool.maxWaiting) {
    throw unreachable(subgraph, 'too many requests are queued for it');
  }
  pool.waiting++;
  let waits = true;
  return {
    leave() {
      if (waits) {
        waits = false;
        pool.waiting--;
      }
    },
  };
}

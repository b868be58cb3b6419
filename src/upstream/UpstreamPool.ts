import type { Dispatcher } from 'undici';

/** The connections to one origin. */
export interface UpstreamPool {
  readonly dispatcher: Dispatcher;
  /** A connection outside the pool, for the one retry that must not meet a second stale one; closed by who asks for it. */
  freshConnection(): Dispatcher;
  readonly maxWaiting: number;
  /** Requests that are dispatched, but that no connection carries yet. Counted here, because the pool's own figures walk all its connections. */
  waiting: number;
}

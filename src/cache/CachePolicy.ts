import type { SourceContext } from '../execute/Source.ts';

/** What the configuration says on the parts of one subgraph. */
export interface CachePolicy {
  readonly enabled: boolean;
  /** Milliseconds where neither the reply nor the graph says how long; undefined: then nothing is remembered. */
  readonly ttl?: number | undefined;
  /** Milliseconds at most for what is not there (null); undefined: that is not remembered. */
  readonly negativeTtl?: number | undefined;
  /** `visible`: whoever looks different to the subgraph has parts of its own; `public`: only what is private is kept apart. */
  readonly scope: 'visible' | 'public';
  /** The name of who asks, for private parts; the function gives undefined where it is not known. */
  readonly privateId?: ((context: SourceContext) => string | undefined) | undefined;
}

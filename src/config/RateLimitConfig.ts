/** Limits as the rest of the house sees them; durations in milliseconds. */

export interface RateLimitConfig {
  readonly rules: readonly RateLimitRule[];
  readonly plans: Readonly<Record<string, RateLimitPlan>>;
  /** Of the calls of a subgraph, by its name. */
  readonly subgraphs: Readonly<Record<string, SubgraphLimit>>;
  /** An expression that gives the name of a plan. */
  readonly plan?: string | undefined;
  readonly default_plan?: string | undefined;
  /** Undefined: Redis where it is configured. */
  readonly store?: 'memory' | 'redis' | undefined;
  readonly on_store_failure: 'open' | 'closed';
  readonly headers: boolean;
  readonly max_keys: number;
}

/** So many in a window, in a day, in a month. */
export interface RateLimits {
  readonly rate?: number | undefined;
  /** Milliseconds; there where `rate` is. */
  readonly window?: number | undefined;
  readonly burst?: number | undefined;
  readonly quota?: { readonly day?: number | undefined; readonly month?: number | undefined } | undefined;
}

export interface RateLimitRule extends RateLimits {
  readonly name: string;
  /** `caller`, `address`, `plan`, `operation`, `all` or an expression; a list: each combination. */
  readonly key: string | readonly string[];
  readonly when?: string | undefined;
  /** `Type.field`; empty: the rule is for whole operations. */
  readonly fields: readonly string[];
  readonly count: 'requests' | 'cost';
  /** What it counts: every request, or those whose credentials were wrong. */
  readonly on: 'requests' | 'failed_authentication';
  readonly concurrency?: number | undefined;
}

export interface SubgraphLimit extends RateLimits {
  readonly key: string | readonly string[];
  readonly concurrency?: number | undefined;
}

export interface RateLimitPlan extends RateLimits {
  readonly concurrency?: number | undefined;
  readonly cost?: RateLimits | undefined;
}

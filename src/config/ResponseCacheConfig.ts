/** What is remembered of answers, as the rest of the house sees it. */

export interface ResponseCacheConfig {
  readonly enabled: boolean;
  /** Bytes. */
  readonly max_size: number;
  readonly redis: boolean;
  readonly whole_operations: boolean;
  readonly headers: boolean;
  readonly cdn_cache_control: boolean;
  readonly subgraph: {
    readonly all: SubgraphCacheConfig;
    readonly subgraphs: Readonly<Record<string, SubgraphCacheConfig>>;
  };
  readonly invalidation: {
    readonly on_mutation: boolean;
    /** `host:port`. */
    readonly listen: string;
    readonly path: string;
    readonly shared_key?: string | undefined;
  };
}

/** Durations in milliseconds; what is absent is as for all, or by default. */
export interface SubgraphCacheConfig {
  readonly enabled?: boolean | undefined;
  readonly ttl?: number | undefined;
  readonly negative_ttl?: number | undefined;
  readonly scope?: 'visible' | 'public' | undefined;
  /** An expression that gives a text. */
  readonly private_id?: string | undefined;
}

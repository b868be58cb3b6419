/** `@cacheControl` of a type or a field, as subgraphs give it. */
export interface CacheHint {
  /** Milliseconds. */
  readonly maxAge?: number | undefined;
  readonly scope?: 'PUBLIC' | 'PRIVATE' | undefined;
  /** Values of `join__Graph`; undefined: of every subgraph. */
  readonly graphs?: readonly string[] | undefined;
}

/** `@cacheTag`: a text with `{$key.id}` or `{$args.id}` in it. */
export interface CacheTag {
  readonly format: string;
  readonly graphs?: readonly string[] | undefined;
}

/** What a graph itself says on caching, by `Type` and `Type.field`. */
export interface CacheHints {
  readonly hints: ReadonlyMap<string, readonly CacheHint[]>;
  readonly tags: ReadonlyMap<string, readonly CacheTag[]>;
}

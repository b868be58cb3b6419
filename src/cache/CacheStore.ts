/** The port to what remembers parts of answers. Nothing of it ever rejects or throws: a store that is away knows nothing. */
export interface CacheStore {
  /** What is there and still fresh, in the order of the keys; at once where nothing has to be waited for. */
  read(keys: readonly string[]): Reading | Promise<Reading>;
  /** Remembers; but not what was invalidated after `mark`, when the reading began that these entries come from. */
  write(entries: readonly KeyedEntry[], mark: unknown): void;
  /** Forgets all entries that have one of these tags; resolves to their number once no reader of this store gets one of them any more. */
  invalidate(tags: readonly string[]): number | Promise<number>;
}

export interface Reading {
  readonly entries: readonly (CacheEntry | undefined)[];
  /** Of the store that gave it; for `write`. */
  readonly mark: unknown;
}

export interface CacheEntry {
  /** JSON; whoever reads it does not change it, for all readers share it. */
  readonly value: unknown;
  /** Milliseconds since 1970 when a backend made it, as far as it tells (`Age`). */
  readonly stored: number;
  /** Milliseconds since 1970 from which on it is too old. */
  readonly expires: number;
  /** Whether it is only for who asked. */
  readonly isPrivate: boolean;
  readonly tags: readonly string[];
}

export interface KeyedEntry {
  readonly key: string;
  readonly entry: CacheEntry;
}

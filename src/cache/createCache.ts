import type { CacheEntry, CacheStore } from './CacheStore.ts';

/** What the sources of all generations share. */
export interface Cache {
  readonly store: CacheStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Parts that are being asked for, by their keys. */
  readonly flights: Map<string, Promise<Landed | undefined>>;
  /** Parts that were asked for. */
  readonly counts: { hits: number; misses: number };
  /** Forgets in all stores; resolves to the number of parts. */
  invalidate(tags: readonly string[]): Promise<number>;
  /** Nobody joins what is being asked for from now on. */
  closeDoors(): void;
}

/** A part that somebody else has asked for: its value, and the key that it has by what turned out of it. */
export interface Landed {
  readonly key: string;
  readonly entry: CacheEntry | undefined;
  readonly value: unknown;
}

export interface CacheOptions {
  readonly store: CacheStore;
  readonly now: () => number;
}

export function createCache({ store, now }: CacheOptions): Cache {
  const flights: Cache['flights'] = new Map();
  return {
    store,
    now,
    flights,
    counts: { hits: 0, misses: 0 },
    closeDoors: () => flights.clear(),
    async invalidate(tags) {
      flights.clear();
      const count = tags.length === 0 ? 0 : await store.invalidate(tags);
      // Who began meanwhile may have read before the write of whoever invalidates.
      flights.clear();
      return count;
    },
  };
}

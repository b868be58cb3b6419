/**
 * What: whole answers, for as long as all of their parts are good. Where: in the executor, before anything is asked.
 * A caller sees the very answer that was given before, with its text if it has one already.
 */
import type { AnswerMemory, RememberedAnswer } from '../execute/AnswerMemory.ts';
import { withFreshness } from '../execute/freshness.ts';
import { createMemoryStore, type MemoryStoreOptions } from './createMemoryStore.ts';
import { sizeOf } from './sizeOf.ts';

export interface AnswerCache extends AnswerMemory {
  /** Answers that were given from here. */
  readonly hits: number;
  /** Bytes in use. */
  readonly size: number;
  invalidate(tags: readonly string[]): number;
  clear(): void;
}

export interface AnswerCacheOptions extends MemoryStoreOptions {
  /** Whether somebody may change an answer after it was given (a plugin of an embedder): then each gets a copy. */
  readonly copies: boolean;
}

export function createAnswerCache({ maxSize, now, copies }: AnswerCacheOptions): AnswerCache {
  // The text that is sent is kept beside the data, and takes no more than that.
  const sizeOfValue = (value: unknown) => 2 * sizeOf((value as RememberedAnswer).result.data);
  const store = createMemoryStore({ maxSize, now, sizeOfValue });
  let hits = 0;
  return {
    get hits() {
      return hits;
    },
    get size() {
      return store.size;
    },
    find([shared, own]) {
      const { entries } = store.read(shared === own ? [own] : [own, shared]);
      const known = (entries[0] ?? entries[1])?.value as RememberedAnswer | undefined;
      if (known !== undefined) hits += 1;
      if (known === undefined || !copies) return known?.result;
      return withFreshness(structuredClone({ ...known.result }), known.freshness);
    },
    begin: () => store.read([]).mark,
    keep(key, { result, freshness }, begun) {
      const { stored, expires, isPrivate, tags, hits, misses } = freshness;
      const known = { ...freshness, hits: hits + misses, misses: 0 };
      // Another object: the answer that is under way says of itself that it was not remembered.
      const value: RememberedAnswer = { result: withFreshness({ ...result }, known), freshness: known };
      store.write([{ key, entry: { value, stored, expires, isPrivate, tags } }], begun);
    },
    invalidate: (tags) => store.invalidate(tags),
    clear: () => store.clear(),
  };
}

/**
 * What: entries in this process, bounded in bytes. Where: the only store, or in front of one that several gateways share.
 * A caller sees no entry after its end, nor after one of its tags was invalidated, nor one that was under way meanwhile.
 */
import { LRUCache } from 'lru-cache';
import type { CacheEntry, CacheStore, Reading } from './CacheStore.ts';
import { createTagTimes } from './createTagTimes.ts';
import { sizeOf, sizeOfText } from './sizeOf.ts';

export interface MemoryStoreOptions {
  /** Bytes of all entries together. */
  readonly maxSize: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Bytes of an entry's value; default: those of JSON. */
  readonly sizeOfValue?: ((value: unknown) => number) | undefined;
}

export interface MemoryStore extends CacheStore {
  read(keys: readonly string[]): Reading;
  invalidate(tags: readonly string[]): number;
  /** Forgets everything, and what is under way. */
  clear(): void;
  /** Bytes in use. */
  readonly size: number;
}

/** Bytes of the map's own lists and of each tag's set: so a million keys keep the heap within 3 % of what is configured (bench/micro/manyKeys.ts). */
const PER_ENTRY = 560;
const PER_TAG = 48;

export function createMemoryStore({ maxSize, now, sizeOfValue = sizeOf }: MemoryStoreOptions): MemoryStore {
  const keysByTag = new Map<string, Set<string>>();
  const times = createTagTimes();
  const entries = new LRUCache<string, CacheEntry>({
    maxSize,
    sizeCalculation: (entry, key) => sizeOfEntry(entry, key, sizeOfValue(entry.value)),
    dispose: (entry, key) => unlink(key, entry),
  });
  const unlink = (key: string, { tags }: CacheEntry): void => {
    for (const tag of tags) {
      const keys = keysByTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) keysByTag.delete(tag);
    }
  };
  const link = (key: string, { tags }: CacheEntry): void => {
    for (const tag of tags) {
      const keys = keysByTag.get(tag);
      if (keys === undefined) keysByTag.set(tag, new Set([key]));
      else keys.add(key);
    }
  };
  return {
    read(keys) {
      const time = now();
      const found = keys.map((key) => {
        const entry = entries.get(key);
        if (entry === undefined || entry.expires > time) return entry;
        entries.delete(key);
        return undefined;
      });
      return { entries: found, mark: times.now() };
    },
    write(added, mark) {
      for (const { key, entry } of added) {
        if (entry.expires <= now() || times.areAfter(entry.tags, mark as number)) continue;
        entries.set(key, entry);
        // What is larger than the whole store is not taken in.
        if (entries.peek(key) === entry) link(key, entry);
      }
    },
    invalidate(tags) {
      times.note(tags);
      let count = 0;
      for (const tag of tags) for (const key of keysByTag.get(tag) ?? []) if (entries.delete(key)) count += 1;
      return count;
    },
    clear() {
      times.noteAll();
      entries.clear();
    },
    get size() {
      return entries.calculatedSize;
    },
  };
}

function sizeOfEntry({ tags }: CacheEntry, key: string, ofValue: number): number {
  let size = PER_ENTRY + sizeOfText(key) + ofValue;
  for (const tag of tags) size += PER_TAG + sizeOfText(tag);
  return size;
}

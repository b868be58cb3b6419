/**
 * What: a store in this process in front of one that several gateways share. Where: between a cached source and both.
 * A caller sees what either has; nothing waits for the further one where the near one has all.
 */
import type { CacheEntry, CacheStore, KeyedEntry, Reading } from './CacheStore.ts';
import type { MemoryStore } from './createMemoryStore.ts';

interface Marks {
  readonly near: unknown;
  /** Undefined where the further store was not asked, or is away: then nothing goes there. */
  readonly far: unknown;
}

export function createTwoLevels(near: MemoryStore, far: CacheStore): CacheStore {
  const readFar = async (keys: readonly string[], first: Reading): Promise<Reading> => {
    const missing = keys.filter((_, index) => first.entries[index] === undefined);
    const second = await far.read(missing);
    const found: KeyedEntry[] = [];
    let next = 0;
    const entries = keys.map((key, index): CacheEntry | undefined => {
      const known = first.entries[index];
      if (known !== undefined) return known;
      const entry = second.entries[next];
      next += 1;
      if (entry !== undefined) found.push({ key, entry });
      return entry;
    });
    // What was invalidated while it was on its way is for nobody else.
    near.write(found, first.mark);
    return { entries, mark: { near: first.mark, far: second.mark } satisfies Marks };
  };
  return {
    read(keys) {
      const first = near.read(keys);
      if (!first.entries.includes(undefined))
        return { entries: first.entries, mark: { near: first.mark, far: undefined } satisfies Marks };
      return readFar(keys, first);
    },
    write(entries, mark) {
      const marks = mark as Marks;
      near.write(entries, marks.near);
      if (marks.far !== undefined) far.write(entries, marks.far);
    },
    async invalidate(tags) {
      const here = near.invalidate(tags);
      return Math.max(here, await far.invalidate(tags));
    },
  };
}

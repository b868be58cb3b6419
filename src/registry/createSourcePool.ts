import type { Source } from '../execute/Source.ts';

export interface SourceLease {
  readonly source: Source;
  /** The source closes with its last lease. More than once does no harm. */
  release(): void;
}

export interface SourcePool {
  /** The open source of this key, or a new one. Throws what `make` throws. */
  lease(key: string, make: () => Source): SourceLease;
  /** Closes all that is open, leased or not, and resolves when everything that ever began to close has closed. */
  close(): Promise<void>;
}

interface Entry {
  readonly source: Source;
  leases: number;
}

/** Sources by what they are made of, so that a generation takes over the unchanged ones of the generation before. */
export function createSourcePool(report: (source: string, error: unknown) => void): SourcePool {
  const open = new Map<string, Entry>();
  const closing = new Set<Promise<void>>();

  const closeEntry = (key: string, { source }: Entry): void => {
    open.delete(key);
    const closed: Promise<void> = Promise.resolve()
      .then(() => source.close?.())
      .catch((error: unknown) => report(source.name, error))
      .finally(() => closing.delete(closed));
    closing.add(closed);
  };

  return {
    lease(key, make) {
      const entry = open.get(key) ?? { source: make(), leases: 0 };
      open.set(key, entry);
      entry.leases++;
      let released = false;
      return {
        source: entry.source,
        release() {
          if (released) return;
          released = true;
          entry.leases--;
          if (entry.leases === 0 && open.get(key) === entry) closeEntry(key, entry);
        },
      };
    },
    async close() {
      for (const [key, entry] of [...open]) closeEntry(key, entry);
      await Promise.all(closing);
    },
  };
}

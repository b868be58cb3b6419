import { LRUCache } from 'lru-cache';
import type { DocumentStore } from './usePersistedDocuments.ts';

/** Texts in this process, so many characters of them; of `further`, where other processes have theirs, what is not here. */
export function createMemoryDocuments(maxSize: number, further?: DocumentStore): DocumentStore {
  const known = new LRUCache<string, string>({ maxSize, sizeCalculation: (text) => text.length + 64 });
  const take = (hash: string, text: string | undefined): string | undefined => {
    if (text !== undefined) known.set(hash, text);
    return text;
  };
  return {
    find(hash) {
      const found = known.get(hash);
      if (found !== undefined || further === undefined) return found;
      const other = further.find(hash);
      return other instanceof Promise ? other.then((text) => take(hash, text)) : take(hash, other);
    },
    add(hash, text) {
      known.set(hash, text);
      further?.add(hash, text);
    },
  };
}

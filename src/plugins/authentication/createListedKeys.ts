import { type ApiKey, type KeyStore, keyToCaller } from './KeyStore.ts';

/** Keys that are all known beforehand. */
export function createListedKeys(keys: readonly ApiKey[]): KeyStore {
  const callers = new Map(keys.map((key) => [key.hash, keyToCaller(key)]));
  return { find: (hash) => callers.get(hash) };
}

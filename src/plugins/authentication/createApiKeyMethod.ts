/**
 * What: API keys, of which only hashes are kept. Where: a method of `useAuthentication`.
 * A caller is the consumer of its key; a key that was taken back is refused as soon as its store says so.
 */
import { LRUCache } from 'lru-cache';
import type { Caller } from '../../execute/Source.ts';
import { hashOf } from '../hashOf.ts';
import { type AuthenticationMethod, CredentialsError } from './AuthenticationMethod.ts';
import { type CredentialSource, createCredentialReader } from './credentialSources.ts';
import type { KeyStore } from './KeyStore.ts';

export interface ApiKeyOptions {
  readonly sources: readonly CredentialSource[];
  /** Asked in order. */
  readonly stores: readonly KeyStore[];
  readonly now: () => number;
}

const LONGEST_KEY = 1_024;

export function createApiKeyMethod({ sources, stores, now }: ApiKeyOptions): AuthenticationMethod {
  const read = createCredentialReader(sources);
  // Keys are long and random, so that a plain hash keeps them; it is compared by look-up, never letter by letter.
  const hashes = new LRUCache<string, string>({ max: 10_000 });
  const accept = (caller: Caller | undefined): Caller => {
    if (caller === undefined) throw new CredentialsError('invalid_token', 'The API key is not known.');
    if (caller.expires !== undefined && caller.expires <= now())
      throw new CredentialsError('invalid_token', 'The API key has expired.');
    return caller;
  };
  const find = (hash: string, from: number): Caller | undefined | Promise<Caller | undefined> => {
    const found = stores[from]?.find(hash);
    if (from + 1 >= stores.length) return found;
    if (found instanceof Promise) return found.then((caller) => caller ?? find(hash, from + 1));
    return found ?? find(hash, from + 1);
  };
  const look = async (key: string): Promise<Caller> => {
    const hash = await hashOf(key);
    const caller = accept(await find(hash, 0));
    // Only of keys that there are: guesses would push the others out.
    hashes.set(key, hash);
    return caller;
  };
  const [first] = sources;
  return {
    name: 'api_keys',
    challenges: [`ApiKey realm="weft", ${first?.type ?? 'header'}="${first?.name ?? ''}"`],
    identify(context) {
      const key = read(context);
      if (key === undefined) return undefined;
      if (key.length > LONGEST_KEY) throw new CredentialsError('invalid_token', 'The API key is not known.');
      const hash = hashes.get(key);
      if (hash === undefined) return look(key);
      const found = find(hash, 0);
      return found instanceof Promise ? found.then(accept) : accept(found);
    },
  };
}

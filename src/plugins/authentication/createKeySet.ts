/**
 * What: the public keys of an issuer. Where: asked for each token that is not known yet.
 * A caller sees keys at once where there are any: they are fetched anew behind its back, and waited for only where a token names one that is not known.
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { Log } from '../../lib/Log.ts';

export interface KeySetOptions {
  /** Reads the key set, as JSON. */
  readonly load: () => Promise<unknown>;
  /** For messages: where it comes from. */
  readonly place: string;
  /** Milliseconds after which keys are fetched anew when next needed. */
  readonly pollInterval: number;
  /** Milliseconds between two fetches for keys that are not known: nobody makes the gateway flood the issuer. */
  readonly cooldown: number;
  readonly now: () => number;
  readonly log: Log;
}

export interface KeySet {
  /** `note` hears of which version the key is that was found. */
  finder(note: (version: number) => void): JWTVerifyGetKey;
  /** Another one whenever the keys are others: what was verified before may not hold any more. */
  readonly version: number;
  /** Has old keys fetched anew, without waiting: for tokens that are known and need none. */
  touch(): void;
}

/** Between two tries while there are no keys at all. */
const FIRST_RETRY = 1_000;

export function createKeySet({ load, place, pollInterval, cooldown, now, log }: KeySetOptions): KeySet {
  let find: ReturnType<typeof createLocalJWKSet> | undefined;
  let text = '';
  let version = 0;
  let triedAt = Number.NEGATIVE_INFINITY;
  let missedAt = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<void> | undefined;
  let failing = false;

  const refresh = (): Promise<void> => {
    triedAt = now();
    refreshing ??= fetchKeys().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };
  const fetchKeys = async (): Promise<void> => {
    try {
      const keys = await load();
      const made = createLocalJWKSet(keys as JSONWebKeySet);
      const read = JSON.stringify(keys);
      if (read !== text) version += 1;
      text = read;
      find = made;
      if (failing) log.info(`The key set ${place} is there again.`);
      failing = false;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const until = find === undefined ? 'no token can be verified' : 'the last known keys are used';
      if (!failing) log.warn(`The key set ${place} cannot be read, ${until}: ${why}`);
      failing = true;
    }
  };
  return {
    get version() {
      return version;
    },
    touch() {
      if (now() - triedAt >= pollInterval) void refresh();
    },
    finder: (note) => async (header, token) => {
      const age = now() - triedAt;
      if (find === undefined) {
        if (age >= FIRST_RETRY || refreshing !== undefined) await refresh();
        if (find === undefined)
          throw new GatewayError('AUTHENTICATION_UNAVAILABLE', 'Tokens cannot be verified at the moment.');
      } else if (age >= pollInterval) {
        const fetched = refresh();
        // Nobody has asked for long: a key that was taken back meanwhile must not let one more in.
        if (age >= 10 * pollInterval) await fetched;
      }
      try {
        note(version);
        return await find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (refreshing === undefined && now() - missedAt < cooldown) throw error;
        missedAt = now();
        await refresh();
        note(version);
        return find(header, token);
      }
    },
  };
}

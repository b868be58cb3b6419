/**
 * What: names and passwords (RFC 7617). Where: a method of `useAuthentication`.
 * A caller is the user; a password that was right is known for five minutes, for each check is meant to be slow.
 */
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { Caller } from '../../execute/Source.ts';
import { type AuthenticationMethod, CredentialsError } from './AuthenticationMethod.ts';
import { createCredentialReader } from './credentialSources.ts';
import { isPassword, type PasswordHash, parsePasswordHash } from './passwordHash.ts';

export interface BasicUser {
  readonly name: string;
  /** `$pbkdf2-sha256$...` */
  readonly password_hash: string;
  readonly plan?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
}

export interface BasicOptions {
  readonly users: readonly BasicUser[];
  readonly now: () => number;
}

interface User {
  readonly caller: Caller;
  readonly hash: PasswordHash;
}

const REMEMBERED = 5 * 60_000;
/** Checks at once: each is some 70 ms of a core. Who guesses must not take them all from the rest of the gateway. */
const MOST_CHECKS = 4;
const MOST_WAITING = 32;

export function createBasicMethod({ users, now }: BasicOptions): AuthenticationMethod {
  const read = createCredentialReader([{ type: 'header', name: 'authorization', value_prefix: 'Basic' }]);
  const known = new Map(users.map((user) => [user.name, toUser(user)]));
  const right = new LRUCache<string, { readonly caller: Caller; readonly until: number }>({ max: 1_000 });
  const inTurn = createTurns();
  // Of a user that there is not, the check takes as long.
  const [someone] = known.values();

  const check = async (credentials: string): Promise<Caller> => {
    const { name, password } = decode(credentials);
    const user = known.get(name);
    const hash = (user ?? someone)?.hash;
    const isRight = hash !== undefined && (await inTurn(() => isPassword(password, hash)));
    if (user === undefined || !isRight)
      throw new CredentialsError('invalid_token', 'The name or the password is wrong.');
    right.set(credentials, { caller: user.caller, until: now() + REMEMBERED });
    return user.caller;
  };
  return {
    name: 'basic',
    challenges: ['Basic realm="weft", charset="UTF-8"'],
    identify(context) {
      const credentials = read(context);
      if (credentials === undefined) return undefined;
      const found = right.get(credentials);
      return found !== undefined && now() < found.until ? found.caller : check(credentials);
    },
  };
}

function toUser({ name, password_hash, plan, scopes = [] }: BasicUser): User {
  const hash = parsePasswordHash(password_hash);
  if (hash === undefined) throw new Error(`Expected a hash "$pbkdf2-sha256$..." for the user "${name}".`);
  const caller: Caller = Object.freeze({
    key: `basic:${name}`,
    id: name,
    method: 'basic',
    scopes: Object.freeze([...scopes]),
    claims: Object.freeze({}),
    ...(plan === undefined ? {} : { plan }),
  });
  return { caller, hash };
}

function decode(credentials: string): { readonly name: string; readonly password: string } {
  try {
    const bytes = Uint8Array.from(atob(credentials), (letter) => letter.charCodeAt(0));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const at = text.indexOf(':');
    if (at > 0) return { name: text.slice(0, at), password: text.slice(at + 1) };
  } catch {
    // Neither base64 nor UTF-8.
  }
  throw new CredentialsError('invalid_request', 'Expected "Basic" and base64 of "name:password".');
}

/** Runs so many at once, lets some wait and sends the rest away. */
function createTurns(): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= MOST_CHECKS) {
      if (waiting.length >= MOST_WAITING)
        throw new GatewayError('AUTHENTICATION_UNAVAILABLE', 'Too many passwords are being checked at the moment.');
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    running += 1;
    try {
      return await run();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

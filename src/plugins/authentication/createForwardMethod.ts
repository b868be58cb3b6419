/**
 * What: a service of the operator's own that knows who asks. Where: a method of `useAuthentication`.
 * A caller sees itself by what that service says of its credentials, which stand in headers that are handed on to it.
 */
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { Caller } from '../../execute/Source.ts';
import { isRecord } from '../../lib/isRecord.ts';
import type { Log } from '../../lib/Log.ts';
import type { OpenContext } from '../GatewayPlugin.ts';
import { type AuthenticationMethod, CredentialsError } from './AuthenticationMethod.ts';
import { toScopes } from './toScopes.ts';

/** What the service has answered: a caller as JSON, or no. Rejects where it cannot be asked, or answers something else. */
export type AskService = (headers: Readonly<Record<string, string>>) => Promise<unknown | 'refused'>;

export interface ForwardOptions {
  readonly ask: AskService;
  /** Names in lower case of the headers that are handed on; credentials are where one of them is. */
  readonly headers: readonly string[];
  /** Milliseconds for which an answer holds; 0: it is asked each time. */
  readonly cacheTtl: number;
  readonly now: () => number;
  readonly log: Log;
}

interface Known {
  readonly caller: Caller | undefined;
  readonly until: number;
}

export function createForwardMethod({ ask, headers: names, cacheTtl, now, log }: ForwardOptions): AuthenticationMethod {
  const known = new LRUCache<string, Known>({
    max: 20_000,
    maxSize: 8 * 1024 * 1024,
    sizeCalculation: (_known, key) => key.length + 512,
  });
  const asking = new Map<string, Promise<Caller>>();
  const look = async (key: string, headers: Readonly<Record<string, string>>): Promise<Caller> => {
    const answer = await ask(headers).catch((error: unknown) => {
      log.warn(`The authentication service cannot be asked: ${error instanceof Error ? error.message : String(error)}`);
      throw new GatewayError('AUTHENTICATION_UNAVAILABLE', 'Credentials cannot be judged at the moment.', {
        cause: error,
      });
    });
    const caller = answer === 'refused' ? undefined : readCaller(answer);
    if (cacheTtl > 0)
      known.set(key, { caller, until: Math.min(now() + cacheTtl, caller?.expires ?? Number.POSITIVE_INFINITY) });
    return accept(caller);
  };
  return {
    name: 'forward',
    challenges: ['Bearer realm="weft"'],
    identify(context) {
      const headers = credentialsOf(context, names);
      if (headers === undefined) return undefined;
      const key = JSON.stringify(headers);
      const found = known.get(key);
      if (found !== undefined && now() < found.until) return accept(found.caller);
      const asked = asking.get(key) ?? look(key, headers).finally(() => asking.delete(key));
      asking.set(key, asked);
      return asked;
    },
  };
}

/** The headers that are there; over a WebSocket also of `connection_init`. */
function credentialsOf(
  { headers, connectionParams = {} }: OpenContext,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const found = names.flatMap((name) => {
    const param = Object.entries(connectionParams).find(([key]) => key.toLowerCase() === name)?.[1];
    const value = typeof param === 'string' && isHeader(param) ? param : headers.get(name);
    return value === null || value === '' ? [] : [[name, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** What could end a header, or begin another one, is none. */
function isHeader(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function accept(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new CredentialsError('invalid_token', 'The credentials are not accepted.');
  return caller;
}

/** `{ "id", "scopes", "plan", "claims", "expires" }`; `id` has to be there. */
function readCaller(answer: unknown): Caller {
  if (!isRecord(answer) || typeof answer['id'] !== 'string' || answer['id'] === '')
    throw new GatewayError('AUTHENTICATION_UNAVAILABLE', 'Credentials cannot be judged at the moment.', {
      cause: new Error('Expected the authentication service to answer an object with "id".'),
    });
  const { id, scopes, plan, claims, expires } = answer;
  const end = typeof expires === 'string' ? Date.parse(expires) : Number.NaN;
  return Object.freeze({
    key: `forward:${id}`,
    id,
    method: 'forward',
    scopes: Object.freeze([...toScopes(scopes)]),
    claims: Object.freeze(isRecord(claims) ? { ...claims } : {}),
    ...(typeof plan === 'string' ? { plan } : {}),
    ...(Number.isNaN(end) ? {} : { expires: end }),
  });
}

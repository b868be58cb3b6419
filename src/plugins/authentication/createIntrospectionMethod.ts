/**
 * What: bearer tokens that only who issued them can read (RFC 7662). Where: a method of `useAuthentication`.
 * A caller sees itself by what the issuer says of its token; that is remembered for a while, and never beyond the token's end.
 */
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { Caller } from '../../execute/Source.ts';
import { isRecord } from '../../lib/isRecord.ts';
import type { Log } from '../../lib/Log.ts';
import type { OpenContext } from '../GatewayPlugin.ts';
import { type AuthenticationMethod, CredentialsError } from './AuthenticationMethod.ts';
import type { TokenHolder } from './createTokenHolder.ts';
import { subjectOf } from './subjectOf.ts';
import { readBinding, type TokenBinding } from './tokenBinding.ts';
import { toScopes } from './toScopes.ts';

export interface IntrospectionOptions {
  /** What the issuer says of a token, as JSON; rejects where it cannot be asked. */
  readonly introspect: (token: string) => Promise<unknown>;
  /** Unique among what issuers are configured. */
  readonly issuer: string;
  readonly audiences?: readonly string[] | undefined;
  /** Whether who sends a token may use it. */
  readonly holder: TokenHolder;
  /** Milliseconds for which an answer holds: how long a token that was taken back may go on. */
  readonly cacheTtl: number;
  readonly planClaim?: string | undefined;
  readonly now: () => number;
  readonly log: Log;
}

interface Known {
  /** Undefined: the issuer has refused it. */
  readonly caller: Caller | undefined;
  readonly binding: TokenBinding | undefined;
  readonly until: number;
}

/** Refusals are remembered shortly: a token may be asked for before its issuer's servers all know of it. */
const REFUSED_TTL = 5_000;
const LONGEST_TOKEN = 16_384;
const REFUSED: Known = { caller: undefined, binding: undefined, until: 0 };

export function createIntrospectionMethod(options: IntrospectionOptions): AuthenticationMethod {
  const { introspect, cacheTtl, now, log, holder } = options;
  const known = new LRUCache<string, Known>({
    max: 50_000,
    maxSize: 8 * 1024 * 1024,
    sizeCalculation: (_known, token) => token.length + 512,
  });
  const asking = new Map<string, Promise<Known>>();
  const ask = async (token: string): Promise<Known> => {
    const answer = await introspect(token).catch((error: unknown) => {
      log.warn(`Tokens cannot be introspected: ${error instanceof Error ? error.message : String(error)}`);
      throw new GatewayError('AUTHENTICATION_UNAVAILABLE', 'Tokens cannot be verified at the moment.', {
        cause: error,
      });
    });
    const caller = readCaller(answer, token, options);
    const end = caller?.expires ?? Number.POSITIVE_INFINITY;
    const until = Math.min(end, now() + (caller === undefined ? REFUSED_TTL : cacheTtl));
    const judged: Known = { caller, binding: caller && readBinding(caller.claims), until };
    known.set(token, judged);
    return judged;
  };
  const confirm = (context: OpenContext, token: string, { caller, binding }: Known): Caller | Promise<Caller> => {
    if (caller !== undefined) return holder.confirm(context, token, { caller, binding });
    throw holder.blame(context, new CredentialsError('invalid_token', 'The token is not active.'));
  };
  return {
    name: 'introspection',
    challenges: holder.challenges,
    identify(context) {
      const token = holder.read(context);
      if (token === undefined) return undefined;
      const found = known.get(token);
      if (found !== undefined && now() < found.until) return confirm(context, token, found);
      if (token.length > LONGEST_TOKEN) return confirm(context, token, REFUSED);
      const asked = asking.get(token) ?? ask(token).finally(() => asking.delete(token));
      asking.set(token, asked);
      return asked.then((judged) => confirm(context, token, judged));
    },
  };
}

/** Undefined unless the issuer says that the token is active, still, and meant for this audience. */
function readCaller(
  answer: unknown,
  token: string,
  { issuer, audiences, planClaim, now }: IntrospectionOptions,
): Caller | undefined {
  if (!isRecord(answer) || answer['active'] !== true) return undefined;
  const { exp, nbf, aud } = answer;
  if (typeof exp === 'number' && exp * 1_000 <= now()) return undefined;
  if (typeof nbf === 'number' && nbf * 1_000 > now()) return undefined;
  const named = Array.isArray(aud) ? aud : [aud];
  if (audiences !== undefined && !audiences.some((audience) => named.includes(audience))) return undefined;
  const subject = subjectOf(answer);
  const plan = planClaim === undefined ? undefined : answer[planClaim];
  return Object.freeze({
    key: `introspection:${JSON.stringify([issuer, subject ?? token])}`,
    id: subject ?? '',
    method: 'introspection',
    scopes: Object.freeze([...toScopes(answer['scope'])]),
    claims: Object.freeze({ ...answer }),
    ...(typeof plan === 'string' ? { plan } : {}),
    ...(typeof exp === 'number' ? { expires: exp * 1_000 } : {}),
  });
}

/**
 * What: bearer tokens that are JWTs, of one issuer or several. Where: a method of `useAuthentication`.
 * A caller sees itself by the token's claims; a token that was verified once costs a lookup until it ends, or its issuer's keys are others.
 */
import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../../execute/Source.ts';
import type { OpenContext } from '../GatewayPlugin.ts';
import { type AuthenticationMethod, CredentialsError } from './AuthenticationMethod.ts';
import type { KeySet } from './createKeySet.ts';
import type { TokenHolder } from './createTokenHolder.ts';
import { subjectOf } from './subjectOf.ts';
import { readBinding, type TokenBinding } from './tokenBinding.ts';
import { toScopes } from './toScopes.ts';

export interface JwtIssuer {
  /** A key set, or one secret for HS256, HS384 and HS512. */
  readonly keys: KeySet | Uint8Array;
  /** What `iss` may be; undefined: anything. */
  readonly issuers?: readonly string[] | undefined;
  /** What `aud` has to name one of; undefined: anything. */
  readonly audiences?: readonly string[] | undefined;
  /** Never by the token's own word alone. */
  readonly algorithms: readonly string[];
}

export interface JwtOptions {
  /** In order; one is asked where it may have issued the token. */
  readonly issuers: readonly JwtIssuer[];
  /** Seconds by which clocks may differ. */
  readonly clockTolerance: number;
  /** The claim that holds the scopes, a text or a list; default: `scope`, or else `scp`. */
  readonly scopeClaim?: string | undefined;
  /** The claim that names the plan. */
  readonly planClaim?: string | undefined;
  /** Whether bearer tokens that are no JWTs are somebody else's. */
  readonly leavesOpaque?: boolean | undefined;
  /** Whether who sends a token may use it. */
  readonly holder: TokenHolder;
  /** Tokens that are remembered, in characters all together; default 8 MiB. */
  readonly cacheSize?: number | undefined;
  readonly now: () => number;
}

interface Verified {
  readonly caller: Caller;
  readonly binding: TokenBinding | undefined;
  readonly issuer: JwtIssuer;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** Longer ones are not looked at. */
const LONGEST_TOKEN = 16_384;

const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]*$/;

export function createJwtMethod(options: JwtOptions): AuthenticationMethod {
  const { holder } = options;
  const known = new LRUCache<string, Verified>({
    max: 50_000,
    maxSize: options.cacheSize ?? 8 * 1024 * 1024,
    sizeCalculation: (_verified, token) => token.length + 512,
  });
  const verify = async (context: OpenContext, token: string): Promise<Caller> => {
    const verified = await verifyToken(token, options).catch((error: unknown) => {
      throw holder.blame(context, error);
    });
    known.set(token, verified);
    return holder.confirm(context, token, verified);
  };
  return {
    name: 'jwt',
    challenges: holder.challenges,
    identify(context) {
      const token = holder.read(context);
      if (token === undefined) return undefined;
      const found = known.get(token);
      if (found !== undefined) {
        if (options.now() < found.expires && found.version === versionOf(found.issuer))
          return holder.confirm(context, token, found);
        known.delete(token);
      }
      if (options.leavesOpaque === true && !SHAPE.test(token)) return undefined;
      return verify(context, token);
    },
  };
}

function versionOf({ keys }: JwtIssuer): number {
  if (keys instanceof Uint8Array) return 0;
  keys.touch();
  return keys.version;
}

async function verifyToken(token: string, options: JwtOptions): Promise<Verified> {
  if (token.length > LONGEST_TOKEN || !SHAPE.test(token)) throw invalid('The token is not a signed JWT.');
  const claims = readClaims(token);
  const candidates = options.issuers.filter(
    ({ issuers }) => issuers === undefined || issuers.includes(claims.iss ?? ''),
  );
  if (candidates.length === 0) throw invalid('The token is of an issuer that is not accepted here.');
  let problem: unknown;
  for (const issuer of candidates) {
    let version = 0;
    const note = (found: number) => {
      version = found;
    };
    try {
      const payload = await verifyWith(token, { issuer, note }, options);
      const caller = toCaller(token, payload, options);
      return { caller, binding: readBinding(payload), issuer, version, expires: (payload.exp ?? 0) * 1_000 };
    } catch (error) {
      problem = error;
      // Another issuer may have signed it; what a right signature says is final.
      if (!isWrongKey(error)) break;
    }
  }
  throw toProblem(problem);
}

function readClaims(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw invalid('The token is not a signed JWT.');
  }
}

async function verifyWith(
  token: string,
  { issuer, note }: { readonly issuer: JwtIssuer; readonly note: (version: number) => void },
  options: JwtOptions,
): Promise<JWTPayload> {
  const { keys, issuers, audiences, algorithms } = issuer;
  const rules = {
    algorithms: [...algorithms],
    clockTolerance: options.clockTolerance,
    currentDate: new Date(options.now()),
    requiredClaims: ['exp'],
    ...(issuers === undefined ? {} : { issuer: [...issuers] }),
    ...(audiences === undefined ? {} : { audience: [...audiences] }),
  };
  const getKey: JWTVerifyGetKey = keys instanceof Uint8Array ? () => Promise.resolve(keys) : keys.finder(note);
  try {
    return (await jwtVerify(token, getKey, rules)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    // A token without `kid`: any key of its kind may have signed it.
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, rules)).payload;
      } catch (inner) {
        if (!(inner instanceof errors.JWSSignatureVerificationFailed)) throw inner;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function isWrongKey(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed
  );
}

function toCaller(token: string, claims: JWTPayload, { scopeClaim, planClaim }: JwtOptions): Caller {
  const subject = subjectOf(claims);
  const plan = planClaim === undefined ? undefined : claims[planClaim];
  return deepFreeze({
    // Without a subject two tokens are two callers.
    key: `jwt:${JSON.stringify([claims.iss ?? '', subject ?? token])}`,
    id: subject ?? '',
    method: 'jwt',
    scopes: toScopes(scopeClaim === undefined ? (claims['scope'] ?? claims['scp']) : claims[scopeClaim]),
    claims,
    ...(typeof plan === 'string' ? { plan } : {}),
    ...(claims.exp === undefined ? {} : { expires: claims.exp * 1_000 }),
  });
}

function toProblem(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return invalid('The token has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) return invalid(claimProblem(error));
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid('The token is signed by an algorithm that is not accepted here.');
  if (error instanceof errors.JWKSNoMatchingKey) return invalid('The token is signed by a key that is not known.');
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid('The signature of the token is wrong.');
  if (error instanceof errors.JOSEError) return invalid('The token is not a signed JWT.');
  return error;
}

function claimProblem({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return `The token has no claim "${claim}".`;
  if (claim === 'iss') return 'The token is of an issuer that is not accepted here.';
  if (claim === 'aud') return 'The token is meant for another audience.';
  if (claim === 'nbf') return 'The token is not valid yet.';
  return `The claim "${claim}" of the token is not valid.`;
}

function invalid(message: string): CredentialsError {
  return new CredentialsError('invalid_token', message);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}

/**
 * What: proofs that who sends a token holds its key (DPoP, RFC 9449, 4.3). Where: for each request with `Authorization: DPoP`; once a WebSocket or batch.
 * A caller sees `invalid_dpop_proof` for a proof that is wrong, for another request, old or used before, and `use_dpop_nonce` where it lacks ours.
 */
import {
  base64url,
  type CryptoKey,
  calculateJwkThumbprint,
  EmbeddedJWK,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { LRUCache } from 'lru-cache';
import type { OpenContext } from '../../GatewayPlugin.ts';
import { CredentialsError } from '../AuthenticationMethod.ts';
import { createCredentialReader } from '../credentialSources.ts';
import type { Nonces } from './createNonces.ts';
import { requestTarget } from './requestTarget.ts';

/** Remembers which proofs were used. */
export interface UsedProofs {
  /** True where the proof is new, and used from now on. Throws a `GatewayError` where that cannot be told. */
  use(key: string): boolean | Promise<boolean>;
}

export interface BoundToken {
  readonly token: string;
  /** The thumbprint (RFC 7638) of the key that it is bound to. */
  readonly jkt: string;
}

/** Resolves where the request has a proof of the token's key; rejects with a `CredentialsError`. */
export type ProofChecker = (context: OpenContext, bound: BoundToken) => Promise<void>;

export interface ProofCheckerOptions {
  readonly algorithms: readonly string[];
  /** Seconds. */
  readonly maxAge: number;
  readonly used: UsedProofs;
  /** Absent: proofs need no nonce of ours. */
  readonly nonces?: Nonces | undefined;
  /** What the request was sent to, as clients know it; undefined where that is not known. */
  readonly urlOf: (context: OpenContext) => string | undefined;
  readonly now: () => number;
}

interface ProofKey {
  readonly key: CryptoKey | Uint8Array;
  readonly thumbprint: string;
}

/** Seconds by which clocks may differ. */
export const TOLERANCE = 5;
const LONGEST_PROOF = 8_192;
const LONGEST_ID = 256;

const readProof = createCredentialReader([
  { type: 'header', name: 'dpop' },
  { type: 'connection_params', name: 'dpop' },
]);

export function createProofChecker(options: ProofCheckerOptions): ProofChecker {
  // Clients prove with the same key again and again: to read one takes longer than to verify a signature with it.
  const keys = new LRUCache<string, ProofKey>({ max: 1_000 });
  return (context, bound) => {
    const proof = readProof(context);
    // Operations of one exchange came with one proof; it would look used to all but the first.
    context.exchange ??= {};
    const { exchange } = context;
    const known = exchange.proof as Checked | undefined;
    if (known !== undefined && known.proof === proof && known.token === bound.token) return known.result;
    const result = checkProof(context, { ...bound, proof }, { ...options, keys });
    const checked: Checked = { proof, token: bound.token, result };
    exchange.proof = checked;
    return result;
  };
}

interface Checked {
  readonly proof: string | undefined;
  readonly token: string;
  readonly result: Promise<void>;
}

type CheckOptions = ProofCheckerOptions & { readonly keys: LRUCache<string, ProofKey> };

async function checkProof(
  context: OpenContext,
  { proof, token, jkt }: BoundToken & { readonly proof: string | undefined },
  options: CheckOptions,
): Promise<void> {
  if (proof === undefined) throw wrong('Expected a proof in the header "DPoP".');
  if (proof.length > LONGEST_PROOF) throw wrong('The proof is too long.');
  const { htm, htu, jti, ath, nonce } = await verify(proof, jkt, options);
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_ID) throw wrong('The claim "jti" is not valid.');
  if (htm !== methodOf(context)) throw wrong('The proof is for another method.');
  const url = options.urlOf(context);
  if (url === undefined || typeof htu !== 'string' || requestTarget(htu) !== requestTarget(url))
    throw wrong('The proof is for another address.');
  if (ath !== (await digestOf(token))) throw wrong('The proof is for another token.');
  await checkNonce(context, nonce, options.nonces);
  if (!(await options.used.use(`${jkt}:${jti}`))) throw wrong('The proof was used before.');
}

/** A WebSocket is opened by GET. */
function methodOf({ transport }: OpenContext): 'GET' | 'POST' {
  return transport?.kind === 'ws' || transport?.readOnly === true ? 'GET' : 'POST';
}

async function verify(
  proof: string,
  jkt: string,
  { algorithms, maxAge, now, keys }: CheckOptions,
): Promise<JWTPayload> {
  const findKey: JWTVerifyGetKey = async (header, jws) => {
    const name = JSON.stringify([header.alg, header.jwk]);
    const known = keys.get(name);
    const thumbprint = known?.thumbprint ?? (await calculateJwkThumbprint(header.jwk ?? {}, 'sha256'));
    // With a key that is not the token's nothing is computed: senders choose how much work theirs makes.
    if (thumbprint !== jkt)
      throw new CredentialsError('invalid_token', 'The token is bound to another key than that of the proof.', {
        scheme: 'DPoP',
      });
    if (known !== undefined) return known.key;
    const key = await EmbeddedJWK(header, jws);
    keys.set(name, { key, thumbprint });
    return key;
  };
  try {
    const { payload } = await jwtVerify(proof, findKey, {
      typ: 'dpop+jwt',
      algorithms: [...algorithms],
      requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
      maxTokenAge: maxAge,
      clockTolerance: TOLERANCE,
      currentDate: new Date(now()),
    });
    return payload;
  } catch (error) {
    throw toProblem(error);
  }
}

async function checkNonce(context: OpenContext, nonce: unknown, nonces: Nonces | undefined): Promise<void> {
  if (nonces === undefined) return;
  const current = await nonces.current();
  if (typeof nonce === 'string' && (await nonces.isGood(nonce))) {
    // So that the next request needs no second try.
    if (nonce !== current) context.responseHeaders = (context.responseHeaders ?? new Map()).set('dpop-nonce', current);
    return;
  }
  throw new CredentialsError('use_dpop_nonce', 'Expected a proof with the nonce of the header "DPoP-Nonce".', {
    scheme: 'DPoP',
    headers: { 'dpop-nonce': current },
  });
}

async function digestOf(token: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))));
}

function toProblem(error: unknown): unknown {
  if (error instanceof CredentialsError) return error;
  if (error instanceof errors.JWTExpired) return wrong('The proof is too old.');
  if (error instanceof errors.JWTClaimValidationFailed)
    return wrong(
      error.reason === 'missing'
        ? `The proof has no claim "${error.claim}".`
        : `The claim "${error.claim}" of the proof is not valid.`,
    );
  if (error instanceof errors.JOSEAlgNotAllowed)
    return wrong('The proof is signed by an algorithm that is not accepted here.');
  if (error instanceof errors.JWSSignatureVerificationFailed) return wrong('The signature of the proof is wrong.');
  // A key that cannot be read is a `TypeError` or a `DOMException`, of which the client alone is the cause.
  return wrong('The proof is no signed JWT with its public key.');
}

function wrong(message: string): CredentialsError {
  return new CredentialsError('invalid_dpop_proof', message, { scheme: 'DPoP' });
}

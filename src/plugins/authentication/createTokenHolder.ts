/**
 * What: whether who sends a token may use it: by bearing it, by the certificate of the connection, or by a proof of its key. Where: methods of tokens.
 * A caller with a stolen token that is bound is refused; the verification of the token itself may be remembered, this never is.
 */
import type { ClientCertificate } from '../../context.ts';
import type { Caller } from '../../execute/Source.ts';
import type { OpenContext } from '../GatewayPlugin.ts';
import { CredentialsError } from './AuthenticationMethod.ts';
import { type CredentialReader, type CredentialSource, createCredentialReader } from './credentialSources.ts';
import type { ProofChecker } from './dpop/createProofChecker.ts';
import type { TokenBinding } from './tokenBinding.ts';

export interface TokenHolderOptions {
  readonly sources: readonly CredentialSource[];
  readonly now: () => number;
  /** Absent: nobody's certificate is known, and tokens that are bound to one are refused. */
  readonly readCertificate?: ((context: OpenContext) => ClientCertificate | undefined) | undefined;
  /** Absent: tokens that are bound to a key are refused. */
  readonly dpop?: DpopOptions | undefined;
}

export interface DpopOptions {
  readonly check: ProofChecker;
  /** Whether tokens that are bound to no key are refused. */
  readonly required: boolean;
  readonly algorithms: readonly string[];
}

export interface TokenHolder {
  readonly challenges: readonly string[];
  /** The token of a request, by whichever scheme. */
  readonly read: CredentialReader;
  /** What the token says, for a sender who may use it; throws a `CredentialsError` for others. Without a promise where nothing is to be proven. */
  confirm(context: OpenContext, token: string, verified: Verified): Caller | Promise<Caller>;
  /** A refusal of the token itself, under the scheme by which it came. */
  blame(context: OpenContext, error: unknown): unknown;
}

export interface Verified {
  readonly caller: Caller;
  readonly binding: TokenBinding | undefined;
}

const BEARER = 'Bearer realm="weft"';

export function createTokenHolder({ sources, now, readCertificate, dpop }: TokenHolderOptions): TokenHolder {
  const readBorne = createCredentialReader(sources);
  const checkCertificate = (context: OpenContext, thumbprint: string): void => {
    const certificate = readCertificate?.(context);
    const isGood =
      certificate !== undefined &&
      certificate.problem === undefined &&
      (certificate.begins ?? 0) <= now() &&
      (certificate.expires ?? Number.POSITIVE_INFINITY) > now() &&
      certificate.thumbprint === thumbprint;
    if (!isGood) throw invalid('The token is bound to a certificate, which this connection has not shown.');
  };
  const byBearing = (context: OpenContext, { caller, binding }: Verified): Caller => {
    if (binding === undefined) return caller;
    if (binding.isUnknown === true) throw invalid('The token is bound to something that cannot be checked here.');
    if (binding.key !== undefined) throw invalid('The token is bound to a key, and came without a proof of it.');
    if (binding.certificate !== undefined) checkCertificate(context, binding.certificate);
    return caller;
  };
  if (dpop === undefined)
    return {
      challenges: [BEARER],
      read: readBorne,
      confirm: (context, _token, verified) => byBearing(context, verified),
      blame: (_context, error) => error,
    };

  const readProven = createCredentialReader(sources.flatMap(underDpop));
  const isBorne = (context: OpenContext): boolean => readBorne(context) !== undefined;
  const challenge = `DPoP realm="weft", algs="${dpop.algorithms.join(' ')}"`;
  const byProof = async (context: OpenContext, token: string, { caller, binding }: Verified): Promise<Caller> => {
    if (binding?.key === undefined) throw invalid('The token is bound to no key.', 'DPoP');
    await dpop.check(context, { token, jkt: binding.key });
    if (binding.certificate !== undefined) checkCertificate(context, binding.certificate);
    return caller;
  };
  return {
    challenges: dpop.required ? [challenge] : [BEARER, challenge],
    read: (context) => readBorne(context) ?? readProven(context),
    confirm(context, token, verified) {
      if (!isBorne(context)) return byProof(context, token, verified);
      if (dpop.required) throw invalid('Expected a token that is bound to a key, and a proof of it.', 'DPoP');
      return byBearing(context, verified);
    },
    blame(context, error) {
      if (!(error instanceof CredentialsError) || isBorne(context)) return error;
      const { problem, message, options } = error;
      return new CredentialsError(problem, message, { ...options, scheme: 'DPoP' });
    },
  };
}

/** Where a bearer token may stand, one with a proof may, too. */
function underDpop(source: CredentialSource): readonly CredentialSource[] {
  if (source.type !== 'header' && source.type !== 'connection_params') return [];
  return source.value_prefix?.toLowerCase() === 'bearer' ? [{ ...source, value_prefix: 'DPoP' }] : [];
}

function invalid(message: string, scheme?: 'DPoP'): CredentialsError {
  return new CredentialsError('invalid_token', message, { scheme });
}

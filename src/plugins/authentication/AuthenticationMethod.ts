import type { Caller } from '../../execute/Source.ts';
import type { OpenContext } from '../GatewayPlugin.ts';

/** One way to find out who asks. */
export interface AuthenticationMethod {
  /** As it is called in the configuration. */
  readonly name: string;
  /** What `WWW-Authenticate` asks for, without parameters of an error: one a scheme. */
  readonly challenges: readonly string[];
  /**
   * Who asks; undefined where the request bears no credentials of this kind. Throws a `CredentialsError` where they are wrong, a `GatewayError`
   * where they cannot be judged at the moment. Known credentials are answered without a promise.
   */
  identify(context: OpenContext): Caller | undefined | Promise<Caller | undefined>;
}

/** What tokens may be refused for, in the words of RFC 6750 and RFC 9449. */
export type CredentialsProblem = 'invalid_request' | 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce';

export interface CredentialsErrorOptions {
  /** The scheme whose challenge says why; unless told, the first of the method. */
  readonly scheme?: 'DPoP' | undefined;
  /** Further headers of the refusal, names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Credentials that were there and are wrong. A client may read the message: it never repeats what came. */
export class CredentialsError extends Error {
  readonly problem: CredentialsProblem;
  readonly options: CredentialsErrorOptions;

  constructor(problem: CredentialsProblem, message: string, options: CredentialsErrorOptions = {}) {
    super(message);
    this.problem = problem;
    this.options = options;
  }
}

/** What the gateway shows a backend of itself: certificates, tokens, signatures. The implementation is made by src/sources/credentials. */
export interface Credentials {
  readonly tls?: ClientTls | undefined;
  /** Of the headers that it sets, in lower case. */
  readonly names: readonly string[];
  /** The headers for a request whose others are known; in signatures these have their part. Rejects with a `GatewayError` where they cannot be had. */
  headersOf(request: SignableRequest): CredentialHeaders | Promise<CredentialHeaders>;
  /** Those of them that no request is needed for: for calls that have no HTTP request of their own. */
  tokensOf(identity: Identity | undefined): CredentialHeaders | Promise<CredentialHeaders>;
  /** The backend has refused these headers: whether another try would have others. */
  renew(refused: CredentialHeaders): boolean;
}

export type CredentialHeaders = Readonly<Record<string, string>>;

/** Whom the gateway speaks for. Requests that differ in its key never share an answer. */
export interface Identity {
  readonly key: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface SignableRequest {
  readonly subgraph: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer | undefined;
  readonly identity?: Identity | undefined;
}

/** PEM texts. */
export interface ClientTls {
  /** Connections with equal keys may be shared. */
  readonly id: string;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly servername?: string | undefined;
}

/** For an API that tells absent options from undefined ones. */
export function tlsOptions({ ca, cert, key, servername }: ClientTls): {
  ca?: string;
  cert?: string;
  key?: string;
  servername?: string;
} {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
  };
}

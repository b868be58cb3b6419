import type { Expression } from '../expressions/compileExpression.ts';

/** What the gateway shows a subgraph of itself, decoded: files absolute, durations in milliseconds. */
export interface SubgraphAuthentication {
  readonly internal_jwt?: InternalJwtConfig | undefined;
  readonly oauth2?: ClientCredentialsConfig | undefined;
  readonly aws_sig_v4?: AwsConfig | undefined;
  readonly message_signatures?: MessageSignaturesConfig | undefined;
  readonly hmac_signature?: { readonly secret: string; readonly extension_name: string } | undefined;
}

export interface InternalJwtConfig {
  readonly issuer: string;
  /** Absent: the name of the subgraph. */
  readonly audience?: string | undefined;
  readonly ttl: number;
  readonly header: string;
  readonly value_prefix: string;
  /** The first signs; the public ones of all are published. */
  readonly keys: readonly SigningKeyConfig[];
  readonly claims: Readonly<Record<string, ClaimConfig>>;
}

export interface ClaimConfig {
  readonly expression: string;
  readonly evaluate: Expression<string>;
}

export interface SigningKeyConfig {
  readonly id: string;
  readonly algorithm: string;
  /** PEM with a private key (PKCS #8). */
  readonly file?: string | undefined;
  readonly secret?: string | undefined;
}

export interface ClientCredentialsConfig {
  readonly token_url: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly scopes: readonly string[];
  readonly audience?: string | undefined;
  readonly client_authentication: 'basic' | 'post';
  readonly timeout: number;
}

export interface AwsConfig {
  readonly service_name: string;
  readonly region: string;
  readonly access_key_id: string;
  readonly secret_access_key: string;
  readonly session_token?: string | undefined;
}

export interface MessageSignaturesConfig {
  readonly key: { readonly id: string; readonly file?: string | undefined; readonly secret?: string | undefined };
  readonly algorithm: string;
  readonly derived_components: readonly string[];
  readonly headers: { readonly include: readonly string[] };
  readonly expiry: number;
}

/** Files as absolute paths. */
export interface SubgraphTls {
  readonly certificate_authorities?: string | undefined;
  readonly client_authentication?: { readonly certificate_chain: string; readonly key: string } | undefined;
  readonly server_name?: string | undefined;
}

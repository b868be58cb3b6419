import type { Expression } from '../expressions/compileExpression.ts';
import type { Environment } from './expandEnvironment.ts';
import type { AwsConfig, SubgraphAuthentication, SubgraphTls } from './SubgraphCredentials.ts';
import type { AuthenticationEntry, TlsEntry } from './schema/subgraphCredentialsSchema.ts';

export interface CredentialDecoding {
  readonly resolve: (path: string) => string;
  readonly env: Environment;
  readonly text: (source: string) => Expression<string> | undefined;
}

/** What holds for one subgraph: the closest entry wins, each credential by itself; `false` leaves one out. Undefined where there is none. */
export function decodeSubgraphAuthentication(
  entries: readonly (AuthenticationEntry | undefined)[],
  decoding: CredentialDecoding,
): SubgraphAuthentication | undefined {
  const merged = Object.assign({}, ...entries.map(defined)) as AuthenticationEntry;
  const { internal_jwt: jwt, oauth2, aws_sig_v4: aws, message_signatures: signatures, hmac_signature: hmac } = merged;
  const result: SubgraphAuthentication = {
    ...(jwt
      ? {
          internal_jwt: {
            ...jwt,
            keys: jwt.keys.map((key) => absolute(key, decoding)),
            claims: claimsOf(jwt.claims, decoding),
          },
        }
      : {}),
    ...(oauth2 ? { oauth2 } : {}),
    ...(aws ? { aws_sig_v4: withAwsKeys(aws, decoding.env) } : {}),
    ...(signatures
      ? {
          message_signatures: {
            ...signatures,
            key: absolute(signatures.key, decoding),
            headers: { include: signatures.headers.include ?? [] },
          },
        }
      : {}),
    ...(hmac ? { hmac_signature: hmac } : {}),
  };
  return Object.keys(result).length === 0 ? undefined : result;
}

/** The closest entry, whole. */
export function decodeSubgraphTls(
  entries: readonly (TlsEntry | undefined)[],
  { resolve }: Pick<CredentialDecoding, 'resolve'>,
): SubgraphTls | undefined {
  const entry = entries.findLast((found) => found !== undefined);
  if (entry === undefined) return undefined;
  const { certificate_authorities: ca, client_authentication: client } = entry;
  return {
    ...entry,
    ...(ca === undefined ? {} : { certificate_authorities: resolve(ca) }),
    ...(client === undefined
      ? {}
      : { client_authentication: { certificate_chain: resolve(client.certificate_chain), key: resolve(client.key) } }),
  };
}

/** Where the keys are not told they are the environment's; that there are some was checked before. */
export function withAwsKeys<T extends { access_key_id?: string | undefined; secret_access_key?: string | undefined }>(
  aws: T,
  env: Environment,
): T & Pick<AwsConfig, 'access_key_id' | 'secret_access_key' | 'session_token'> {
  const { access_key_id: id, secret_access_key: secret } = aws;
  if (id !== undefined && secret !== undefined) return { ...aws, access_key_id: id, secret_access_key: secret };
  const token = env['AWS_SESSION_TOKEN'];
  return {
    ...aws,
    access_key_id: env['AWS_ACCESS_KEY_ID'] ?? '',
    secret_access_key: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    ...(token ? { session_token: token } : {}),
  };
}

function absolute<T extends { readonly file?: string | undefined }>(key: T, { resolve }: CredentialDecoding): T {
  return key.file === undefined ? key : { ...key, file: resolve(key.file) };
}

function claimsOf(claims: Readonly<Record<string, string>>, { text }: CredentialDecoding) {
  return Object.fromEntries(
    Object.entries(claims).flatMap(([name, expression]) => {
      const evaluate = text(expression);
      return evaluate === undefined ? [] : [[name, { expression, evaluate }] as const];
    }),
  );
}

function defined(entry: AuthenticationEntry | undefined): object {
  return Object.fromEntries(Object.entries(entry ?? {}).filter(([, value]) => value !== undefined));
}

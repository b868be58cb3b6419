/**
 * What: the credentials for one subgraph, of all that its configuration has. Where: made before its schema is loaded, used for every exchange with it.
 * A subgraph sees tokens first, and signatures that cover them.
 */
import { hash } from 'node:crypto';
import type { SubgraphAuthentication, SubgraphTls } from '../../config/SubgraphCredentials.ts';
import type {
  ClientTls,
  CredentialHeaders,
  Identity,
  SignableRequest,
} from '../../upstream/credentials/Credentials.ts';
import type { HttpClient } from '../../upstream/HttpClient.ts';
import { createIdentify } from './createIdentify.ts';
import type { SubgraphCredentials } from './SubgraphCredentials.ts';
import { signOperation } from './signOperation.ts';

export interface CredentialSettings {
  readonly name: string;
  readonly authentication?: SubgraphAuthentication | undefined;
  readonly tls?: SubgraphTls | undefined;
}

export interface CredentialPorts {
  readonly http: HttpClient;
  /** Texts of the files, by their absolute paths. */
  readonly files: ReadonlyMap<string, string>;
  readonly now: () => number;
}

/** Gives headers from an identity; what must be waited for is a promise. */
type Token = (identity: Identity | undefined) => CredentialHeaders | Promise<CredentialHeaders>;

interface Parts {
  readonly names: string[];
  readonly tokens: Token[];
  readonly signers: ((request: SignableRequest) => CredentialHeaders)[];
  renew: (refused: CredentialHeaders) => boolean;
}

export async function openCredentials(
  settings: CredentialSettings,
  ports: CredentialPorts,
): Promise<SubgraphCredentials> {
  const { name, authentication = {}, tls } = settings;
  const { internal_jwt: jwt, hmac_signature: hmac } = authentication;
  const parts: Parts = { names: [], tokens: [], signers: [], renew: () => false };
  if (jwt !== undefined) {
    const { createTokenMint } = await import('./createTokenMint.ts');
    const mint = createTokenMint({
      config: jwt,
      subgraph: name,
      pem: ports.files.get(jwt.keys[0]?.file ?? ''),
      now: ports.now,
    });
    const prefix = jwt.value_prefix === '' ? '' : `${jwt.value_prefix} `;
    parts.names.push(jwt.header);
    parts.tokens.push((identity) => whenHad(mint(identity), (token) => ({ [jwt.header]: prefix + token })));
  }
  await addOwnToken(parts, settings, ports);
  await addSigners(parts, authentication, ports);
  const tokensOf: Token = (identity) => collect(parts.tokens, identity);
  const id = idOf(settings, ports.files);
  return {
    id,
    toJSON: () => id,
    names: parts.names,
    tls: tls === undefined ? undefined : clientTls(tls, ports.files),
    tokensOf,
    headersOf(request) {
      return whenHad(tokensOf(request.identity), (tokens) => signAll(parts.signers, request, tokens));
    },
    renew: parts.renew,
    identify: jwt === undefined ? undefined : createIdentify(jwt),
    signOperation: hmac === undefined ? undefined : signOperation(hmac.secret, hmac.extension_name),
  };
}

async function addOwnToken(
  parts: Parts,
  { name, authentication }: CredentialSettings,
  { http, now }: CredentialPorts,
): Promise<void> {
  const config = authentication?.oauth2;
  if (config === undefined) return;
  const { createTokenClient } = await import('./createTokenClient.ts');
  const client = createTokenClient({ config, subgraph: name, http, now });
  parts.names.push('authorization');
  parts.tokens.push(() => whenHad(client.token(), (token) => ({ authorization: `Bearer ${token}` })));
  parts.renew = ({ authorization = '' }) => client.forget(authorization.slice('Bearer '.length));
}

async function addSigners(
  parts: Parts,
  authentication: SubgraphAuthentication,
  { files, now }: CredentialPorts,
): Promise<void> {
  const { aws_sig_v4: aws, message_signatures: signatures } = authentication;
  if (aws !== undefined) {
    const { signAws } = await import('../../upstream/credentials/signAws.ts');
    const keys = {
      service: aws.service_name,
      region: aws.region,
      accessKeyId: aws.access_key_id,
      secretAccessKey: aws.secret_access_key,
      sessionToken: aws.session_token,
    };
    parts.names.push('authorization', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256');
    parts.signers.push((request) => signAws(request, keys, now()));
  }
  if (signatures !== undefined) {
    const { createMessageSigner } = await import('./createMessageSigner.ts');
    parts.names.push('content-digest', 'signature-input', 'signature');
    parts.signers.push(createMessageSigner({ config: signatures, pem: files.get(signatures.key.file ?? ''), now }));
  }
}

function signAll(signers: Parts['signers'], request: SignableRequest, tokens: CredentialHeaders): CredentialHeaders {
  let made = tokens;
  for (const sign of signers) made = { ...made, ...sign({ ...request, headers: { ...request.headers, ...made } }) };
  return made;
}

function collect(
  tokens: readonly Token[],
  identity: Identity | undefined,
): CredentialHeaders | Promise<CredentialHeaders> {
  const [first, ...rest] = tokens;
  if (first === undefined) return {};
  if (rest.length === 0) return first(identity);
  const made = tokens.map((token) => token(identity));
  return made.some((one) => one instanceof Promise)
    ? Promise.all(made).then((all) => Object.assign({}, ...all))
    : Object.assign({}, ...made);
}

/** Without a turn of the event loop where nothing must be waited for. */
function whenHad<T, U>(value: T | Promise<T>, then: (value: T) => U): U | Promise<U> {
  return value instanceof Promise ? value.then(then) : then(value);
}

function clientTls(
  { certificate_authorities: ca, client_authentication: client, server_name }: SubgraphTls,
  files: CredentialPorts['files'],
): ClientTls {
  const texts = {
    ca: ca === undefined ? undefined : files.get(ca),
    cert: client === undefined ? undefined : files.get(client.certificate_chain),
    key: client === undefined ? undefined : files.get(client.key),
    servername: server_name,
  };
  return { ...texts, id: hash('sha256', JSON.stringify(texts), 'base64url') };
}

/** With the texts of its files: another key under the same name makes another one. */
function idOf(settings: CredentialSettings, files: CredentialPorts['files']): string {
  const texts = filesOf(settings).map((path) => files.get(path));
  return hash('sha256', JSON.stringify([settings.name, settings.authentication, settings.tls, texts]), 'base64url');
}

/** Absolute paths of all files that it is made of. */
export function filesOf({ authentication, tls }: Omit<CredentialSettings, 'name'>): readonly string[] {
  const { internal_jwt: jwt, message_signatures: signatures } = authentication ?? {};
  const { certificate_authorities: ca, client_authentication: client } = tls ?? {};
  const keys = [...(jwt?.keys ?? []).map(({ file }) => file), signatures?.key.file];
  return [...keys, ca, client?.certificate_chain, client?.key].filter((path) => path !== undefined);
}

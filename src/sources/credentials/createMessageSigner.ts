/**
 * What: HTTP message signatures (RFC 9421) with the digest of the body (RFC 9530). Where: last of the credentials, so that the others are signed too.
 * A subgraph sees `Content-Digest`, `Signature-Input` and `Signature`.
 */
import { constants, createHash, createHmac, createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { MessageSignaturesConfig } from '../../config/SubgraphCredentials.ts';
import type { CredentialHeaders, SignableRequest } from '../../upstream/credentials/Credentials.ts';

type SignBytes = (base: Buffer) => Buffer;

export interface MessageSignerOptions {
  readonly config: MessageSignaturesConfig;
  /** PEM text, where the key is in a file. */
  readonly pem: string | undefined;
  readonly now: () => number;
}

export function createMessageSigner(options: MessageSignerOptions): (request: SignableRequest) => CredentialHeaders {
  const { config, pem, now } = options;
  const signBytes = signerOf(config.algorithm, pem === undefined ? (config.key.secret ?? '') : createPrivateKey(pem));
  const derived = config.derived_components.map((name) => `@${name.replace('_', '-')}`);
  const expiry = Math.max(1, Math.floor(config.expiry / 1_000));
  const keyId = quote(config.key.id);
  return (request) => {
    const digest =
      request.body === undefined
        ? undefined
        : `sha-256=:${createHash('sha256').update(request.body).digest('base64')}:`;
    const headers = digest === undefined ? request.headers : { ...request.headers, 'content-digest': digest };
    const included = config.headers.include.filter((name) => headers[name] !== undefined);
    const covered = new Set([...derived, ...(digest === undefined ? [] : ['content-digest']), ...included]);
    const created = Math.floor(now() / 1_000);
    const parameters = `;created=${created};expires=${created + expiry};nonce="${randomUUID()}";keyid=${keyId};alg="${config.algorithm}"`;
    const input = `(${[...covered].map(quote).join(' ')})${parameters}`;
    const signature = signBytes(Buffer.from(signatureBase({ ...request, headers }, [...covered], input)));
    return {
      ...(digest === undefined ? {} : { 'content-digest': digest }),
      'signature-input': `sig1=${input}`,
      signature: `sig1=:${signature.toString('base64')}:`,
    };
  };
}

/** RFC 9421, 2.5: what is signed. `input` are the covered components with their parameters, as they stand in `Signature-Input`. */
export function signatureBase(request: SignableRequest, covered: readonly string[], input: string): string {
  const url = new URL(request.url);
  const lines = covered.map((name) => `${quote(name)}: ${componentOf(name, request, url)}`);
  return [...lines, `"@signature-params": ${input}`].join('\n');
}

function componentOf(name: string, { method, headers }: SignableRequest, url: URL): string {
  switch (name) {
    case '@method':
      return method;
    case '@target-uri':
      return `${url.origin}${url.pathname}${url.search}`;
    case '@authority':
      return url.host;
    case '@scheme':
      return url.protocol.slice(0, -1);
    case '@path':
      return url.pathname;
    case '@query':
      return url.search === '' ? '?' : url.search;
    default: {
      const value = headers[name] ?? '';
      return (Array.isArray(value) ? value : [value]).map((line) => line.trim()).join(', ');
    }
  }
}

/** RFC 9421, 3.3. */
export function signerOf(algorithm: string, key: KeyObject | Buffer | string): SignBytes {
  if (algorithm === 'hmac-sha256') return (base) => createHmac('sha256', key).update(base).digest();
  if (typeof key === 'string' || Buffer.isBuffer(key)) throw new Error(`Expected a private key for "${algorithm}".`);
  switch (algorithm) {
    case 'ed25519':
      return (base) => sign(undefined, base, key);
    case 'ecdsa-p256-sha256':
      return (base) => sign('sha256', base, { key, dsaEncoding: 'ieee-p1363' });
    case 'ecdsa-p384-sha384':
      return (base) => sign('sha384', base, { key, dsaEncoding: 'ieee-p1363' });
    case 'rsa-pss-sha512':
      return (base) => sign('sha512', base, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 });
    default:
      throw new Error(`Expected a known algorithm; got "${algorithm}".`);
  }
}

/** A string of structured fields (RFC 8941). */
function quote(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;
}

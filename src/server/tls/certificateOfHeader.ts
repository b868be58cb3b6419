/**
 * What: a client's certificate as a proxy tells it in a header. Where: only behind proxies of the operator's own.
 * A caller sees a refusal where the header is there and cannot be read: it is never taken for none.
 */
import { X509Certificate } from 'node:crypto';
import type { ClientCertificate } from '../../context.ts';
import type { HeaderReader } from '../../execute/Source.ts';
import { CredentialsError } from '../../plugins/authentication/AuthenticationMethod.ts';
import { certificateOf } from './certificateOf.ts';
import { readXfcc } from './readXfcc.ts';

export interface CertificateHeader {
  readonly name: string;
  readonly format: 'xfcc' | 'pem';
  /** The header in which the proxy says whether it has verified the certificate. */
  readonly verify?: string | undefined;
}

/** nginx says SUCCESS, HAProxy 0. */
const VERIFIED = /^(?:SUCCESS|0)$/;

export function certificateOfHeader(
  headers: HeaderReader,
  { name, format, verify }: CertificateHeader,
): ClientCertificate | undefined {
  const value = headers.get(name)?.trim() ?? '';
  // nginx sends an empty header where the client has shown none, and "-" is how logs write that.
  if (value === '' || value === '-') return undefined;
  const problem =
    verify === undefined || VERIFIED.test(headers.get(verify)?.trim() ?? '')
      ? undefined
      : 'The certificate was not verified.';
  return format === 'pem' ? readText(value, name, problem) : readElement(value, name, problem);
}

function readElement(value: string, name: string, problem: string | undefined): ClientCertificate {
  const elements = readXfcc(value);
  const [element] = elements ?? [];
  // With several it is for the proxies to say which is the client's: the outermost has to replace what it was sent.
  if (element === undefined || elements?.length !== 1) throw unreadable(name);
  const [cert] = element.get('cert') ?? [];
  if (cert !== undefined) return readText(cert, name, problem);
  const [hash = ''] = element.get('hash') ?? [];
  if (!/^[0-9a-f]{64}$/i.test(hash)) throw unreadable(name);
  return {
    ...(problem === undefined ? {} : { problem }),
    thumbprint: Buffer.from(hash, 'hex').toString('base64url'),
    subject: element.get('subject')?.[0] ?? '',
    uris: (element.get('uri') ?? []).filter((uri) => uri !== ''),
    dnsNames: (element.get('dns') ?? []).map((dns) => dns.toLowerCase()),
    emails: [],
  };
}

/** PEM, encoded as in URLs; or the base64 alone, as HAProxy and Traefik send it. */
function readText(value: string, name: string, problem: string | undefined): ClientCertificate {
  try {
    const text = decodeURIComponent(value).replace(
      /^\s*-----BEGIN CERTIFICATE-----(.*)-----END CERTIFICATE-----\s*$/s,
      '$1',
    );
    const base64 = text.replaceAll(/\s/g, '');
    if (/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
      return certificateOf(new X509Certificate(Buffer.from(base64, 'base64')), problem);
  } catch {
    // Not encoded as in URLs, or no certificate.
  }
  throw unreadable(name);
}

function unreadable(name: string): CredentialsError {
  return new CredentialsError('invalid_request', `Expected one certificate in the header "${name}".`);
}

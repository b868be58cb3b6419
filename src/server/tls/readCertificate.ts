import { type DerElement, readDer } from '../../lib/readDer.ts';

/** The parts of a certificate (RFC 5280) that Node tells only as texts, or not at all. */
export interface CertificateParts {
  /** Issuer and serial number: by them a list of revoked certificates names one. */
  readonly name: string;
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
  readonly emails: readonly string[];
  /** Whether an alternative name has characters that no such name has: a NUL, behind which some readers end and others don't. */
  readonly hasOddNames: boolean;
}

const SUBJECT_ALT_NAME = '0603551d11';
/** The tags of `GeneralName` that name a client. */
const EMAIL = 0x81;
const DNS = 0x82;
const URI = 0x86;

/** Throws a `RangeError` for what is no certificate. */
export function readCertificate(der: Uint8Array): CertificateParts {
  const [certificate] = readDer(der);
  const [toBeSigned] = readDer(certificate?.content ?? new Uint8Array());
  const fields = readDer(toBeSigned?.content ?? new Uint8Array());
  const first = fields[0]?.tag === 0xa0 ? 1 : 0;
  const [serial, , issuer] = fields.slice(first);
  if (serial === undefined || issuer === undefined) throw new RangeError('Not a certificate.');
  const names = alternativeNames(fields.find(({ tag }) => tag === 0xa3));
  const textsOf = (wanted: number): string[] =>
    names.filter(({ tag }) => tag === wanted).map(({ content }) => Buffer.from(content).toString('latin1'));
  const uris = textsOf(URI);
  const emails = textsOf(EMAIL);
  const dnsNames = textsOf(DNS);
  return {
    name: certificateName(issuer, serial),
    uris,
    dnsNames: dnsNames.map((name) => name.toLowerCase()),
    emails,
    hasOddNames: [...uris, ...emails, ...dnsNames].some((name) => !/^[\x21-\x7e]+$/.test(name)),
  };
}

/** The same for a certificate and for an entry of a list. */
export function certificateName(issuer: DerElement, serial: DerElement): string {
  return `${hex(issuer.bytes)}:${hex(serial.content)}`;
}

function alternativeNames(extensions: DerElement | undefined): readonly DerElement[] {
  if (extensions === undefined) return [];
  const [list] = readDer(extensions.content);
  for (const extension of readDer(list?.content ?? new Uint8Array())) {
    const parts = readDer(extension.content);
    const value = parts.at(-1);
    if (parts[0] === undefined || hex(parts[0].bytes) !== SUBJECT_ALT_NAME || value === undefined) continue;
    const [names] = readDer(value.content);
    return readDer(names?.content ?? new Uint8Array());
  }
  return [];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

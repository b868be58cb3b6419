import { readDer } from '../../lib/readDer.ts';
import { certificateName } from './readCertificate.ts';

/** The certificates that a list (CRL, RFC 5280, 5.1) has, by the names of `readCertificate`. OpenSSL has checked the list by itself. */
export function readRevoked(der: Uint8Array): readonly string[] {
  const [list] = readDer(der);
  const [toBeSigned] = readDer(list?.content ?? new Uint8Array());
  const fields = readDer(toBeSigned?.content ?? new Uint8Array());
  // Version (optional), algorithm, issuer, one time or two, then the entries where there are any.
  const [, issuer, ...rest] = fields.slice(fields[0]?.tag === 0x02 ? 1 : 0);
  const entries = rest.find(({ tag }) => tag === 0x30);
  if (issuer === undefined || entries === undefined) return [];
  return readDer(entries.content).flatMap((entry) => {
    const [serial] = readDer(entry.content);
    return serial === undefined ? [] : [certificateName(issuer, serial)];
  });
}

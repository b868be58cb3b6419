import type { X509Certificate } from 'node:crypto';
import type { ClientCertificate } from '../../context.ts';
import { type CertificateParts, readCertificate } from './readCertificate.ts';

const ODD_NAMES = 'The certificate has a name with characters that no name has.';

const UNREADABLE = 'The certificate cannot be read.';

/** A certificate as plugins see it. `problem`: what whoever has checked it says. */
export function certificateOf(certificate: X509Certificate, problem?: string): ClientCertificate {
  const { uris = [], dnsNames = [], emails = [], hasOddNames } = partsOf(certificate.raw) ?? {};
  const wrong = problem ?? (hasOddNames === undefined ? UNREADABLE : hasOddNames ? ODD_NAMES : undefined);
  return Object.freeze({
    ...(wrong === undefined ? {} : { problem: wrong }),
    thumbprint: Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
    // OpenSSL has one part a line, in the order of the certificate; RFC 4514 has the last one first.
    subject: (certificate.subject ?? '').split('\n').toReversed().join(','),
    uris,
    dnsNames,
    emails,
    begins: Date.parse(certificate.validFrom),
    expires: Date.parse(certificate.validTo),
  });
}

/** Undefined for what OpenSSL takes and is no DER all the same: whoever connects has made it. */
function partsOf(der: Uint8Array): CertificateParts | undefined {
  try {
    return readCertificate(der);
  } catch {
    return undefined;
  }
}

import { isRecord } from '../../lib/isRecord.ts';

/** What the sender of a token has to hold beside it (RFC 7800). */
export interface TokenBinding {
  /** SHA-256 of a certificate, in base64url (RFC 8705). */
  readonly certificate?: string | undefined;
  /** SHA-256 of a public key, in base64url (RFC 9449, RFC 7638). */
  readonly key?: string | undefined;
  /** To something that nobody here can check. */
  readonly isUnknown?: boolean | undefined;
}

/**
 * What the claim `cnf` of a token says; undefined where there is none: whoever bears the token may use it. Members that are not known are passed over
 * beside one that is (RFC 7800, 3.1). A token of whose claim nothing can be checked was never meant for whoever bears it.
 */
export function readBinding(claims: Readonly<Record<string, unknown>>): TokenBinding | undefined {
  const confirmation = claims['cnf'];
  if (confirmation === undefined) return undefined;
  if (isRecord(confirmation)) {
    const { 'x5t#S256': certificate, jkt: key } = confirmation;
    const isKnown = certificate !== undefined || key !== undefined;
    if (isKnown && isText(certificate) && isText(key)) return { certificate, key };
  }
  return { isUnknown: true };
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value !== '');
}

import { GatewayError } from '../../errors/GatewayError.ts';
import type { HeaderReader } from '../../execute/Source.ts';

/** Codings of RFC 9110, 8.4.1, and RFC 8878 that bodies may have, by the names that clients say. */
const CODINGS = new Map([
  ['gzip', 'gzip'],
  // RFC 9110, 8.4.1.3: the same.
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br', 'br'],
  ['zstd', 'zstd'],
] as const);

export type ContentCoding = NonNullable<ReturnType<(typeof CODINGS)['get']>>;

const ACCEPTED = 'gzip, deflate, br, zstd';

/** Of the body; undefined where it is as it is. Throws 415 where it is none that is read here: one that is not known, or several in each other. */
export function contentCoding(headers: HeaderReader, isAllowed: boolean): ContentCoding | undefined {
  const header = headers.get('content-encoding');
  if (header === null) return undefined;
  const name = header.trim().toLowerCase();
  if (name === '' || name === 'identity') return undefined;
  const coding = isAllowed ? CODINGS.get(name as ContentCoding) : undefined;
  if (coding !== undefined) return coding;
  const got = JSON.stringify(name.slice(0, 100));
  const message = isAllowed
    ? `Expected a body without content encoding, or one of ${ACCEPTED.split(', ')
        .map((known) => `"${known}"`)
        .join(', ')}; got ${got}.`
    : `Expected a body without content encoding, got ${got}.`;
  // RFC 9110, 15.5.16: what would have been accepted.
  const headersBack = { 'accept-encoding': isAllowed ? ACCEPTED : 'identity' };
  throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', message, { extensions: { http: { headers: headersBack } } });
}

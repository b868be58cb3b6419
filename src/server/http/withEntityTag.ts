import { hash } from 'node:crypto';
import type { HeaderReader } from '../../execute/Source.ts';
import type { Answer } from './Answer.ts';

/** An answer to GET that may be kept gets an `ETag` (RFC 9110, 8.8.3); who has it already gets 304 without a body. */
export function withEntityTag(
  answer: Answer,
  request: { readonly method: string; readonly headers: HeaderReader },
  caching: ReadonlyMap<string, string> | undefined,
): Answer {
  const control = caching?.get('cache-control');
  if (request.method !== 'GET' || answer.status !== 200 || control === undefined || control === 'no-store')
    return answer;
  const etag = `"${hash('sha256', answer.body, 'base64url').slice(0, 27)}"`;
  const { 'content-length': _length, 'content-type': _type, ...rest } = answer.headers as Record<string, string>;
  if (!matches(request.headers.get('if-none-match'), etag)) return { ...answer, headers: { ...answer.headers, etag } };
  return { status: 304, headers: { ...rest, etag }, body: '' };
}

/** RFC 9110, 13.1.2: compared weakly. */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

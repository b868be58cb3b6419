import type { HeaderReader } from '../../execute/Source.ts';
import { type BodyLimits, bodyRules } from './bodyRules.ts';
import { checkContentType } from './checkContentType.ts';
import { tooLarge } from './tooLarge.ts';

/** Refuses a body by its headers: 415 for what is not JSON in UTF-8 or has a coding that is not read, 413 for what says that it is too large. */
export function checkBodyHeaders(headers: HeaderReader, limits: BodyLimits): void {
  const contentType = headers.get('content-type');
  if (contentType !== 'application/json') checkContentType(contentType);
  const { limit } = bodyRules(headers, limits);
  if (Number(headers.get('content-length') ?? '0') > limit) throw tooLarge(limit);
}

import type { HttpAnswer } from '../../upstream/HttpClient.ts';
import { lifetimeOf } from '../lifetimeOf.ts';
import { parseCacheControl } from '../parseCacheControl.ts';
import type { StoredAnswer } from './StoredAnswer.ts';

/** Statuses whose answers stand for themselves; of others nothing is remembered. */
const STATUSES = new Set([200, 203, 204, 404, 410]);

/** Milliseconds for which a stale answer that can be validated is kept. */
const VALIDATED = 86_400_000;

export interface StoreRules {
  /** When it was asked for. */
  readonly asked: number;
  /** Whether the request had credentials (RFC 9111, 3.5), and is not apart from others by all of its headers. */
  readonly isAuthorized: boolean;
}

/** What a cache that many share may remember (RFC 9111, 3), and until when; undefined where nothing. */
export function toStored(
  answer: HttpAnswer,
  { asked, isAuthorized }: StoreRules,
): { readonly stored: StoredAnswer; readonly expires: number } | undefined {
  if (!STATUSES.has(answer.status)) return undefined;
  const { headers } = answer;
  const control = parseCacheControl(headerOf(headers, 'cache-control') ?? '');
  if (control.has('no-store') || control.has('private') || headerOf(headers, 'vary')?.includes('*') === true)
    return undefined;
  if (isAuthorized && !['public', 's-maxage', 'must-revalidate'].some((name) => control.has(name))) return undefined;
  const { left = 0, age } = lifetimeOf(
    {
      cacheControl: headerOf(headers, 'cache-control'),
      age: headerOf(headers, 'age'),
      expires: headerOf(headers, 'expires'),
      date: headerOf(headers, 'date'),
    },
    asked,
  );
  // Nothing for "no-cache": it is validated each time.
  const freshUntil = asked + left;
  // RFC 5861; who must validate gives nothing stale.
  const isStrict = ['must-revalidate', 'proxy-revalidate', 's-maxage', 'no-cache'].some((name) => control.has(name));
  const stale = (name: string) => freshUntil + (isStrict ? 0 : Number(control.get(name) ?? 0) * 1_000 || 0);
  const whileRevalidating = stale('stale-while-revalidate');
  const ifError = stale('stale-if-error');
  const isValidated = headerOf(headers, 'etag') !== undefined || headerOf(headers, 'last-modified') !== undefined;
  const expires = Math.max(freshUntil, whileRevalidating, ifError, isValidated ? freshUntil + VALIDATED : 0);
  if (expires <= asked) return undefined;
  return { stored: { answer, made: asked - age, freshUntil, whileRevalidating, ifError }, expires };
}

export function headerOf(headers: HttpAnswer['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

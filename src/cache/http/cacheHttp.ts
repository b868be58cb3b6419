/**
 * What: a cache of HTTP (RFC 9111, and RFC 5861 for what is stale) that many clients share. Where: between the sources of REST services and the
 * client that reaches these.
 * A caller sees the answer of the service, or one that it has said may stand for it, with its `Age`.
 */
import { hash } from 'node:crypto';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../upstream/HttpClient.ts';
import type { CachePolicy } from '../CachePolicy.ts';
import type { CacheEntry } from '../CacheStore.ts';
import type { Cache } from '../createCache.ts';
import { tags } from '../tags.ts';
import type { StoredAnswer, VaryMark } from './StoredAnswer.ts';
import { headerOf, toStored } from './toStored.ts';

export interface CacheHttpOptions {
  readonly cache: Pick<Cache, 'store' | 'now' | 'invalidate'>;
  readonly policyOf: (subgraph: string) => CachePolicy;
}

/** Requests that a client of ours has put its own conditions on are none of a cache's. */
const OWN_CONDITIONS = [
  'if-none-match',
  'if-match',
  'if-modified-since',
  'if-unmodified-since',
  'range',
  'cache-control',
];
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

interface Found {
  readonly key: string;
  readonly stored: StoredAnswer | undefined;
  readonly mark: unknown;
}

export function cacheHttp(http: HttpClient, { cache, policyOf }: CacheHttpOptions): HttpClient {
  const { store, now } = cache;
  const revalidating = new Set<string>();
  const find = async (request: HttpRequest, base: string): Promise<Found> => {
    const { entries, mark } = await store.read([base]);
    const value = entries[0]?.value as StoredAnswer | VaryMark | undefined;
    if (value === undefined || !('vary' in value)) return { key: base, stored: value, mark };
    const key = variantOf(base, request, value.vary);
    const second = await store.read([key]);
    return { key, stored: second.entries[0]?.value as StoredAnswer | undefined, mark: second.mark };
  };
  const keep = (request: HttpRequest, base: string, kept: Kept): void => {
    const { answer, asked, mark } = kept;
    const isApart = policyOf(request.subgraph).scope === 'visible';
    const made = toStored(answer, {
      asked,
      isAuthorized: !isApart && (request.headers['authorization'] !== undefined || request.identity !== undefined),
    });
    if (made === undefined) return;
    const entryOf = (value: unknown): CacheEntry => ({
      value,
      stored: asked,
      expires: made.expires,
      isPrivate: false,
      tags: [tags.subgraph(request.subgraph), tags.http(request.subgraph), tags.http('*'), tags.url(request.url)],
    });
    const vary = isApart ? [] : namesIn(headerOf(answer.headers, 'vary'));
    if (vary.length === 0) store.write([{ key: base, entry: entryOf(made.stored) }], mark);
    else {
      const variant = { key: variantOf(base, request, vary), entry: entryOf(made.stored) };
      store.write([{ key: base, entry: entryOf({ vary } satisfies VaryMark) }, variant], mark);
    }
  };
  /** From the service: validated where something is stored, and remembered. */
  const ask = async (request: HttpRequest, base: string, { stored, mark }: Found): Promise<HttpAnswer> => {
    const asked = now();
    const answer = await http.request(
      stored === undefined ? request : { ...request, headers: conditional(request, stored) },
    );
    const isSame = answer.status === 304 && stored !== undefined;
    const whole = isSame ? renewed(stored.answer, answer) : answer;
    keep(request, base, { answer: whole, asked, mark });
    return whole;
  };
  const askInBackground = (request: HttpRequest, base: string, found: Found): void => {
    if (revalidating.has(found.key)) return;
    revalidating.add(found.key);
    // It goes on though the client that it came from leaves.
    ask({ ...request, signal: undefined }, base, found)
      .catch(() => undefined)
      .finally(() => revalidating.delete(found.key));
  };
  const read = async (request: HttpRequest): Promise<HttpAnswer> => {
    const base = baseOf(request, policyOf(request.subgraph));
    const found = await find(request, base);
    const { stored } = found;
    const time = now();
    if (stored !== undefined && time < stored.freshUntil) return aged(stored, time);
    if (stored !== undefined && time < stored.whileRevalidating) {
      askInBackground(request, base, found);
      return aged(stored, time);
    }
    const isSpare = stored !== undefined && time < stored.ifError;
    try {
      const answer = await ask(request, base, found);
      return isSpare && answer.status >= 500 ? aged(stored, now()) : answer;
    } catch (error) {
      if (isSpare && request.signal?.aborted !== true) return aged(stored, now());
      throw error;
    }
  };
  return {
    async request(request) {
      const isRead = request.method === 'GET' && request.body === undefined && policyOf(request.subgraph).enabled;
      if (isRead && OWN_CONDITIONS.every((name) => request.headers[name] === undefined)) return read(request);
      const answer = await http.request(request);
      // RFC 9111, 4.4: what stands at this URL is another thing now.
      if (!SAFE.has(request.method) && answer.status < 400) await cache.invalidate([tags.url(request.url)]);
      return answer;
    },
    stream: (request) => http.stream(request),
    close: () => http.close(),
  };
}

interface Kept {
  readonly answer: HttpAnswer;
  readonly asked: number;
  readonly mark: unknown;
}

/** Requests that differ in any header are apart, unless the subgraph's parts are for everybody: then by `Vary`. */
function baseOf({ subgraph, url, headers, identity }: HttpRequest, { scope }: CachePolicy): string {
  const seen = scope === 'visible' ? [Object.entries(headers).toSorted(), identity?.key] : [];
  return hash('sha256', JSON.stringify(['http', subgraph, url, seen]), 'base64url');
}

/** What varies may be a token that says who asks, which is put on later. */
function variantOf(base: string, { headers, identity }: HttpRequest, vary: readonly string[]): string {
  return hash('sha256', JSON.stringify([base, identity?.key, vary.map((name) => headers[name] ?? null)]), 'base64url');
}

function namesIn(vary: string | undefined): readonly string[] {
  const names = (vary ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '').toSorted();
}

function conditional({ headers }: HttpRequest, { answer }: StoredAnswer): HttpRequest['headers'] {
  const etag = headerOf(answer.headers, 'etag');
  const modified = headerOf(answer.headers, 'last-modified');
  return {
    ...headers,
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(modified === undefined ? {} : { 'if-modified-since': modified }),
  };
}

/** RFC 9111, 3.2: the headers of a 304 replace those that were stored, but for what tells of the body. */
function renewed(stored: HttpAnswer, { headers }: HttpAnswer): HttpAnswer {
  const fresh = Object.entries(headers).filter(
    ([name]) => !name.startsWith('content-') && name !== 'transfer-encoding',
  );
  return { ...stored, headers: { ...stored.headers, age: undefined, ...Object.fromEntries(fresh) } };
}

function aged({ answer, made }: StoredAnswer, time: number): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, age: String(Math.max(0, Math.ceil((time - made) / 1_000))) } };
}

import type { ReplyCaching } from '../execute/Source.ts';
import { parseCacheControl } from './parseCacheControl.ts';

export interface Lifetime {
  /** Milliseconds that are left; 0: not to be remembered. Undefined where the backend does not say how long. */
  readonly left?: number | undefined;
  /** Milliseconds since it was made. */
  readonly age: number;
  readonly isPrivate: boolean;
}

/** Headers that every request of the gateway to a backend has alike; others may differ from client to client. */
const ALIKE = new Set(['accept', 'accept-encoding', 'content-type', 'origin', 'user-agent', 'host', '']);

/** How long a reply is good for a cache that many share (RFC 9111, 4.2), and whether only for who asked. */
export function lifetimeOf(caching: ReplyCaching | undefined, now: number): Lifetime {
  if (caching === undefined) return { age: 0, isPrivate: false };
  const directives = parseCacheControl(caching.cacheControl ?? '');
  const varies = (caching.vary ?? '').split(',').map((name) => name.trim().toLowerCase());
  const age = (secondsOf(caching.age) ?? 0) * 1_000;
  const isPrivate = directives.has('private') || varies.some((name) => !ALIKE.has(name));
  if (directives.has('no-store') || directives.has('no-cache') || varies.includes('*'))
    return { left: 0, age, isPrivate: true };
  // Whoever it is for alone is no shared cache.
  const shared = isPrivate ? undefined : directives.get('s-maxage');
  const stated = shared ?? directives.get('max-age');
  if (stated !== undefined) return { left: Math.max(0, (secondsOf(stated) ?? 0) * 1_000 - age), age, isPrivate };
  if (caching.expires === undefined) return { age, isPrivate };
  const date = timeOf(caching.date ?? '');
  const end = timeOf(caching.expires);
  // What is no date is in the past (RFC 9111, 5.3).
  const whole = Number.isNaN(end) ? 0 : end - (Number.isNaN(date) ? now : date);
  return { left: Math.max(0, whole - age), age, isPrivate };
}

/** Of a reply that is made of several: the strictest; what says nothing has the time that is configured. */
export function lifetimeOfAll(
  all: readonly ReplyCaching[] | undefined,
  { now, ttl }: { readonly now: number; readonly ttl: number | undefined },
): Lifetime {
  const lifetimes = (all ?? []).map((caching) => lifetimeOf(caching, now));
  const isStated = lifetimes.some(({ left }) => left !== undefined);
  return {
    left: isStated ? Math.min(...lifetimes.map(({ left }) => left ?? ttl ?? 0)) : undefined,
    age: Math.max(0, ...lifetimes.map(({ age }) => age)),
    isPrivate: lifetimes.some(({ isPrivate }) => isPrivate),
  };
}

/** Of a date of HTTP, which begins with a day of the week (RFC 9110, 5.6.7); others would be read as something. */
function timeOf(text: string): number {
  return /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
}

/** A number of seconds (RFC 9111, 1.2.2); undefined for what is none. */
function secondsOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), 2_147_483_648) : undefined;
}

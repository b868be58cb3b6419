import type { Freshness, SourceResult } from '../execute/Source.ts';
import type { Analysis } from './analyzeDocument.ts';
import type { CacheEntry } from './CacheStore.ts';
import type { Slot } from './slotsOf.ts';

/** A value and what is known of it; without an entry it may not be remembered. */
export interface Filled {
  readonly value: unknown;
  readonly entry: CacheEntry | undefined;
  /** Under which it is, or could be, remembered; undefined where nobody else may have it. */
  readonly key: string | undefined;
  readonly isHit: boolean;
}

export interface Answered {
  readonly slots: readonly Slot[];
  readonly filled: readonly (Filled | undefined)[];
  readonly errors: NonNullable<SourceResult['errors']>;
}

/** The reply in order, made of what was remembered and what came. */
export function answerOf({ parts }: Analysis, { slots, filled, errors }: Answered): SourceResult {
  const data: Record<string, unknown> = {};
  for (const [n, { part, representation }] of slots.entries()) {
    const value = filled[n]?.value;
    if (representation === undefined) {
      if (value !== undefined) data[part.key] = value;
    } else {
      const list = data[part.key] as unknown[] | undefined;
      if (list === undefined) data[part.key] = [value ?? null];
      else list.push(value ?? null);
    }
  }
  // A list without items was not asked for.
  for (const part of parts)
    if (part.representations !== undefined && data[part.key] === undefined && errors.length === 0) data[part.key] = [];
  if (errors.length > 0) return { data, errors };
  const freshness = freshnessOf(filled);
  return freshness === undefined ? { data } : { data, freshness };
}

/** Of the strictest part; undefined where one may not be remembered. */
function freshnessOf(filled: Answered['filled']): Freshness | undefined {
  let stored = Number.POSITIVE_INFINITY;
  let expires = Number.POSITIVE_INFINITY;
  let isPrivate = false;
  let hits = 0;
  const tags = new Set<string>();
  for (const part of filled) {
    if (part?.entry === undefined) return undefined;
    const { entry, isHit } = part;
    stored = Math.min(stored, entry.stored);
    expires = Math.min(expires, entry.expires);
    isPrivate ||= entry.isPrivate;
    if (isHit) hits += 1;
    for (const tag of entry.tags) tags.add(tag);
  }
  return { stored, expires, isPrivate, tags: [...tags], hits, misses: filled.length - hits };
}

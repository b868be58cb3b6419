/**
 * What: asks a subgraph for the parts that are not remembered, in one request. Where: below `cacheSource`.
 * A caller sees the whole reply. Who misses what another is asking for already waits for that; where it fails, it asks for itself.
 */

import { GatewayError } from '../errors/GatewayError.ts';
import type { Source, SourceError, SourceRequest, SourceResult } from '../execute/Source.ts';
import { isRecord } from '../lib/isRecord.ts';
import type { Analysis } from './analyzeDocument.ts';
import { answerOf, type Filled } from './answerOf.ts';
import type { KeyedEntry } from './CacheStore.ts';
import type { Cache, Landed } from './createCache.ts';
import { lifetimeOfAll } from './lifetimeOf.ts';
import type { Slot } from './slotsOf.ts';
import { type EntryRules, toEntry } from './toEntry.ts';

export interface Asking {
  readonly source: Source;
  readonly cache: Cache;
  readonly analysis: Analysis;
  readonly slots: readonly Slot[];
  /** What is remembered, by slot. */
  readonly filled: (Filled | undefined)[];
  readonly mark: unknown;
  readonly rules: Omit<EntryRules, 'lifetime' | 'now'>;
}

export async function askMissing(request: SourceRequest, asking: Asking): Promise<SourceResult> {
  const { slots, filled, cache, analysis } = asking;
  const missing = [...slots.keys()].filter((n) => filled[n] === undefined);
  const waiting = new Map<number, Promise<Landed | undefined>>();
  const own: number[] = [];
  const landings = new Map<string, (landed: Landed | undefined) => void>();
  for (const n of missing) {
    const key = flightOf(slots[n] as Slot);
    const flight = key === undefined ? undefined : cache.flights.get(key);
    if (flight !== undefined) waiting.set(n, flight);
    else {
      own.push(n);
      if (key !== undefined) landings.set(key, takeOff(cache, key));
    }
  }
  const errors: SourceError[] = [];
  try {
    const result = own.length === 0 ? undefined : await ask(request, asking, own);
    errors.push(...(result?.errors ?? []));
    // As it came, where nothing is to be added.
    if (own.length === slots.length && result !== undefined && errors.length > 0) return result;
  } catch (error) {
    // What is remembered is there though the subgraph is not.
    if (own.length === slots.length || request.signal?.aborted === true) throw error;
    errors.push(toSourceError(error));
  } finally {
    settle(own, asking, landings);
  }
  const left: number[] = [];
  for (const [n, flight] of waiting) {
    const landed = await flight;
    const { sharedKey, privateKey } = slots[n] as Slot;
    // What turned out to be for somebody else alone is not for this one.
    if (landed === undefined || (landed.key !== sharedKey && landed.key !== privateKey)) left.push(n);
    else filled[n] = { ...landed, isHit: false };
  }
  if (left.length > 0) errors.push(...((await ask(request, asking, left)).errors ?? []));
  return answerOf(analysis, { slots, filled, errors });
}

/** Throws what is a fault of the gateway's own. */
function toSourceError(error: unknown): SourceError {
  if (!(error instanceof GatewayError)) throw error;
  return { message: error.message, extensions: error.extensions };
}

function flightOf({ sharedKey, privateKey }: Slot): string | undefined {
  return sharedKey ?? privateKey;
}

function takeOff({ flights }: Cache, key: string): (landed: Landed | undefined) => void {
  const { promise, resolve } = Promise.withResolvers<Landed | undefined>();
  flights.set(key, promise);
  return (landed) => {
    if (flights.get(key) === promise) flights.delete(key);
    resolve(landed);
  };
}

function settle(
  own: readonly number[],
  { slots, filled }: Asking,
  landings: ReadonlyMap<string, (landed: Landed | undefined) => void>,
): void {
  for (const n of own) {
    const { key, value, entry } = filled[n] ?? {};
    const flight = flightOf(slots[n] as Slot);
    if (flight !== undefined) landings.get(flight)?.(key === undefined ? undefined : { key, value, entry });
  }
}

/** Slots that are asked for, by the key of their part in the reply, in order. */
type Places = ReadonlyMap<string, readonly number[]>;

function placesOf(slots: readonly Slot[], wanted: readonly number[]): Places {
  const places = new Map<string, number[]>();
  for (const n of wanted) {
    const { part } = slots[n] as Slot;
    const known = places.get(part.key);
    if (known === undefined) places.set(part.key, [n]);
    else known.push(n);
  }
  return places;
}

/** Fills the slots that are asked for, and remembers what may be. The errors are placed as in the whole reply. */
async function ask(
  request: SourceRequest,
  { source, cache, analysis, slots, filled, mark, rules }: Asking,
  wanted: readonly number[],
): Promise<SourceResult> {
  const places = placesOf(slots, wanted);
  const isWhole = wanted.length === slots.length;
  // The time on the way counts (RFC 9111, 4.2.3): the backend may have read before it.
  const now = cache.now();
  const result = await source.fetch(isWhole ? request : partOf(request, { analysis, slots, places, rules }));
  const { data, errors = [], caching } = result;
  const all = { ...rules, lifetime: lifetimeOfAll(caching, { now, ttl: rules.policy.ttl }), now };
  const written: KeyedEntry[] = [];
  for (const [key, ns] of places) {
    const value = isRecord(data) ? data[key] : undefined;
    const items = slots[ns[0] as number]?.representation === undefined ? [value] : value;
    if (errors.length === 0 && !isListOf(items, ns.length)) throw unfit(source.name);
    for (const [index, n] of ns.entries()) {
      const item: unknown = isListOf(items, ns.length) ? items[index] : undefined;
      // Beside an error nothing is certain.
      const made = errors.length > 0 ? undefined : toEntry(slots[n] as Slot, item, all);
      filled[n] = { value: item, key: made?.key, entry: made?.entry, isHit: false };
      if (made?.key !== undefined && made.entry !== undefined) written.push({ key: made.key, entry: made.entry });
    }
  }
  if (written.length > 0) cache.store.write(written, mark);
  return isWhole ? result : { ...result, errors: errors.map((error) => placeError(error, places, slots)) };
}

function isListOf(value: unknown, length: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length === length;
}

function unfit(subgraph: string): GatewayError {
  const message = `The subgraph "${subgraph}" answered another number of entities than it was asked for, or none.`;
  return new GatewayError('SUBGRAPH_INVALID_RESPONSE', message, { subgraph });
}

interface Partial {
  readonly analysis: Analysis;
  readonly slots: readonly Slot[];
  readonly places: Places;
  readonly rules: Asking['rules'];
}

/** The request for some of the slots, with no more variables than these use. */
function partOf(request: SourceRequest, { analysis, slots, places, rules }: Partial): SourceRequest {
  const variables: Record<string, unknown> = {};
  for (const { key, variables: names, representations } of analysis.parts) {
    const ns = places.get(key);
    if (ns === undefined) continue;
    for (const name of names) if (Object.hasOwn(rules.variables, name)) variables[name] = rules.variables[name];
    if (representations !== undefined) variables[representations] = ns.map((n) => slots[n]?.representation);
  }
  return {
    ...request,
    operation: analysis.operation(analysis.parts.map(({ key }) => places.has(key))),
    variables: JSON.stringify(variables),
  };
}

function placeError(error: SourceError, places: Places, slots: readonly Slot[]): SourceError {
  const [key, index, ...below] = error.path ?? [];
  const n = typeof index === 'number' ? places.get(String(key))?.[index] : undefined;
  const slot = n === undefined ? undefined : slots[n];
  if (key === undefined || slot?.representation === undefined) return error;
  return { ...error, path: [key, slot.index, ...below] };
}

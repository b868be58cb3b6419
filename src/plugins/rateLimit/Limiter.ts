/**
 * What: the port between the plugin and whoever counts. Where: memory of this process, or Redis.
 * A caller sees all of a request's limits asked at once: all are charged, or none is.
 */

interface PolicyBase {
  /** Counters with the same id and key are one; no line break in it. */
  readonly id: string;
  /** What clients are told. */
  readonly name: string;
  /** What the quantities are. */
  readonly unit: 'requests' | 'cost';
}

/** So many units in a window, refilled evenly: the generic cell rate algorithm, with a quantity. */
export interface RatePolicy extends PolicyBase {
  readonly kind: 'rate';
  /** Units that come back in each window. */
  readonly rate: number;
  /** Milliseconds, an integer. */
  readonly window: number;
  /** Units that may be taken at once after a rest. */
  readonly burst: number;
}

/** So many units in a day or a month of UTC, counted exactly. */
export interface QuotaPolicy extends PolicyBase {
  readonly kind: 'quota';
  readonly period: Period;
  readonly limit: number;
}

/** So many operations at a time. */
export interface ConcurrencyPolicy extends PolicyBase {
  readonly kind: 'concurrency';
  readonly limit: number;
}

export type Policy = RatePolicy | QuotaPolicy | ConcurrencyPolicy;
export type Period = 'day' | 'month';

export interface Charge {
  readonly policy: Policy;
  /** Whose: a caller, an address, a tenant. */
  readonly key: string;
  readonly quantity: number;
  /** Of a place among those at a time: the name under which it is given back. */
  readonly lease?: string | undefined;
}

/** How one limit stands after a request; times in milliseconds. */
export interface Standing {
  readonly allowed: boolean;
  /** Units that could be taken now. */
  readonly remaining: number;
  /** Until the same would be allowed; 0 where it was, `Infinity` where it never will, undefined where nobody can tell. */
  readonly retryAfter: number | undefined;
  /** Until all units are there again; undefined where nobody can tell. */
  readonly resetAfter: number | undefined;
}

export interface Taken {
  readonly allowed: boolean;
  /** In the order of the charges. */
  readonly standings: readonly Standing[];
}

export interface Limiter {
  /** All charges, or none of them where one does not fit. Throws (or rejects with) a `GatewayError` where nobody can count. No two of one id and key. */
  take(charges: readonly Charge[]): Taken | Promise<Taken>;
  /** Adds quantities to what is used, whether they fit or not; negative ones give back. Places at a time are given back by `release`. */
  adjust(charges: readonly Charge[]): void;
  /** Gives back the places at a time among the charges. */
  release(charges: readonly Charge[]): void;
  readonly status: LimiterStatus;
}

export interface LimiterStatus {
  readonly store: 'memory' | 'redis';
  /** Whether this process counts alone because the store is away. */
  readonly degraded: boolean;
  /** Requests that were counted here, or refused, because the store was away. */
  readonly withoutStore: number;
  /** Counters that were forgotten before they were full again, for want of room. */
  readonly forgotten: number;
}

/**
 * What: counts in the memory of this process. Where: the only store, or the one that stands in while Redis is away.
 * A caller sees exact counts: times are whole milliseconds and quantities whole units, so that every sum is one of integers.
 */
import { LRUCache } from 'lru-cache';
import type { Charge, ConcurrencyPolicy, Limiter, Policy, QuotaPolicy, RatePolicy, Standing } from './Limiter.ts';
import { periodEnd } from './periodEnd.ts';

export interface MemoryLimiterOptions {
  /** Counters that are kept; past it those that were not used for longest are forgotten. */
  readonly maxKeys: number;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
  /** Called once, when a counter had to be forgotten that was not full again: its owner starts afresh. */
  readonly onForget?: (() => void) | undefined;
}

interface Counter {
  policy: RatePolicy | QuotaPolicy;
  /** Rate: unit-milliseconds (units times the window) that have not come back. Quota: units. */
  used: number;
  /** Rate: when `used` was true. Quota: when the period ends. */
  at: number;
}

interface Use {
  readonly used: number;
  readonly time: number;
}

/** Characters of a key that cost no more than the counter itself. */
const KEY_ROOM = 256;

export function createMemoryLimiter({ maxKeys, now = Date.now, onForget }: MemoryLimiterOptions): Limiter {
  let forgotten = 0;
  const counters = new LRUCache<string, Counter>({
    max: maxKeys,
    // Keys may be as long as a header.
    maxSize: maxKeys * KEY_ROOM,
    sizeCalculation: (_counter, key) => Math.max(KEY_ROOM, key.length),
    dispose(counter, _key, reason) {
      // Full again it is as good as new; no other may be lost unnoticed.
      if (reason !== 'evict' || usedAt(counter, counter.policy, Math.floor(now())) === 0) return;
      forgotten += 1;
      if (forgotten === 1) onForget?.();
    },
  });
  /** Operations at a time; bounded by those in flight. */
  const running = new Map<string, number>();

  const find = ({ policy, key }: Charge): Counter | undefined =>
    policy.kind === 'concurrency' ? undefined : counters.get(nameOf(policy, key));
  /** What of a charge's limit is used now; its counter is brought up to date. */
  const look = ({ policy, key }: Charge, counter: Counter | undefined, time: number): number => {
    if (policy.kind === 'concurrency') return running.get(nameOf(policy, key)) ?? 0;
    if (counter === undefined) return 0;
    const used = usedAt(counter, policy, time);
    counter.policy = policy;
    counter.used = used;
    counter.at = policy.kind === 'rate' ? time : periodEnd(policy.period, time);
    return used;
  };
  const put = ({ policy, key }: Charge, counter: Counter | undefined, { used, time }: Use): void => {
    if (policy.kind === 'concurrency') running.set(nameOf(policy, key), used);
    else if (counter !== undefined) counter.used = used;
    else if (used > 0) {
      const at = policy.kind === 'rate' ? time : periodEnd(policy.period, time);
      counters.set(nameOf(policy, key), { policy, used, at });
    }
  };

  return {
    take(charges) {
      const time = Math.floor(now());
      const count = charges.length;
      // Of their size from the start: what grows by `push` has room for 17.
      const found = new Array<Counter | undefined>(count);
      const used = new Array<number>(count);
      const standings = new Array<Standing>(count);
      let allowed = true;
      for (let index = 0; index < count; index += 1) {
        const charge = charges[index] as Charge;
        const counter = find(charge);
        const before = look(charge, counter, time);
        found[index] = counter;
        used[index] = before;
        if (before + charge.quantity * scaleOf(charge.policy) > roomOf(charge.policy)) allowed = false;
      }
      for (let index = 0; index < count; index += 1) {
        const charge = charges[index] as Charge;
        const before = used[index] as number;
        const after = before + charge.quantity * scaleOf(charge.policy);
        if (allowed) put(charge, found[index], { used: after, time });
        standings[index] = standingOf(charge, { before, charged: allowed, time });
      }
      return { allowed, standings };
    },
    adjust(charges) {
      const time = Math.floor(now());
      for (const charge of charges) {
        if (charge.policy.kind === 'concurrency') continue;
        const counter = find(charge);
        const after = look(charge, counter, time) + charge.quantity * scaleOf(charge.policy);
        put(charge, counter, { used: Math.max(0, after), time });
      }
    },
    release(charges) {
      for (const { policy, key, quantity } of charges) {
        if (policy.kind !== 'concurrency') continue;
        const name = nameOf(policy, key);
        const left = (running.get(name) ?? 0) - quantity;
        if (left > 0) running.set(name, left);
        else running.delete(name);
      }
    },
    get status() {
      return { store: 'memory', degraded: false, withoutStore: 0, forgotten } as const;
    },
  };
}

function nameOf(policy: Policy, key: string): string {
  return `${policy.id}\n${key}`;
}

/** A clock that was put back gives nothing and takes nothing. */
function usedAt(counter: Counter, policy: RatePolicy | QuotaPolicy, time: number): number {
  if (policy.kind === 'rate') return Math.max(0, counter.used - Math.max(0, time - counter.at) * policy.rate);
  return time >= counter.at ? 0 : counter.used;
}

function scaleOf(policy: Policy): number {
  return policy.kind === 'rate' ? policy.window : 1;
}

function roomOf(policy: Policy): number {
  return policy.kind === 'rate' ? policy.burst * policy.window : policy.limit;
}

interface Outcome {
  /** Used before the request. */
  readonly before: number;
  readonly charged: boolean;
  readonly time: number;
}

function standingOf({ policy, quantity }: Charge, { before, charged, time }: Outcome): Standing {
  const scale = scaleOf(policy);
  const room = roomOf(policy);
  const wanted = before + quantity * scale;
  const used = charged ? wanted : before;
  const allowed = wanted <= room;
  return {
    allowed,
    remaining: Math.max(0, Math.floor((room - used) / scale)),
    retryAfter: allowed ? 0 : retryAfter(policy, { wanted, never: quantity * scale > room, time }),
    resetAfter: resetAfter(policy, used, time),
  };
}

interface Wish {
  readonly wanted: number;
  readonly never: boolean;
  readonly time: number;
}

function retryAfter(policy: Policy, { wanted, never, time }: Wish): number | undefined {
  if (never) return Number.POSITIVE_INFINITY;
  if (policy.kind === 'concurrency') return undefined;
  if (policy.kind === 'quota') return periodEnd(policy.period, time) - time;
  return Math.ceil((wanted - roomOf(policy)) / policy.rate);
}

function resetAfter(policy: RatePolicy | QuotaPolicy | ConcurrencyPolicy, used: number, time: number) {
  if (policy.kind === 'concurrency') return undefined;
  return policy.kind === 'rate' ? Math.ceil(used / policy.rate) : periodEnd(policy.period, time) - time;
}

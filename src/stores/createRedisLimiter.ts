/**
 * What: counts in Redis for all gateways together. Where: one script and one round trip a request.
 * A caller sees exact limits whatever the number of gateways; while Redis is away, those of this process alone, or a refusal, as configured.
 */
import { createHash } from 'node:crypto';
import { GatewayError } from '../errors/GatewayError.ts';
import type { Log } from '../lib/Log.ts';
import type { Charge, Limiter, Policy, Standing, Taken } from '../plugins/rateLimit/Limiter.ts';
import { RENEW_SCRIPT, TAKE_SCRIPT } from './limitScripts.ts';
import type { RedisConnection } from './openRedis.ts';

export interface RedisLimiterOptions {
  readonly redis: Pick<RedisConnection, 'client' | 'prefix' | 'isUp'>;
  /** Counts while Redis is away; undefined: then nobody is admitted. */
  readonly local: Limiter | undefined;
  readonly log: Log;
  /** Milliseconds for which a place of an operation is kept for a process that says nothing more; default 30,000. */
  readonly lease?: number | undefined;
}

export interface RedisLimiter extends Limiter, Disposable {}

interface Commands {
  weftTake(keys: number, ...rest: readonly (string | number)[]): Promise<number[]>;
  weftRenew(keys: number, ...rest: readonly (string | number)[]): Promise<unknown>;
}

/** Milliseconds for which a Redis that has failed is not asked again: otherwise each request would wait for a silent one. */
const PAUSE = 1_000;
/** Characters of a key that go to Redis as they are. */
const LONGEST_KEY = 128;
const NUMBERS = 4;

export function createRedisLimiter({ redis, local, log, lease = 30_000 }: RedisLimiterOptions): RedisLimiter {
  const { client } = redis;
  client.defineCommand('weftTake', { lua: TAKE_SCRIPT });
  client.defineCommand('weftRenew', { lua: RENEW_SCRIPT });
  const commands = client as unknown as Commands;
  /** The places at a time that this process holds in Redis: the set of each lease. */
  const held = new Map<string, string>();
  let renewing: ReturnType<typeof setInterval> | undefined;
  let pausedUntil = 0;
  let degraded = false;
  let withoutStore = 0;

  const nameOf = ({ id }: Policy, key: string): string => {
    const short = key.length <= LONGEST_KEY ? key : createHash('sha256').update(key).digest('base64url');
    return `${redis.prefix}limit:${id}:${short}`;
  };
  const run = (charges: readonly Charge[], force: '0' | '1'): Promise<number[]> => {
    const keys = charges.map(({ policy, key }) => nameOf(policy, key));
    return commands.weftTake(keys.length, ...keys, force, ...charges.flatMap((charge) => argumentsOf(charge, lease)));
  };
  /** One request at a time asks a Redis that has failed. */
  const mayAsk = (): boolean => {
    if (!redis.isUp) return false;
    if (pausedUntil === 0) return true;
    const now = performance.now();
    if (now < pausedUntil) return false;
    pausedUntil = now + PAUSE;
    return true;
  };
  const failed = (why: string): void => {
    pausedUntil = performance.now() + PAUSE;
    if (degraded) return;
    degraded = true;
    const meanwhile =
      local === undefined
        ? 'Nobody is admitted until it is there again.'
        : 'This process counts alone until it is there again.';
    log.warn(`The limits cannot be counted in Redis: ${why}. ${meanwhile}`);
  };
  const answered = (): void => {
    pausedUntil = 0;
    if (degraded) log.info('The limits are counted in Redis again.');
    degraded = false;
  };
  const standIn = (charges: readonly Charge[]): Taken | Promise<Taken> => {
    withoutStore += 1;
    if (local !== undefined) return local.take(charges);
    throw new GatewayError(
      'RATE_LIMIT_UNAVAILABLE',
      'The limits cannot be counted at the moment; try again in a moment.',
      {
        extensions: { retryAfter: 1, http: { headers: { 'retry-after': '1' } } },
      },
    );
  };
  const renew = (): void => {
    if (held.size === 0 || !redis.isUp) return;
    // What fails is tried again well before the lease ends.
    commands.weftRenew(held.size, ...held.values(), lease, ...held.keys()).catch(() => undefined);
  };
  const hold = (charges: readonly Charge[]): void => {
    for (const { policy, key, lease: name } of charges) {
      if (policy.kind !== 'concurrency' || name === undefined) continue;
      held.set(name, nameOf(policy, key));
      renewing ??= setInterval(renew, lease / 3).unref();
    }
  };

  return {
    take(charges) {
      if (!mayAsk()) {
        if (!redis.isUp) failed('it is not connected');
        return standIn(charges);
      }
      return run(charges, '0').then(
        (numbers) => {
          answered();
          const taken = toTaken(numbers);
          if (taken.allowed) hold(charges);
          return taken;
        },
        (error: unknown) => {
          failed(error instanceof Error ? error.message : String(error));
          return standIn(charges);
        },
      );
    },
    adjust(charges) {
      const counted = charges.filter(({ policy }) => policy.kind !== 'concurrency');
      if (!redis.isUp || degraded) local?.adjust(counted);
      else if (counted.length > 0) run(counted, '1').catch((error: unknown) => failed(String(error)));
    },
    release(charges) {
      for (const charge of charges) {
        if (charge.policy.kind !== 'concurrency') continue;
        const set = held.get(charge.lease ?? '');
        if (set === undefined) {
          local?.release([charge]);
          continue;
        }
        held.delete(charge.lease ?? '');
        // Where it does not arrive, the lease ends by itself.
        if (redis.isUp) client.zrem(set, charge.lease ?? '').catch(() => undefined);
      }
    },
    get status() {
      return { store: 'redis', degraded, withoutStore, forgotten: local?.status.forgotten ?? 0 } as const;
    },
    [Symbol.dispose]() {
      clearInterval(renewing);
    },
  };
}

function argumentsOf({ policy, quantity, lease: name = '' }: Charge, lease: number): (string | number)[] {
  switch (policy.kind) {
    case 'rate':
      return ['r', quantity, policy.burst * policy.window, policy.window, policy.rate, ''];
    case 'quota':
      return [policy.period === 'day' ? 'd' : 'm', quantity, policy.limit, 1, 0, ''];
    case 'concurrency':
      return ['c', quantity, policy.limit, 1, lease, name];
  }
}

function toTaken(numbers: readonly number[]): Taken {
  const standings: Standing[] = [];
  let all = true;
  for (let at = 0; at < numbers.length; at += NUMBERS) {
    const [allowed = 0, remaining = 0, retry = 0, reset = 0] = numbers.slice(at, at + NUMBERS);
    if (allowed === 0) all = false;
    standings.push({
      allowed: allowed === 1,
      remaining,
      retryAfter: retry === -2 ? Number.POSITIVE_INFINITY : retry === -1 ? undefined : retry,
      resetAfter: reset === -1 ? undefined : reset,
    });
  }
  return { allowed: all, standings };
}

/**
 * What: the limits of the newest configuration and the store that counts them. Where: opened once a gateway, where the configuration has `rate_limit`.
 * A caller sees limits of a reloaded configuration at once, with what was used before.
 */
import type { RateLimitConfig } from '../../config/RateLimitConfig.ts';
import type { Source } from '../../execute/Source.ts';
import type { Log } from '../../lib/Log.ts';
import type { GatewayPlugin } from '../../plugins/GatewayPlugin.ts';
import { compileLimits } from '../../plugins/rateLimit/compileLimits.ts';
import { createFrontLimits, type FrontLimits } from '../../plugins/rateLimit/createFrontLimits.ts';
import { createMemoryLimiter } from '../../plugins/rateLimit/createMemoryLimiter.ts';
import type { Limiter, LimiterStatus } from '../../plugins/rateLimit/Limiter.ts';
import type { Limits } from '../../plugins/rateLimit/Limits.ts';
import { useRateLimit } from '../../plugins/rateLimit/useRateLimit.ts';
import { pinnedSnapshot } from '../../plugins/useSnapshot.ts';
import { createRedisLimiter } from '../../stores/createRedisLimiter.ts';
import type { RedisConnection } from '../../stores/openRedis.ts';
import { limitSource } from './limitSource.ts';

export interface RateLimitsOptions {
  readonly log: Log;
  /** Where several gateways count together; its owner closes it. */
  readonly redis?: RedisConnection | undefined;
  /** Whether the gateway finds out who asks: then what need not know comes before. */
  readonly authenticates?: boolean | undefined;
  /** Milliseconds since 1970; default: the clock of this machine, and of Redis there. */
  readonly now?: (() => number) | undefined;
}

export interface RateLimits extends Disposable {
  readonly plugin: GatewayPlugin;
  /** What stands before authentication; absent where there is none. */
  readonly front?: FrontLimits | undefined;
  /** The source of a subgraph with the limit of its calls. */
  readonly limitSource: (source: Source) => Source;
  readonly status: LimiterStatus;
  /** Reads the limits of another configuration; what it resolves with takes them over. Rejects with an `IssuesError`. */
  prepare(config: RateLimitConfig | undefined): Promise<() => void>;
}

const NONE: Limits = {
  front: [],
  failures: [],
  early: [],
  late: [],
  costs: [],
  fields: new Map(),
  subgraphs: new Map(),
  headers: false,
};

/** Rejects with an `IssuesError` where an expression is wrong. */
export async function openRateLimits(config: RateLimitConfig, options: RateLimitsOptions): Promise<RateLimits> {
  const { log, redis } = options;
  const { authenticates = false } = options;
  const compiling = { warn: (message: string) => log.warn(message), authenticates };
  let limits = await compileLimits(config, compiling);
  const shared = redis !== undefined && config.store !== 'memory' ? createShared(config, redis, options) : undefined;
  const limiter = shared ?? createLocal(config, options);
  const current = () => limits;
  return {
    plugin: useRateLimit({ limiter, current, fieldLimitsOf: (context) => pinnedSnapshot(context).fieldLimits }),
    ...(authenticates ? { front: createFrontLimits({ limiter, current }) } : {}),
    limitSource: (source) => limitSource(source, { limiter, current }),
    get status() {
      return limiter.status;
    },
    async prepare(next) {
      const made = next === undefined ? NONE : await compileLimits(next, compiling);
      return () => {
        limits = made;
      };
    },
    [Symbol.dispose]: () => shared?.[Symbol.dispose](),
  };
}

function createLocal({ max_keys: maxKeys }: RateLimitConfig, { log, now }: RateLimitsOptions): Limiter {
  return createMemoryLimiter({ maxKeys, now, onForget: () => log.warn(forgetting(maxKeys)) });
}

function createShared(config: RateLimitConfig, redis: RedisConnection, options: RateLimitsOptions) {
  const local = config.on_store_failure === 'open' ? createLocal(config, options) : undefined;
  return createRedisLimiter({ redis, local, log: options.log });
}

function forgetting(maxKeys: number): string {
  return `More than ${maxKeys} counters of limits are in use at a time ("rate_limit.max_keys"); the least used are forgotten, and their owners start afresh.`;
}

/**
 * What: entries that several gateways share, under `cache:<key>`, and the word of what was invalidated. Where: behind the memory of each gateway.
 * A caller sees no entry that was invalidated after its reading began, whichever gateway did that: Redis itself decides, by its own clock.
 * While Redis is away nothing is found; what was invalidated meanwhile is said once it is back.
 */
import { randomUUID } from 'node:crypto';
import type { CacheEntry, CacheStore, KeyedEntry, Reading } from '../cache/CacheStore.ts';
import type { RedisConnection } from './openRedis.ts';

export interface RedisCacheOptions {
  readonly redis: RedisConnection;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Another gateway has invalidated these. */
  readonly onInvalidated: (tags: readonly string[]) => void;
  /** What others invalidate is heard from now on (again): what they did before is not known. */
  readonly onGap: () => void;
}

/** Milliseconds for which an invalidation is known; no reading of a backend takes longer. */
const REMEMBERED = 600_000;
/** Milliseconds. */
const PAUSE = 1_000;
const CHANNEL = 'cache-invalidated';
/** Tags that wait for Redis to come back; of more, entries there live to their end. */
const MOST_PENDING = 10_000;

/** ARGV: the prefix, the mark, then of each entry: key, milliseconds, text, number of tags, tags. A mark is a time of Redis in microseconds. */
const WRITE = `
local prefix, mark, at = ARGV[1], tonumber(ARGV[2]), 3
while at <= #ARGV do
  local key, ttl, count = prefix .. 'cache:' .. ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 3])
  local isOld = false
  for index = at + 4, at + 3 + count do
    local time = redis.call('GET', prefix .. 'cache-time:' .. ARGV[index])
    if time and tonumber(time) >= mark then isOld = true end
  end
  if not isOld then
    redis.call('SET', key, ARGV[at + 2], 'PX', ttl)
    for index = at + 4, at + 3 + count do
      local tag = prefix .. 'cache-tag:' .. ARGV[index]
      redis.call('SADD', tag, key)
      if redis.call('PTTL', tag) < ttl then redis.call('PEXPIRE', tag, ttl) end
    end
  end
  at = at + 4 + count
end
return 1`;

/** ARGV: the prefix, milliseconds to remember, the message, then the tags. */
const INVALIDATE = `
local prefix, count = ARGV[1], 0
local time = redis.call('TIME')
local now = string.format('%d%06d', time[1], time[2])
for index = 4, #ARGV do
  redis.call('SET', prefix .. 'cache-time:' .. ARGV[index], now, 'PX', ARGV[2])
  local tag = prefix .. 'cache-tag:' .. ARGV[index]
  for _, key in ipairs(redis.call('SMEMBERS', tag)) do count = count + redis.call('DEL', key) end
  redis.call('DEL', tag)
end
redis.call('PUBLISH', prefix .. '${CHANNEL}', ARGV[3])
return count`;

export function createRedisCache({ redis, now, onInvalidated, onGap }: RedisCacheOptions): CacheStore {
  const { client, prefix } = redis;
  const own = randomUUID();
  const pending = new Set<string>();
  const hear = (message: string): void => {
    const { from, tags } = readMessage(message);
    if (from !== own) onInvalidated(tags);
  };
  redis.subscribe(CHANNEL, hear, onGap);
  const send = async (tags: readonly string[]): Promise<number> =>
    Number(await client.eval(INVALIDATE, 0, prefix, REMEMBERED, JSON.stringify({ from: own, tags }), ...tags));
  /** No request waits for a Redis that has just not answered. */
  let pausedUntil = 0;
  const pause = (): void => {
    pausedUntil = performance.now() + PAUSE;
  };
  const keep = (tags: readonly string[]): void => {
    for (const tag of tags) if (pending.size < MOST_PENDING) pending.add(tag);
  };
  let isSending = false;
  const sendPending = async (): Promise<void> => {
    if (isSending || pending.size === 0) return;
    isSending = true;
    const tags = [...pending];
    try {
      await send(tags);
      for (const tag of tags) pending.delete(tag);
    } catch {
      pause();
    }
    isSending = false;
  };
  redis.onUp(() => {
    pausedUntil = 0;
    void sendPending();
  });
  return {
    async read(keys) {
      const nothing: Reading = { entries: keys.map(() => undefined), mark: undefined };
      if (!redis.isUp || performance.now() < pausedUntil) return nothing;
      if (pending.size > 0) {
        // What waits to be invalidated there must not be read before.
        void sendPending();
        return nothing;
      }
      try {
        const [time, texts] = await Promise.all([
          client.time(),
          client.mget(keys.map((key) => `${prefix}cache:${key}`)),
        ]);
        const mark = `${time[0]}${String(time[1]).padStart(6, '0')}`;
        return { entries: texts.map((text) => readEntry(text, now())), mark };
      } catch {
        pause();
        return nothing;
      }
    },
    write(entries, mark) {
      const args = entries.flatMap((entry) => printEntry(entry, now()));
      if (!redis.isUp || args.length === 0) return;
      client.eval(WRITE, 0, prefix, String(mark), ...args).catch(() => undefined);
    },
    async invalidate(tags) {
      if (performance.now() < pausedUntil) {
        keep(tags);
        return 0;
      }
      try {
        return await send(tags);
      } catch {
        pause();
        keep(tags);
        return 0;
      }
    },
  };
}

function printEntry({ key, entry }: KeyedEntry, now: number): (string | number)[] {
  const { value, stored, expires, isPrivate, tags } = entry;
  const ttl = Math.floor(expires - now);
  if (ttl <= 0) return [];
  return [key, ttl, JSON.stringify({ v: value, s: stored, e: expires, p: isPrivate, t: tags }), tags.length, ...tags];
}

/** Others may write there: what is none of ours is nothing. */
function readEntry(text: string | null, now: number): CacheEntry | undefined {
  if (text === null) return undefined;
  try {
    const { v: value, s: stored, e: expires, p: isPrivate, t: tags } = JSON.parse(text) as Record<string, unknown>;
    if (typeof stored !== 'number' || typeof expires !== 'number' || !Array.isArray(tags) || expires <= now)
      return undefined;
    return { value, stored, expires, isPrivate: isPrivate === true, tags: tags.map(String) };
  } catch {
    return undefined;
  }
}

function readMessage(message: string): { readonly from: string; readonly tags: readonly string[] } {
  try {
    const { from, tags } = JSON.parse(message) as Record<string, unknown>;
    return { from: String(from), tags: Array.isArray(tags) ? tags.map(String) : [] };
  } catch {
    return { from: '', tags: [] };
  }
}

/**
 * What: the one connection to Redis that limiter, caches and keys share. Where: opened once a gateway, where the configuration has `redis`.
 * A caller sees commands that fail at once while Redis is away, and work again by themselves when it is back; both are said once in the log.
 */
import type { Redis } from 'ioredis';
import type { RedisConfig } from '../config/Config.ts';
import type { Log } from '../lib/Log.ts';

export interface RedisConnection extends AsyncDisposable {
  /** Commands fail at once while Redis is away, and after `timeout` where it does not answer. */
  readonly client: Redis;
  /** What every key and channel of ours starts with, a colon at its end. */
  readonly prefix: string;
  readonly isUp: boolean;
  /**
   * Messages of a channel; a connection of its own, subscribed again by itself after Redis was away. `onOpen` is called each time when messages
   * come (again): what was said before is not heard.
   */
  subscribe(channel: string, listener: (message: string) => void, onOpen?: () => void): void;
  /** Called each time when Redis is there (again): what was missed meanwhile is not known. */
  onUp(listener: () => void): void;
}

/** Resolves once Redis has answered, or has not within its timeout: the gateway starts in any case. */
export async function openRedis({ url, namespace, timeout }: RedisConfig, log: Log): Promise<RedisConnection> {
  const { Redis: Client } = await import('ioredis');
  const options = {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: Math.max(timeout, 1_000),
    commandTimeout: timeout,
    // Soon back, and no storm while Redis is away.
    retryStrategy: (times: number) => Math.min(times * 50, 1_000),
  };
  const client = new Client(url, options);
  const shown = withoutSecret(url);
  const ups = new Set<() => void>();
  let isUp = false;
  let told: 'up' | 'down' | undefined;
  const tellDown = (why: string) => {
    if (told !== 'down') log.warn(`Redis at ${shown} cannot be reached: ${why}`);
    told = 'down';
  };
  client.on('ready', () => {
    isUp = true;
    if (told === 'down') log.info(`Redis at ${shown} is back.`);
    told = 'up';
    for (const listener of ups) listener();
  });
  client.on('error', (error: Error) => tellDown(error.message || 'no connection'));
  client.on('close', () => {
    isUp = false;
    tellDown('the connection was closed');
  });
  const subscriber = client.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null });
  // The first connection tells.
  subscriber.on('error', () => undefined);
  const listeners = new Map<string, ((message: string) => void)[]>();
  subscriber.on('message', (channel: string, message: string) => {
    for (const listener of listeners.get(channel) ?? []) listener(message);
  });
  const openings = new Map<string, (() => void)[]>();
  const open = (name: string): void => {
    const tell = () => {
      for (const onOpen of openings.get(name) ?? []) onOpen();
    };
    subscriber.subscribe(name).then(tell, () => undefined);
  };
  // The client subscribes again by itself, but does not say when.
  subscriber.on('ready', () => {
    for (const name of openings.keys()) open(name);
  });
  await Promise.race([client.connect().catch(() => undefined), after(timeout)]);
  const prefix = `${namespace}:`;
  return {
    client,
    prefix,
    get isUp() {
      return isUp;
    },
    subscribe(channel, listener, onOpen) {
      const name = `${prefix}${channel}`;
      if (onOpen !== undefined) openings.set(name, [...(openings.get(name) ?? []), onOpen]);
      const known = listeners.get(name) ?? [];
      known.push(listener);
      listeners.set(name, known);
      if (onOpen === undefined || subscriber.status === 'ready') {
        if (known.length === 1 || onOpen !== undefined) open(name);
        return;
      }
      // Subscribed to when it is ready; said here too, it would open twice.
      if (subscriber.status === 'wait') subscriber.connect().catch(() => undefined);
    },
    onUp(listener) {
      ups.add(listener);
      if (isUp) listener();
    },
    async [Symbol.asyncDispose]() {
      ups.clear();
      told = 'down';
      client.disconnect();
      subscriber.disconnect();
    },
  };
}

function withoutSecret(url: string): string {
  if (!URL.canParse(url)) return 'its address';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}

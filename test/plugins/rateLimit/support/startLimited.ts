import { createClient } from 'graphql-ws';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import type { RateLimitConfig } from '../../../../src/config/RateLimitConfig.ts';
import { rateLimitSchema } from '../../../../src/config/schema/rateLimitSchema.ts';
import type { GatewayPlugin } from '../../../../src/plugins/GatewayPlugin.ts';
import { openRateLimits, type RateLimits } from '../../../../src/server/frontDoor/openRateLimits.ts';
import { collect } from '../../../server/support/collect.ts';
import { type Sent, send } from '../../../server/support/send.ts';
import { startTestGateway, type TestGateway } from '../../../server/support/startTestGateway.ts';

export type Lane = 'fast' | 'yoga' | 'ws';
export const lanes: readonly Lane[] = ['fast', 'yoga', 'ws'];

export interface Reply {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly retryAfter?: number | undefined;
  /** Over HTTP. */
  readonly sent?: Sent;
  /** Over WebSocket: whether it was an `error` frame. */
  readonly isErrorFrame?: boolean;
}

export interface AskOptions {
  /** Who asks, and the plan. */
  readonly caller?: string;
  readonly plan?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly operationName?: string;
}

export interface Limited extends AsyncDisposable {
  readonly test: TestGateway;
  readonly limits: RateLimits;
  readonly clock: { time: number };
  readonly warned: string[];
  ask(query: string, options?: AskOptions): Promise<Reply>;
}

export interface LimitedOptions {
  readonly lane?: Lane;
  readonly plugins?: readonly GatewayPlugin[];
  /** Act after the limits. */
  readonly after?: readonly GatewayPlugin[];
  readonly trustedHops?: number;
}

/** Believes a header; what authenticates is not what is tested here. */
export const believing: GatewayPlugin = {
  onParams({ context }) {
    const id = context.headers.get('x-caller');
    if (id === null) return;
    const plan = context.headers.get('x-plan') ?? undefined;
    const key = context.headers.get('x-key') ?? `test:${id}`;
    context.caller = { key, id, method: 'test', scopes: [], claims: { tenant: `t-${id}` }, plan };
  },
};

export function decodeLimits(section: v.InferInput<typeof rateLimitSchema>): RateLimitConfig {
  return v.parse(rateLimitSchema, section);
}

/** A gateway with these limits and a clock that stands still. */
export async function startLimited(
  section: v.InferInput<typeof rateLimitSchema>,
  { lane = 'fast', plugins = [], after = [], trustedHops = 0 }: LimitedOptions = {},
): Promise<Limited> {
  const clock = { time: Date.UTC(2026, 10, 26, 12) };
  const warned: string[] = [];
  const log = { info() {}, warn: (line: string) => void warned.push(line), error() {} };
  const limits = await openRateLimits(decodeLimits(section), { log, now: () => clock.time });
  const test = await startTestGateway({
    plugins: [believing, ...plugins, limits.plugin, ...after],
    fastLane: lane === 'fast',
    config: { trusted_hops: trustedHops },
  });
  const ask = async (query: string, options: AskOptions = {}): Promise<Reply> => {
    const { caller, plan, operationName } = options;
    const headers = {
      ...(caller === undefined ? {} : { 'x-caller': caller }),
      ...(plan === undefined ? {} : { 'x-plan': plan }),
      ...options.headers,
    };
    const payload = { query, ...(operationName === undefined ? {} : { operationName }) };
    return lane === 'ws' ? askSocket(test.url, payload, headers) : askHttp(test.url, payload, headers);
  };
  return {
    test,
    limits,
    clock,
    warned,
    ask,
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      limits[Symbol.dispose]();
    },
  };
}

interface Payload {
  readonly query: string;
  readonly operationName?: string;
}

interface Answer {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

async function askHttp(url: string, payload: Payload, own: Readonly<Record<string, string>>): Promise<Reply> {
  const headers = { 'content-type': 'application/json', ...own };
  const sent = await send(url, { headers, body: JSON.stringify(payload) });
  return { ...toReply(JSON.parse(sent.body) as Answer), sent };
}

async function askSocket(url: string, payload: Payload, headers: Readonly<Record<string, string>>): Promise<Reply> {
  class Socket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { headers });
    }
  }
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: Socket, retryAttempts: 0 });
  try {
    const [first] = await collect(client.iterate({ ...payload }));
    return { ...toReply(first as Answer), isErrorFrame: false };
  } catch (errors) {
    if (!Array.isArray(errors)) throw errors;
    return { ...toReply({ errors: errors as Answer['errors'] & object }), isErrorFrame: true };
  } finally {
    await client.dispose();
  }
}

function toReply({ data, errors }: Answer): Reply {
  const [error] = errors ?? [];
  const { code, retryAfter } = error?.extensions ?? {};
  return {
    ...(data === undefined ? {} : { data }),
    ...(error === undefined ? {} : { code: code as string, message: error.message }),
    ...(retryAfter === undefined ? {} : { retryAfter: retryAfter as number }),
  };
}

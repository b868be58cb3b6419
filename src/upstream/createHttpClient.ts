// By file: `undici` itself loads fetch, WebSocket, caches and mocks too, 25 ms and 7 MB of each start.
import Client from 'undici/lib/dispatcher/client.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { collectAnswer } from './collectAnswer.ts';
import { tlsOptions } from './credentials/Credentials.ts';
import { sendSigned } from './credentials/sendSigned.ts';
import { endpointOf } from './endpointOf.ts';
import type { HttpAnswer, HttpClient, HttpRequest, HttpStream } from './HttpClient.ts';
import { openStream } from './openStream.ts';
import { unreachable } from './toUpstreamError.ts';
import type { UpstreamPool } from './UpstreamPool.ts';

export interface HttpClientOptions {
  /** Connections to one origin where the request does not say; default 64. */
  readonly connections?: number | undefined;
  /** Requests that wait for a connection of one pool; more are refused at once. Default 1024. */
  readonly maxQueued?: number | undefined;
  /** Bytes of one answer; default 64 MiB. Streams have no such limit. */
  readonly maxAnswerSize?: number | undefined;
  /** Milliseconds until an attempt to connect is given up; default 10,000. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds that an idle connection is kept where the backend gives no hint; default 4,000. */
  readonly keepAliveTimeout?: number | undefined;
}

/** A client with one keep-alive pool an origin. Connections are opened as they are needed. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const pools = new Map<string, UpstreamPool>();
  const maxAnswerSize = options.maxAnswerSize ?? 64 * 1024 * 1024;
  const clientOptions: Client.Options = {
    pipelining: 1,
    allowH2: false,
    connectTimeout: options.connectTimeout ?? 10_000,
    keepAliveTimeout: options.keepAliveTimeout ?? 4_000,
    // Deadlines are ours: undici's fire up to a second late and know nothing of the time in the queue.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  let closing: Promise<void> | undefined;

  const poolFor = (request: HttpRequest, connections: number | null): UpstreamPool => {
    if (closing !== undefined) {
      throw unreachable(request.subgraph, 'the gateway has closed its connections');
    }
    const { origin } = endpointOf(request);
    const tls = request.credentials?.tls;
    const key = tls === undefined ? `${connections} ${origin}` : `${connections} ${origin} ${tls.id}`;
    let pool = pools.get(key);
    if (pool === undefined) {
      const own = tls === undefined ? clientOptions : { ...clientOptions, connect: tlsOptions(tls) };
      pool = {
        dispatcher: new Pool(origin, { ...own, connections }),
        freshConnection: () => new Client(origin, own),
        maxWaiting: (connections ?? 0) + (options.maxQueued ?? 1024),
        waiting: 0,
      };
      pools.set(key, pool);
    }
    return pool;
  };

  const send = (request: HttpRequest): Promise<HttpAnswer> =>
    collectAnswer(poolFor(request, request.connections ?? options.connections ?? 64), request, maxAnswerSize);
  // Connections of their own, as many as there are streams: a stream holds one for as long as it lives, and calls would starve.
  const open = (request: HttpRequest): Promise<HttpStream> => openStream(poolFor(request, null), request);

  const leave = ({ body }: HttpStream): void => {
    void body[Symbol.asyncIterator]().return?.();
  };

  return {
    async request(request: HttpRequest): Promise<HttpAnswer> {
      const { credentials } = request;
      return await (credentials === undefined ? send(request) : sendSigned(request, credentials, { send }));
    },
    async stream(request: HttpRequest): Promise<HttpStream> {
      const { credentials } = request;
      return await (credentials === undefined
        ? open(request)
        : sendSigned(request, credentials, { send: open, discard: leave }));
    },
    async close(): Promise<void> {
      closing ??= Promise.all([...pools.values()].map((pool) => pool.dispatcher.destroy())).then(() => undefined);
      await closing;
    },
  };
}

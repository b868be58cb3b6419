import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createGateway } from '../../../src/server/createGateway.ts';
import { send } from './send.ts';

export interface Heard {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly method: string;
  readonly url: string;
  /** Of a WebSocket, the payload of `subscribe`. */
  body: string;
  /** Of a WebSocket, the payload of `connection_init`. */
  readonly init?: unknown;
}

/** One of each kind: `ticks` is a stream of gRPC; the last three are subscriptions. */
export const kinds = ['graphql', 'rest', 'grpc', 'sse', 'ws', 'ticks'] as const;
export type Kind = (typeof kinds)[number];

export interface Listeners {
  readonly url: string;
  readonly heard: Heard[];
  /** What came to the backend of this kind, once it was asked with these headers. */
  ask(kind: Kind, headers?: Readonly<Record<string, string>>): Promise<Heard>;
  /** The answer to a client. */
  query(document: string, headers?: Readonly<Record<string, string>>): Promise<string>;
}

export interface Secure {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface ListenerOptions {
  /** The status of an HTTP answer; 200 unless told. */
  readonly judge?: ((heard: Heard) => number) | undefined;
  /** Backends speak TLS and ask for a certificate of this authority. */
  readonly secure?: Secure | undefined;
  readonly input?: (subgraph: (kind: Kind) => object) => object;
}

const PROTO = `
syntax = "proto3";
import "google/protobuf/empty.proto";
import "google/protobuf/wrappers.proto";
service Things { rpc GetGrpc (google.protobuf.Empty) returns (google.protobuf.StringValue); }
`;
const TICKS = `
syntax = "proto3";
import "google/protobuf/empty.proto";
import "google/protobuf/wrappers.proto";
service Clock { rpc Ticks (google.protobuf.Empty) returns (stream google.protobuf.Int32Value); }
`;
const SPEC = {
  openapi: '3.1.0',
  info: { title: 'Rest', version: '1' },
  paths: {
    '/rest': {
      get: {
        operationId: 'rest',
        parameters: ['X_User', 'x-free', 'Connection'].map((name) => ({
          name,
          in: 'header',
          schema: { type: 'string' },
        })),
        responses: { 200: { description: '', content: { 'application/json': { schema: { type: 'string' } } } } },
      },
    },
  },
};
const PUSHED = buildSchema('type Query { a: Int } type Subscription { ws: Int sse: Int }');

/** A gateway over backends of every kind that keep what they were sent. */
export async function startListeners(t: TestContext, options: ListenerOptions = {}): Promise<Listeners> {
  const { judge, secure, input = () => ({}) } = options;
  const heard: Heard[] = [];
  const note = (request: IncomingMessage, body: string, init?: unknown): Heard => {
    const headers = request.headers as Heard['headers'];
    const entry = { headers, method: request.method ?? '', url: request.url ?? '', body, init };
    heard.push(entry);
    return entry;
  };
  const base = await listenOverHttp(t, secure, {
    listener: async (request, response) => {
      const entry = note(request, await text(request));
      response.statusCode = judge?.(entry) ?? 200;
      const isStream = request.headers.accept === 'text/event-stream';
      response.setHeader('content-type', isStream ? 'text/event-stream' : 'application/json');
      if (isStream) response.end('event: next\ndata: {"data":{"sse":1}}\n\nevent: complete\ndata:\n\n');
      else if (request.url === '/rest') response.end('"a"');
      else if (request.url === '/rest.json') response.end(JSON.stringify(SPEC));
      else if (entry.body.includes('__schema') || entry.body.includes('_service')) response.end(SERVICE);
      else response.end('{"data":{"graphql":"a"}}');
    },
    onSocket: (request, init) => void note(request, '', init),
    onSubscribe(payload) {
      const last = heard.at(-1);
      if (last !== undefined) last.body = JSON.stringify(payload);
    },
    judge: (request) =>
      judge?.({ headers: request.headers as Heard['headers'], method: 'GET', url: request.url ?? '', body: '' }) ?? 200,
  });
  const grpc = await listenOverGrpc(t, secure, (headers) => {
    const entry = { headers, method: 'POST', url: '/Things/GetGrpc', body: '' };
    heard.push(entry);
    return judge?.(entry) ?? 200;
  });
  const folder = await mkdtemp(join(tmpdir(), 'weft-listeners-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'rest.json'), JSON.stringify(SPEC));
  await writeFile(join(folder, 'things.proto'), PROTO);
  await writeFile(join(folder, 'clock.proto'), TICKS);
  const pushed = (kind: 'ws' | 'sse') => ({
    url: `${base}/${kind}`,
    schema: { sdl: `type Query { q_${kind}: Int } type Subscription { ${kind}: Int }` },
    subscriptions: { protocol: kind },
  });
  const subgraphs: Record<Kind, object> = {
    graphql: { url: `${base}/graphql`, schema: { sdl: 'type Query { graphql: String }' } },
    rest: { url: base, schema: { openapi: join(folder, 'rest.json') } },
    grpc: { url: grpc, schema: { proto: join(folder, 'things.proto') } },
    ticks: { url: grpc, schema: { proto: join(folder, 'clock.proto') } },
    sse: pushed('sse'),
    ws: pushed('ws'),
  };
  const gateway = await createGateway({
    subgraphs,
    state_directory: join(folder, 'state'),
    log: { info() {}, warn() {}, error() {} },
    graphiql: false,
    ...input((kind) => subgraphs[kind]),
  } as never);
  t.after(() => gateway.close());
  const { url } = await gateway.listen({ port: 0 });
  const json = { 'content-type': 'application/json' };
  const query = async (document: string, headers = {}) =>
    (await send(url, { headers: { ...json, ...headers }, body: JSON.stringify({ query: document }) })).body;
  return {
    url,
    heard,
    query,
    async ask(kind, headers = {}) {
      if (kind === 'graphql') await query('{ graphql }', headers);
      else if (kind === 'rest') await query('{ rest(X_User: "root", x_free: "1", Connection: "x-user") }', headers);
      else if (kind === 'grpc') await query('{ getGrpc }', headers);
      else {
        const body = JSON.stringify({ query: `subscription { ${kind} }` });
        const streamed = { ...json, ...headers, accept: 'text/event-stream' };
        await send(url, { headers: streamed, body });
      }
      const last = heard.at(-1);
      if (last === undefined) throw new Error(`The backend "${kind}" heard nothing.`);
      return last;
    },
  };
}

const SERVICE = JSON.stringify({ data: { _service: { sdl: 'type Query { graphql: String }' } } });

interface HttpListeners {
  readonly listener: RequestListener;
  readonly onSocket: (request: IncomingMessage, init: unknown) => void;
  readonly onSubscribe: (payload: unknown) => void;
  readonly judge: (request: IncomingMessage) => number;
}

async function listenOverHttp(
  t: TestContext,
  secure: Secure | undefined,
  { listener, onSocket, onSubscribe, judge }: HttpListeners,
): Promise<string> {
  const server =
    secure === undefined ? createServer(listener) : createSecureServer({ ...secure, requestCert: true }, listener);
  const sockets = new WebSocketServer({
    server,
    verifyClient: ({ req }, answer) => {
      const status = judge(req);
      answer(status === 200, status);
    },
  });
  useServer(
    {
      schema: PUSHED,
      subscribe: async () =>
        (async function* () {
          yield { data: { ws: 1 } };
        })(),
      onConnect: ({ extra, connectionParams }) => onSocket(extra.request, connectionParams),
      onSubscribe: (_socket, _id, payload) => onSubscribe(payload),
    },
    sockets,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
    server.closeAllConnections();
  });
  return `${secure === undefined ? 'http' : 'https'}://localhost:${(server.address() as AddressInfo).port}`;
}

/** Answers the text "a" and the number 1, as protobuf has them, or that the call is not authenticated. */
async function listenOverGrpc(
  t: TestContext,
  secure: Secure | undefined,
  judge: (headers: Heard['headers']) => number,
): Promise<string> {
  const server = new Server();
  const same = (bytes: Buffer): Buffer => bytes;
  const coding = {
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  const unary = { requestStream: false, responseStream: false, ...coding };
  server.addService(
    {
      GetGrpc: { path: '/Things/GetGrpc', ...unary },
      Ticks: { path: '/Clock/Ticks', ...unary, responseStream: true },
    },
    {
      GetGrpc({ metadata }: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) {
        const status = judge(metadata.getMap() as Heard['headers']);
        if (status === 200) callback(null, Buffer.from([0x0a, 1, 0x61]));
        else callback({ code: 16, details: 'not authenticated' });
      },
      Ticks(stream: ServerWritableStream<Buffer, Buffer>) {
        const status = judge(stream.metadata.getMap() as Heard['headers']);
        if (status !== 200) stream.emit('error', { code: 16, details: 'not authenticated' });
        else {
          stream.write(Buffer.from([0x08, 1]));
          stream.end();
        }
      },
    },
  );
  const credentials =
    secure === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(
          Buffer.from(secure.ca),
          [{ private_key: Buffer.from(secure.key), cert_chain: Buffer.from(secure.cert) }],
          true,
        );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  t.after(() => server.forceShutdown());
  return `${secure === undefined ? 'grpc' : 'grpcs'}://localhost:${port}`;
}

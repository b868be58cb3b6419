import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { PortTakenError } from './PortTakenError.ts';
import type { TlsPort } from './tls/openTlsPort.ts';

export interface HttpServer {
  readonly url: string;
  /** Takes no new connections; resolves when the last answer is out, and cuts what is left after `deadline` milliseconds. */
  close(deadline: number): Promise<void>;
}

/** Milliseconds that a client may take; whoever is slower on purpose holds a connection and memory for as long as it likes otherwise. */
export interface ServerTimeouts {
  /** For the headers of a request. */
  readonly headers: number;
  /** For a whole request, its body included. */
  readonly request: number;
  /** Between two times that some of an answer is read. */
  readonly stall: number;
  /** Between two looks for requests that take too long. */
  readonly checking: number;
}

const TIMEOUTS: ServerTimeouts = { headers: 20_000, request: 60_000, stall: 30_000, checking: 5_000 };

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Absent: plain HTTP. */
  readonly tls?: Pick<TlsPort, 'createServer'> | undefined;
  readonly timeouts?: ServerTimeouts | undefined;
}

/** Milliseconds, while the server stops: a listener on each response costs each request. */
const SWEEP_EVERY = 10;

/** Listens; rejects with a `PortTakenError` where the port is in use. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, listener, upgrade, tls, timeouts = TIMEOUTS } = options;
  let stopping = false;
  const limits = { connectionsCheckingInterval: timeouts.checking };
  const server: Server = (tls?.createServer ?? createServer)(limits, (request, response) => {
    response.on('timeout', cutUnread);
    if (stopping) response.setHeader('connection', 'close');
    listener(request, response);
  });
  server.headersTimeout = timeouts.headers;
  server.requestTimeout = timeouts.request;
  server.timeout = timeouts.stall;
  server.on('upgrade', upgrade);
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${name}:${address.port}`,
    async close(deadline) {
      stopping = true;
      const cut = setTimeout(() => server.closeAllConnections(), deadline);
      // One that answers its last request is idle from then on, and would hold up the stop until its timeout.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(cut);
      clearInterval(sweep);
    },
  };
}

/** Nothing has gone or come for so long. Whoever waits for an operation may: only what is there and is not read counts. */
function cutUnread(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(host, port) : error),
    );
    server.listen(port, host, () => resolve());
  });
}

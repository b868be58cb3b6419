import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { PortTakenError } from './PortTakenError.ts';

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
  readonly timeouts?: ServerTimeouts | undefined;
}

/** Listens; rejects with a `PortTakenError` where the port is in use. */
export async function createHttpServer({
  host,
  port,
  listener,
  upgrade,
  timeouts = TIMEOUTS,
}: HttpServerOptions): Promise<HttpServer> {
  let stopping = false;
  const server = createServer({ connectionsCheckingInterval: timeouts.checking }, (request, response) => {
    response.on('timeout', cutUnread);
    if (stopping) response.setHeader('connection', 'close');
    // A connection that is kept alive would hold up a stop until its timeout.
    response.once('close', () => {
      if (stopping) setImmediate(() => server.closeIdleConnections());
    });
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
    url: `http://${name}:${address.port}`,
    async close(deadline) {
      stopping = true;
      const cut = setTimeout(() => server.closeAllConnections(), deadline);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(cut);
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

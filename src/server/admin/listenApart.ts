import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHttpServer, type HttpServer } from '../createHttpServer.ts';

/** A server apart from that for clients, at `host:port`. Rejects with a `PortTakenError` where the port is in use. */
export function listenApart(
  address: string,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HttpServer> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  const upgrade = (request: IncomingMessage): void => void request.destroy();
  return createHttpServer({ host, port: Number(address.slice(at + 1)), listener, upgrade });
}

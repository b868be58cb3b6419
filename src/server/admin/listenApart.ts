import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHttpServer, type HttpServer } from '../createHttpServer.ts';
import { PortTakenError } from '../PortTakenError.ts';

export interface ApartOptions {
  /** `host:port`. */
  readonly listen: string;
  /** Where the configuration says so. */
  readonly setting: string;
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;
}

/** A server apart from that for clients. Rejects with a `PortTakenError` where the port is in use. */
export async function listenApart({ listen: address, setting, listener }: ApartOptions): Promise<HttpServer> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  const upgrade = (request: IncomingMessage): void => void request.destroy();
  const port = Number(address.slice(at + 1));
  try {
    return await createHttpServer({ host, port, listener, upgrade });
  } catch (error) {
    throw error instanceof PortTakenError ? new PortTakenError(host, port, `"${setting}" in the configuration`) : error;
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A running gateway. */
export interface Gateway {
  /** Serves one fetch-API request: the endpoint, GraphiQL, /health and /ready. */
  fetch(request: Request): Promise<Response>;
  /** The same for `node:http`, with the fast lane. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;
  /** For the event `upgrade` of a `node:http` server: WebSocket subscriptions. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Listens by itself; defaults are those of the configuration. Rejects with a `PortTakenError` (code PORT_TAKEN). */
  listen(options?: ListenOptions): Promise<{ readonly url: string }>;
  /** The address of the endpoint, after `listen`; throws before. */
  readonly url: string;
  /** Reads configuration and schemas again; resolves when that is served, or it is said in the log why not. */
  reload(reason: string): Promise<void>;
  /** State of every subgraph, as /ready shows it. */
  status(): unknown;
  /**
   * Stops gracefully: no new connections, requests in flight end (for `shutdown_timeout` milliseconds at most), subscriptions are completed
   * (SSE, multipart) or closed with 1001 (WebSocket), then sources close. More than once is the same stop.
   */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host?: string | undefined;
  /** 0 takes any free one. */
  readonly port?: number | undefined;
}

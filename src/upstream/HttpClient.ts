import type { Credentials, Identity } from './credentials/Credentials.ts';

/**
 * The port to every HTTP backend. Implementation: `createHttpClient`.
 * Failures are `GatewayError`s that name the subgraph and the reason in words; an aborted signal rejects with the signal's reason.
 */
export interface HttpClient {
  /**
   * Sends one request and reads the whole answer, whatever its status.
   * Rejects with SUBGRAPH_UNREACHABLE, SUBGRAPH_TIMEOUT or SUBGRAPH_INVALID_RESPONSE (not HTTP, or larger than the limit).
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** The same, but resolves with the headers (within `timeout`); the body comes as it arrives and has no deadline but `signal`. */
  stream(request: HttpRequest): Promise<HttpStream>;
  /** Closes every connection; what is still in flight fails with SUBGRAPH_UNREACHABLE. May be called again. */
  close(): Promise<void>;
}

export interface HttpRequest {
  /** Name of the subgraph, for error messages. */
  readonly subgraph: string;
  /** Absolute http(s) URL. A user and password in it become basic authorization. */
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'TRACE' | 'PATCH';
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer | undefined;
  /** Milliseconds from the call to the end of the answer (`stream`: to its headers), time in the queue included. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** True where sending twice does no harm: then a connection that broke before any byte of the answer is replaced once by a fresh one. */
  readonly idempotent?: boolean | undefined;
  /** Connections to the origin at most; requests with equal values share a pool. Default: the client's. Streams do not count. */
  readonly connections?: number | undefined;
  /** What the gateway shows the backend of itself; no part of what caches and flights compare. */
  readonly credentials?: Credentials | undefined;
  /** For whom, where the credentials tell that; a part of what they compare. */
  readonly identity?: Identity | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As sent: content codings are not undone; read as UTF-8. */
  readonly body: string;
}

export interface HttpStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** To be iterated once. Leaving the loop closes the connection; throws a `GatewayError` where the backend breaks off. */
  readonly body: AsyncIterable<Buffer>;
}

/** A running demo service: a real server on a real port, whose requests can be counted. */
export interface Backend {
  readonly name: string;
  /** What goes into the gateway's configuration: `http://127.0.0.1:4101/graphql`; for gRPC `127.0.0.1:4105`. */
  readonly url: string;
  readonly port: number;
  /** Requests received since the start or the last `reset`; a subscription counts when it starts. */
  requests(): number;
  /** What was asked, oldest first: the document of a GraphQL request, `GET /stock/p1`, or `GetQuote {"upc":"p1"}`. */
  log(): readonly string[];
  /** Forgets the record of requests; data stays as it is. */
  reset(): void;
  /** Ends the server and every connection at once; the port is free when this resolves. */
  close(): Promise<void>;
}

export interface BackendOptions {
  /** 0 takes any free one. */
  readonly port?: number | undefined;
  readonly host?: '127.0.0.1' | undefined;
}

export type StartBackend = (options?: BackendOptions) => Promise<Backend>;

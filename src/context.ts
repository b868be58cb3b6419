import type { SourceContext } from './execute/Source.ts';

/** What a client has shown of itself in TLS: to the gateway, or to a proxy that says so. */
export interface ClientCertificate {
  /** Why it is not to be trusted, as a client may read it; absent: it is. */
  readonly problem?: string | undefined;
  /** SHA-256 of the certificate in base64url: the `x5t#S256` of tokens (RFC 8705). */
  readonly thumbprint: string;
  /** As RFC 4514 writes it, `CN=ann,O=Shop`. */
  readonly subject: string;
  /** The alternative names of the subject, by their types. */
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
  readonly emails: readonly string[];
  /** Milliseconds since 1970; absent where only a proxy knows. */
  readonly begins?: number | undefined;
  readonly expires?: number | undefined;
}

/** What is known of one request, or one WebSocket, beyond its single operations. */
export interface Exchange {
  /** What was made of the proof that came with it: it is good for all of its operations, and for no others. */
  proof?: unknown;
}

export interface OperationCosts {
  readonly estimated: number;
  readonly actual?: number | undefined;
  /** By name, of those that were asked for it so far. */
  readonly subgraphs?: ReadonlyMap<string, SubgraphCost> | undefined;
}

/** Sums over the calls of one subgraph that are over. */
export interface SubgraphCost {
  readonly estimated: number;
  readonly actual: number;
  readonly calls: number;
}

/** What every plugin and the executor see as `contextValue`. One object a request. */
export interface GatewayContext extends SourceContext {
  /** Aborted when the client has left. */
  readonly signal?: AbortSignal | undefined;
  /** The client's connection parameters, where the request came over WebSocket. */
  readonly connectionParams?: Readonly<Record<string, unknown>> | undefined;
  /** Path and query of the request, where it came over HTTP; of the upgrade, where over WebSocket. */
  readonly target?: string | undefined;
  /** The address that the request came from, as far as proxies may be trusted to tell it; absent where there is no connection. */
  readonly clientAddress?: (() => string | undefined) | undefined;
  /** The connection (Node's socket) that the request came over, for whoever knows what it is; absent where there is none. */
  readonly connection?: object | undefined;
  /** Shared by the operations of a batch and of a WebSocket; absent where the operation is alone. */
  readonly exchange?: Exchange | undefined;
  /** Set by plugins: which labels of progressive overrides (`@override(from:, label:)`) are active for this request. */
  readonly overrideLabels?: Readonly<Record<string, boolean>> | undefined;
  /** What the operation costs, where a plugin counts that: estimated before it runs, actual once it has. */
  readonly cost?: OperationCosts | undefined;
  /** True where this client may read the plan in `extensions.plan`. */
  readonly exposePlan?: boolean | undefined;
}

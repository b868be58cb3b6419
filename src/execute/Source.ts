/**
 * The port between the executor and every backend: where a subgraph's data comes from.
 * GraphQL, REST and gRPC are three implementations; tests and embedders bring their own.
 */

/** Reads one of the client's request headers; the Fetch API's `Headers` fits as it is. */
export interface HeaderReader {
  get(name: string): string | null;
}

/** Who asks, as the gateway has verified it. One frozen object a credential: requests with the same credential share it. */
export interface Caller {
  /** Unique among all callers of the gateway, whoever vouches for them; for keys of limits and caches. */
  readonly key: string;
  /** The name under which whoever vouches for it knows it: a token's `sub`, a key's consumer, a user. */
  readonly id: string;
  /** How it was verified: `jwt`, `api_key`, `basic`, `client_certificate`. */
  readonly method: string;
  readonly scopes: readonly string[];
  /** What the credential says: the claims of a token, the attributes of a consumer. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The name of the plan whose limits apply. */
  readonly plan?: string | undefined;
  /** Milliseconds since 1970 at which the credential ends. */
  readonly expires?: number | undefined;
}

/** What a source may know of the client's request. One object a request: sources key request-scoped loaders by its identity. */
export interface SourceContext {
  readonly headers: HeaderReader;
  /** Absent: nobody in particular. */
  readonly caller?: Caller | undefined;
}

/** The static part of a call, printed once at planning and equal for each request of one plan: sources may cache by its identity. */
export interface SourceOperation {
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** A complete GraphQL document with exactly one operation, in the subgraph's own names. */
  readonly document: string;
}

export interface SourceRequest {
  readonly operation: SourceOperation;
  /** JSON text of the variables object, `{}` where there are none. Text, because a GraphQL source sends it on as it is. */
  readonly variables: string;
  readonly context: SourceContext;
  /** Aborted when the client has left or the gateway's own deadline has passed. */
  readonly signal?: AbortSignal | undefined;
}

/** An error as the backend reported it; `path` is in terms of the document that it was sent. */
export interface SourceError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** What a backend said of how long its reply is good, as header fields of HTTP have it. */
export interface ReplyCaching {
  readonly cacheControl?: string | undefined;
  /** `Age`, `Expires`, `Date`, `Vary`. */
  readonly age?: string | undefined;
  readonly expires?: string | undefined;
  readonly date?: string | undefined;
  readonly vary?: string | undefined;
}

/** How long, and for whom, a reply may stand for what its backends would say. */
export interface Freshness {
  /** Milliseconds since 1970 when the oldest part was made. */
  readonly stored: number;
  /** Milliseconds since 1970 when the first part gets too old. */
  readonly expires: number;
  /** Whether it is only for who asked. */
  readonly isPrivate: boolean;
  /** By which of its parts it may be invalidated. */
  readonly tags: readonly string[];
  /** Parts that were remembered, and those that had to be asked for. */
  readonly hits: number;
  readonly misses: number;
}

/** A reply in GraphQL's shape. The executor never changes it, so that requests can share one. */
export interface SourceResult {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: readonly SourceError[] | undefined;
  /** Where the backend said something: once a reply of those that this one is made of, empty for one that said nothing. */
  readonly caching?: readonly ReplyCaching[] | undefined;
  /** It was asked for once, by an equal request that was under way already. */
  readonly isShared?: boolean | undefined;
  /** Absent: it may not be remembered. */
  readonly freshness?: Freshness | undefined;
}

/**
 * Where a subgraph's data comes from.
 * `fetch` rejects with a `GatewayError` (SUBGRAPH_UNREACHABLE, SUBGRAPH_TIMEOUT, SUBGRAPH_INVALID_RESPONSE, ...)
 * where no GraphQL answer could be had; errors that the backend itself reported are in the result.
 */
export interface Source {
  readonly name: string;
  fetch(request: SourceRequest): Promise<SourceResult>;
  /** Absent where the backend cannot push. Ends the upstream subscription on `return()` or on the signal; throws a `GatewayError` when the backend dies. */
  subscribe?(request: SourceRequest): AsyncIterable<SourceResult>;
  /**
   * All that the backend can see of who asks, as text: requests that are equal in it and in their operation may share one answer.
   * Absent where that cannot be told; then they never do.
   */
  visible?(context: SourceContext): string;
  /**
   * Whether an entity that it has given once stands for itself in the rest of a query: it is not asked for what is known of it then.
   * Absent means no.
   */
  readonly reusesEntities?: boolean | undefined;
  close?(): Promise<void>;
}

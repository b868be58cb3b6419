/**
 * The configuration as the rest of the house sees it: decoded, complete with defaults, frozen.
 * What a user writes (weft.config.yaml, .json or .ts) has the same words; everything with a default may be left out there.
 */
import type { Expression } from '../expressions/compileExpression.ts';
import type { Resolvers } from '../Resolvers.ts';
import type { TypeDefs } from '../supergraph/gatewaySchema/GatewaySchema.ts';
import type { MergedType } from '../supergraph/Subgraph.ts';
import type { AuthenticationConfig } from './AuthenticationConfig.ts';
import type { RateLimitConfig } from './RateLimitConfig.ts';
import type { ResponseCacheConfig } from './ResponseCacheConfig.ts';
import type { SubgraphAuthentication, SubgraphTls } from './SubgraphCredentials.ts';
import type { ThreatProtectionConfig } from './ThreatProtectionConfig.ts';

export interface Config {
  /** Folder that relative paths were resolved against; all paths below are absolute. */
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  /** Path of the GraphQL endpoint, `/graphql`. */
  readonly path: string;
  /** The endpoint as clients know it; absent: what a request was sent to. */
  readonly public_url?: string | undefined;
  /** Absent: plain HTTP. */
  readonly tls?: TlsConfig | undefined;
  /** A finished supergraph SDL file, instead of `subgraphs`. */
  readonly supergraph?: string | undefined;
  /** In the order of the file. With `supergraph`, entries only override url, headers and timeouts of the subgraph of that name. */
  readonly subgraphs: readonly SubgraphConfig[];
  /** What the gateway itself adds to the graph, read. */
  readonly additionalTypeDefs: readonly TypeDefs[];
  /** The very object of the configuration code: another one makes another generation. */
  readonly additionalResolvers?: Resolvers | undefined;
  readonly headers: HeaderRules;
  /** What subgraphs that have no entry are shown, and where public keys are served. */
  readonly subgraph_authentication?:
    | { readonly all?: SubgraphAuthentication | undefined; readonly jwks_path?: string | undefined }
    | undefined;
  readonly subgraph_tls?: { readonly all?: SubgraphTls | undefined } | undefined;
  readonly traffic_shaping: { readonly router: RouterShaping; readonly all: TrafficShaping };
  /** By label of a progressive override. */
  readonly override_labels: Readonly<Record<string, OverrideRule>>;
  readonly graphiql: boolean;
  readonly introspection: boolean;
  /** Whether clients may ask for the plan with the header `weft-plan: 1`. */
  readonly expose_plan: boolean;
  /** Absent: every address may ask. */
  readonly addresses?: AddressesConfig | undefined;
  /** Absent: everybody may ask, as nobody in particular. */
  readonly authentication?: AuthenticationConfig | undefined;
  /** Proxies of the operator's own between clients and the gateway: so many addresses at the end of `X-Forwarded-For` are true. */
  readonly trusted_hops: number;
  /** How many operations one request may have, as an array; `false`: one. */
  readonly batching: { readonly limit: number } | false;
  readonly cors: CorsConfig | false;
  readonly csrf: { readonly required_headers: readonly string[] } | false;
  readonly limits: LimitsConfig;
  /** Absent: operations of every kind are accepted. */
  readonly security?: SecurityConfig | undefined;
  /** Absent: nobody looks into values. */
  readonly threat_protection?: ThreatProtectionConfig | undefined;
  /** Absent: documents are known by their text only. */
  readonly persisted_documents?: PersistedDocumentsConfig | undefined;
  /** Absent: costs are not counted. */
  readonly demand_control?: DemandControlConfig | undefined;
  /** Who may read what; absent: `filter`, `full`, and no policy is met. */
  readonly authorization?: AuthorizationConfig | undefined;
  readonly rate_limit?: RateLimitConfig | undefined;
  /** What several gateways share; absent: each has its own in memory. */
  readonly redis?: RedisConfig | undefined;
  /** Absent: nothing is remembered. */
  readonly response_cache?: ResponseCacheConfig | undefined;
  /** Absent: nobody writes requests down. */
  readonly access_logs?: { readonly enabled: boolean; readonly output: string } | undefined;
  readonly telemetry: { readonly exporters: { readonly metrics: { readonly prometheus: PrometheusConfig } } };
  /** Recompose when a file changes. */
  readonly watch: boolean;
  /** Seconds between two tries to load a missing subgraph or to poll an introspected one; default 10. */
  readonly poll_interval: number;
  /** Folder for last good schemas, `.weft`. */
  readonly state_directory: string;
  /** Milliseconds that a graceful stop waits for requests in flight. */
  readonly shutdown_timeout: number;
  /** Files that this configuration came from; watched. */
  readonly files: readonly string[];
}

export interface SubgraphConfig {
  readonly name: string;
  /** `http://`, `https://`; for gRPC `host:port`, `grpc://` or `grpcs://`. Absent only where `supergraph` gives it. */
  readonly url?: string | undefined;
  readonly schema?: SchemaLocation | undefined;
  readonly subscriptions?: { readonly protocol: 'ws' | 'sse'; readonly url?: string | undefined } | undefined;
  readonly merge?: Readonly<Record<string, readonly MergedType[]>> | undefined;
  readonly transforms?: TransformsConfig | undefined;
  readonly headers: HeaderRules;
  readonly traffic_shaping: TrafficShaping;
  readonly authentication?: SubgraphAuthentication | undefined;
  readonly tls?: SubgraphTls | undefined;
}

export type SchemaLocation =
  /** An SDL file. In the configuration also a bare string, or rover's `schema: { file }`. */
  | { readonly kind: 'file'; readonly file: string }
  /** Live introspection of `url` (default: the subgraph's). */
  | {
      readonly kind: 'introspection';
      readonly url?: string | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  /** `{ _service { sdl } }` of `url`; rover's `schema: { subgraph_url }`. */
  | {
      readonly kind: 'service';
      readonly url?: string | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  /** SDL in the configuration itself; rover's `schema: { sdl }`. */
  | { readonly kind: 'sdl'; readonly sdl: string }
  /** An OpenAPI document, file or http(s) URL. */
  | { readonly kind: 'openapi'; readonly location: string }
  | { readonly kind: 'proto'; readonly files: readonly string[]; readonly import_paths: readonly string[] };

export interface TransformsConfig {
  /** Put in front of every type name (not root types, scalars of the specification). */
  readonly prefix?: string | undefined;
  /** `OldName: NewName` for types; `Type.field: newName` for fields (type by its old name). */
  readonly rename?: Readonly<Record<string, string>> | undefined;
  /** Types (`Type`) and fields (`Type.field`) that clients must not see, by their old names. */
  readonly hide?: readonly string[] | undefined;
}

/** When a label is active: always or never, where the client sends a header (with this value), or for a share of the requests. */
export type OverrideRule =
  | boolean
  | {
      readonly header?: string | undefined;
      readonly equals?: string | undefined;
      readonly percent?: number | undefined;
    };

export interface HeaderRules {
  /** Fixed headers for every request to the subgraph. */
  readonly send: Readonly<Record<string, string>>;
  /** Names (lower case) of the client's headers to send on. */
  readonly propagate: readonly string[];
  /** Headers that are made of what is known of the request, by name (lower case). */
  readonly compute?: Readonly<Record<string, ComputedHeader>> | undefined;
}

export interface ComputedHeader {
  readonly expression: string;
  readonly evaluate: Expression<string>;
}

export interface TrafficShaping {
  /** Milliseconds until a call to the subgraph is given up; default 30,000. */
  readonly timeout: number;
  /** Connections to one origin; default 64. */
  readonly connections: number;
  /** Equal queries under way share one request; default true. */
  readonly deduplicate_query: boolean;
  /** An entity that the subgraph has given in a query is not asked for again in it; default true. */
  readonly reuse_entities: boolean;
}

export interface RouterShaping {
  /** Milliseconds for one operation; default 60,000. */
  readonly timeout: number;
  /** Whether bodies of requests may be compressed; default true. */
  readonly decompression_enabled?: boolean | undefined;
  /** Equal queries of clients under way share one answer. Undefined: unless there are plugins of an embedder, who may change it. */
  readonly deduplicate_query?: boolean | undefined;
}

export interface CorsConfig {
  readonly origins: readonly string[] | '*';
  readonly credentials: boolean;
  readonly allow_headers: readonly string[];
  readonly expose_headers?: readonly string[] | undefined;
  readonly max_age?: number | undefined;
}

export interface TlsConfig {
  readonly cert_file: string;
  readonly key_file: string;
  readonly min_version: '1.2' | '1.3';
  /** Absent: clients are asked for no certificate. */
  readonly client_auth?:
    | {
        readonly ca_file: readonly string[];
        readonly crl_file: readonly string[];
        /** Whether a connection without a good certificate is cut. */
        readonly required: boolean;
      }
    | undefined;
}

export interface AddressesConfig {
  /** Addresses and networks (`10.0.0.0/8`); undefined: all. */
  readonly allow?: readonly string[] | undefined;
  readonly deny: readonly string[];
}

/** Which operations are refused: none, all, or those of which an expression is true. */
export interface SecurityConfig {
  readonly block_mutations: boolean | string;
  readonly block_subscriptions: boolean | string;
}

/** Decoded: paths absolute, durations in milliseconds. */
export interface PersistedDocumentsConfig {
  /** Automatic persisted queries; undefined: off. */
  readonly apq?: { readonly max_size: number; readonly redis: boolean; readonly ttl: number } | undefined;
  readonly manifests: readonly ManifestConfig[];
  /** Whether a text has to be registered. */
  readonly safelist: boolean;
  /** Whether documents are accepted by their registered names only. */
  readonly require_id: boolean;
  /** Whether what is registered is planned before it is asked for. */
  readonly warm_up: boolean;
  /** Who may ask what is not registered, by an expression. */
  readonly allow?: string | undefined;
}

export interface ManifestConfig {
  readonly file?: string | undefined;
  readonly folder?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly poll_interval: number;
  /** Of a `url` that starts with `s3://`. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly access_key_id?: string | undefined;
  readonly secret_access_key?: string | undefined;
  readonly session_token?: string | undefined;
}

export interface DemandControlConfig {
  readonly enabled: boolean;
  /** `measure` counts and tells; `enforce` refuses what costs more than `max`. */
  readonly mode: 'measure' | 'enforce';
  readonly max?: number | undefined;
  /** Items that a list is taken to have where the graph says nothing. */
  readonly list_size: number;
  /** Of the actual cost of an operation: what its subgraphs answered, or what the client is answered. */
  readonly actual_cost_mode: 'by_subgraph' | 'by_response_shape';
  /** Each call of a subgraph. */
  readonly subgraph: {
    readonly all: SubgraphDemandConfig;
    /** Win over `all`. */
    readonly subgraphs: Readonly<Record<string, SubgraphDemandConfig>>;
  };
  /** Who reads what an operation costs in its answer: everybody, nobody, or whom an expression tells. */
  readonly expose: boolean | string;
}

export interface SubgraphDemandConfig {
  /** What one call may cost. */
  readonly max?: number | undefined;
  readonly list_size?: number | undefined;
}

export interface AuthorizationConfig {
  /** What the caller may not read is null with an error each (`filter`), or the whole operation is refused (`reject`). */
  readonly mode: 'filter' | 'reject';
  /** Nothing is denied; the log says what would be. */
  readonly dry_run: boolean;
  /** Whether introspection shows everything, or what the caller may read. */
  readonly introspection: 'full' | 'allowed';
  /** Expressions by the names of `@policy`. */
  readonly policies: Readonly<Record<string, string>>;
  readonly policy_service?: PolicyServiceConfig | undefined;
}

export interface PolicyServiceConfig {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until it is given up. */
  readonly timeout: number;
  /** Milliseconds for which an answer is kept; absent: not at all. */
  readonly cache?: number | undefined;
}

export interface PrometheusConfig {
  readonly enabled: boolean;
  /** `host:port`. */
  readonly listen: string;
  readonly path: string;
}

export interface RedisConfig {
  /** `redis://` or `rediss://` (TLS), with a password where one is needed. */
  readonly url: string;
  /** What every key starts with. */
  readonly namespace: string;
  /** Milliseconds until a command is given up. */
  readonly timeout: number;
}

export interface LimitsConfig {
  /** Bytes of a request body, decompressed; default 1 MiB. */
  readonly max_request_body_size: number;
  /** Bytes of one that is compressed, as it comes; absent: as many. */
  readonly max_compressed_body_size?: number | undefined;
  /** Nested braces, brackets and parentheses of a document; default 200. */
  readonly parser_max_recursion: number;
  /** Of an operation, with its fragments written out: fields below each other, default 100; */
  readonly max_depth: number;
  /** fields, default 5,000; */
  readonly max_height: number;
  /** aliases, default 500; */
  readonly max_aliases: number;
  /** fields at its root, default 200; */
  readonly max_root_fields: number;
  /** directives, default 500. */
  readonly max_directives: number;
  /** Items of a list in the document or in variables; default 10,000. */
  readonly max_list_items: number;
  /** Objects and lists of a variable in each other; default 50. */
  readonly max_variables_depth: number;
  /** Objects that one answer may have; default 200,000. */
  readonly max_response_objects: number;
  /** Operations of one WebSocket at a time; default 500. */
  readonly max_socket_operations: number;
  /** Lexical tokens of a document; default 15,000. */
  readonly max_tokens: number;
}

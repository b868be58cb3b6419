import type { Expression } from '../expressions/compileExpression.ts';
import type { TypeDefs } from '../supergraph/gatewaySchema/GatewaySchema.ts';
import type { AuthenticationConfig } from './AuthenticationConfig.ts';
import type {
  AuthorizationConfig,
  Config,
  HeaderRules,
  RouterShaping,
  SubgraphConfig,
  TrafficShaping,
} from './Config.ts';
import { decodeSchemaLocation } from './decodeSchemaLocation.ts';
import { decodeSubgraphAuthentication, decodeSubgraphTls, withAwsKeys } from './decodeSubgraphCredentials.ts';
import { decodeTls } from './decodeTls.ts';
import type { Environment } from './expandEnvironment.ts';
import type { ValidConfig } from './schema/configSchema.ts';
import type { HeadersInput } from './schema/headersSchema.ts';
import type { SubgraphInput, TrafficInput } from './schema/subgraphSchema.ts';

export interface DecodeOptions {
  readonly directory: string;
  /** Absolute path of a path as written. */
  readonly resolve: (path: string) => string;
  readonly files: readonly string[];
  readonly typeDefs: readonly TypeDefs[];
  /** The expression of a header; undefined where it has an issue, or there is none. */
  readonly text: (source: string) => Expression<string> | undefined;
  readonly env: Environment;
}

const SHAPING: TrafficShaping = { timeout: 30_000, connections: 64, deduplicate_query: true, reuse_entities: true };

/** The valid input as the house sees it: shorthands written out, common settings put into each subgraph, paths absolute. */
export function decodeConfig(input: ValidConfig, options: DecodeOptions): Config {
  const { directory, resolve, files, typeDefs, text, env } = options;
  const headers = mergeHeaders(toRules(input.headers, text), toRules(input.headers?.all, text));
  const shaping = { ...SHAPING, ...defined(input.traffic_shaping?.all) };
  const supergraph = typeof input.supergraph === 'object' ? input.supergraph.file : input.supergraph;
  const common = { input, headers, shaping, resolve, text, env };
  const {
    $schema: _schema,
    supergraph: _supergraph,
    subgraphs: _subgraphs,
    headers: _headers,
    traffic_shaping: _shaping,
    subgraph_authentication: shown,
    subgraph_tls: certificates,
    additionalTypeDefs: _typeDefs,
    additionalResolvers: _resolvers,
    authentication,
    persisted_documents: documents,
    authorization,
    tls,
    access_logs: access,
    ...rest
  } = input;
  return {
    ...rest,
    directory,
    ...(supergraph === undefined ? {} : { supergraph: resolve(supergraph) }),
    ...(tls === undefined ? {} : { tls: decodeTls(tls, resolve) }),
    subgraphs: subgraphInputs(input).map((subgraph) => decodeSubgraph(subgraph, common)),
    additionalTypeDefs: typeDefs,
    ...(authentication === undefined ? {} : { authentication: decodeAuthentication(authentication, resolve) }),
    ...(access === undefined
      ? {}
      : { access_logs: { ...access, output: access.output === 'stdout' ? access.output : resolve(access.output) } }),
    ...(documents === undefined
      ? {}
      : {
          persisted_documents: {
            ...documents,
            manifests: documents.manifests.map((manifest) => ({
              ...(manifest.url?.startsWith('s3://') === true ? withAwsKeys(manifest, env) : manifest),
              ...(manifest.file === undefined ? {} : { file: resolve(manifest.file) }),
              ...(manifest.folder === undefined ? {} : { folder: resolve(manifest.folder) }),
            })),
          },
        }),
    headers,
    ...(shown === undefined
      ? {}
      : {
          subgraph_authentication: {
            all: decodeSubgraphAuthentication([shown.all], common),
            ...(shown.jwks_path === undefined ? {} : { jwks_path: shown.jwks_path }),
          },
        }),
    ...(certificates === undefined ? {} : { subgraph_tls: { all: decodeSubgraphTls([certificates.all], common) } }),
    traffic_shaping: { router: { timeout: 60_000, ...routerShaping(input) }, all: shaping },
    ...(authorization === undefined ? {} : { authorization: decodeAuthorization(authorization) }),
    state_directory: resolve(input.state_directory),
    files,
  };
}

function decodeAuthorization({
  directives: { unauthorized, reject_unauthorized, dry_run, introspection },
  ...rest
}: NonNullable<ValidConfig['authorization']>): AuthorizationConfig {
  const mode = unauthorized?.mode ?? (reject_unauthorized === true ? 'reject' : 'filter');
  return { ...rest, mode, dry_run, introspection };
}

/** Beside a supergraph, settings by name make an entry for a subgraph that has none of its own. */
function subgraphInputs(input: ValidConfig): SubgraphInput[] {
  const { subgraphs = [] } = input;
  const listed = Array.isArray(subgraphs)
    ? subgraphs
    : Object.entries(subgraphs).map(([name, entry]) => ({ name, ...entry }));
  const named = [
    ...Object.keys(input.headers?.subgraphs ?? {}),
    ...Object.keys(input.traffic_shaping?.subgraphs ?? {}),
    ...Object.keys(input.subgraph_authentication?.subgraphs ?? {}),
    ...Object.keys(input.subgraph_tls?.subgraphs ?? {}),
  ];
  const known = new Set(listed.map(({ name }) => name));
  return [...listed, ...[...new Set(named)].filter((name) => !known.has(name)).map((name) => ({ name }))];
}

interface Common {
  readonly input: ValidConfig;
  readonly headers: HeaderRules;
  readonly shaping: TrafficShaping;
  readonly resolve: (path: string) => string;
  readonly text: DecodeOptions['text'];
  readonly env: Environment;
}

function decodeSubgraph(subgraph: SubgraphInput, common: Common): SubgraphConfig {
  const { input, headers, shaping, resolve, text } = common;
  const { name, url, routing_url, schema, merge, headers: own, traffic_shaping, subscriptions, transforms } = subgraph;
  const location = schema === undefined ? undefined : decodeSchemaLocation(schema, resolve);
  const { subgraph_authentication: shown, subgraph_tls: certificates } = input;
  const authentication = decodeSubgraphAuthentication(
    [shown?.all, shown?.subgraphs?.[name], subgraph.authentication],
    common,
  );
  const tls = decodeSubgraphTls([certificates?.all, certificates?.subgraphs?.[name], subgraph.tls], common);
  const endpoint = location?.kind === 'introspection' || location?.kind === 'service' ? location.url : undefined;
  return {
    name,
    url: url ?? routing_url ?? endpoint,
    schema: location,
    ...(subscriptions === undefined ? {} : { subscriptions }),
    ...(merge === undefined
      ? {}
      : { merge: mapValues(merge, (lookups) => (Array.isArray(lookups) ? lookups : [lookups])) }),
    ...(transforms === undefined ? {} : { transforms }),
    headers: mergeHeaders(mergeHeaders(headers, toRules(input.headers?.subgraphs?.[name], text)), toRules(own, text)),
    traffic_shaping: { ...shaping, ...defined(input.traffic_shaping?.subgraphs?.[name]), ...defined(traffic_shaping) },
    ...(authentication === undefined ? {} : { authentication }),
    ...(tls === undefined ? {} : { tls }),
  };
}

function toRules(input: HeadersInput | undefined, text: DecodeOptions['text']): HeaderRules {
  const request = input?.request ?? [];
  const inserted = request.flatMap(({ insert }) =>
    insert?.value === undefined ? [] : [[insert.name, insert.value] as const],
  );
  const computed = request.flatMap(({ insert }) => {
    const evaluate = insert?.expression === undefined ? undefined : text(insert.expression);
    if (insert?.expression === undefined || evaluate === undefined) return [];
    return [[insert.name.toLowerCase(), { expression: insert.expression, evaluate }] as const];
  });
  const named = request.flatMap(({ propagate }) => propagate?.named ?? []);
  return {
    send: lowerKeys([...Object.entries(input?.send ?? {}), ...inserted]),
    propagate: [...new Set([...(input?.propagate ?? []), ...named].map((name) => name.toLowerCase()))],
    ...(computed.length === 0 ? {} : { compute: Object.fromEntries(computed) }),
  };
}

function mergeHeaders(common: HeaderRules, own: HeaderRules): HeaderRules {
  const compute = { ...common.compute, ...own.compute };
  return {
    send: { ...common.send, ...own.send },
    propagate: [...new Set([...common.propagate, ...own.propagate])],
    ...(Object.keys(compute).length === 0 ? {} : { compute }),
  };
}

function lowerKeys(entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}

function routerShaping({ traffic_shaping: shaping }: ValidConfig): Partial<RouterShaping> {
  const { timeout, decompression_enabled: decompression, deduplicate_query: deduplicate } = shaping?.router ?? {};
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(decompression === undefined ? {} : { decompression_enabled: decompression }),
    ...(deduplicate === undefined ? {} : { deduplicate_query: deduplicate }),
  };
}

/** What is said, so that it wins over what is said less closely. */
function defined(input: TrafficInput = {}): Partial<TrafficShaping> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function decodeAuthentication(
  { jwt, api_keys: keys, ...rest }: AuthenticationConfig,
  resolve: (path: string) => string,
): AuthenticationConfig {
  const absolute = <T extends { readonly file?: string | undefined }>(entry: T): T =>
    entry.file === undefined ? entry : { ...entry, file: resolve(entry.file) };
  return {
    ...rest,
    ...(jwt === undefined ? {} : { jwt: { ...jwt, jwks: jwt.jwks.map(absolute) } }),
    ...(keys === undefined ? {} : { api_keys: absolute(keys) }),
  };
}

import { closestName } from '../lib/closestName.ts';
import { isRecord } from '../lib/isRecord.ts';
import { checkGatewaySchema } from './checkGatewaySchema.ts';
import { checkListeners } from './checkListeners.ts';
import { checkRateLimit } from './checkRateLimit.ts';
import { checkThreats } from './checkThreats.ts';
import { type ListedSubgraph, listSubgraphs, schemaFiles } from './listSubgraphs.ts';
import { METHODS } from './schema/authenticationSchema.ts';
import { showValue } from './showValue.ts';
import type { PathIssue } from './toIssues.ts';

export interface ReferenceOptions {
  /** Whether there is such a file, by its path as written. */
  readonly exists: (path: string) => boolean;
  readonly resolve: (path: string) => string;
}

const schemaKinds = ['file', 'introspection', 'service', 'subgraph_url', 'sdl', 'openapi', 'proto'];

/** What a schema of types can't say: files that are missing, names that are taken or unknown. Reads a value that may be malformed elsewhere. */
export function checkReferences(input: unknown, options: ReferenceOptions): PathIssue[] {
  if (!isRecord(input)) return [];
  const subgraphs = listSubgraphs(input['subgraphs']);
  return [
    ...checkOrigin(input, subgraphs, options),
    ...checkNames(subgraphs),
    ...subgraphs.flatMap((subgraph) => checkSubgraph(subgraph, input['supergraph'] !== undefined, options)),
    ...(input['supergraph'] === undefined ? checkOverrides(input, subgraphs) : []),
    ...checkStores(input),
    ...checkKeyFiles(input, options),
    ...checkToldCertificate(input),
    ...checkOrder(input),
    ...checkManifests(input, options),
    ...checkRateLimit(
      input,
      input['supergraph'] === undefined ? subgraphs.flatMap(({ name }) => name ?? []) : undefined,
    ),
    ...checkThreats(input),
    ...checkListeners(input),
    ...checkGatewaySchema(input, (path, file) => missingFile(path, file, 'an SDL file', options)),
  ];
}

function checkOrigin(
  input: Readonly<Record<string, unknown>>,
  subgraphs: readonly ListedSubgraph[],
  options: ReferenceOptions,
): PathIssue[] {
  const supergraph = input['supergraph'];
  if (supergraph === undefined) {
    const given = input['subgraphs'];
    const none = given === undefined || given === null || (subgraphs.length === 0 && typeof given === 'object');
    return none ? [{ path: [], at: 'value', message: 'Expected "subgraphs" or "supergraph"; got neither.' }] : [];
  }
  const both: PathIssue[] = subgraphs
    .filter(({ value }) => value['schema'] !== undefined)
    .map(({ path, name }) => ({
      path: [...path, 'schema'],
      at: 'key',
      message: `Expected "supergraph" or subgraphs with a "schema"; got both. Beside "supergraph", "${name ?? ''}" can only override url, headers and limits.`,
    }));
  const nested = isRecord(supergraph);
  const file = nested ? supergraph['file'] : supergraph;
  const path = nested ? ['supergraph', 'file'] : ['supergraph'];
  return [...both, ...(typeof file === 'string' ? missingFile(path, file, 'a supergraph SDL file', options) : [])];
}

function checkNames(subgraphs: readonly ListedSubgraph[]): PathIssue[] {
  const first = new Map<string, number>();
  const issues: PathIssue[] = [];
  for (const [index, { name, path }] of subgraphs.entries()) {
    if (name === undefined) continue;
    const taken = first.get(name);
    if (taken === undefined) first.set(name, index);
    else
      issues.push({
        path: [...path, 'name'],
        at: 'value',
        message: `Expected a name of its own; "${name}" is also the name of subgraphs[${taken}].`,
      });
  }
  return issues;
}

function checkSubgraph(subgraph: ListedSubgraph, overrides: boolean, options: ReferenceOptions): PathIssue[] {
  const { path, value } = subgraph;
  const issues: PathIssue[] = [];
  const schema = value['schema'];
  if (schema === undefined && !overrides) {
    issues.push({
      path: [...path, 'schema'],
      at: 'key',
      message: `Expected a schema, such as "./${subgraph.name ?? 'name'}.graphql" or "{ introspection: true }"; it is missing.`,
    });
  }
  if (value['url'] !== undefined && value['routing_url'] !== undefined) {
    issues.push({ path: [...path, 'routing_url'], at: 'key', message: 'Expected "url" or "routing_url"; got both.' });
  }
  if (isRecord(schema)) issues.push(...checkSchemaKind(schema, path));
  if (!overrides) issues.push(...checkUrl(subgraph));
  for (const { path: at, file, what } of schemaFiles(subgraph)) issues.push(...missingFile(at, file, what, options));
  return issues;
}

function checkSchemaKind(schema: Readonly<Record<string, unknown>>, path: readonly (string | number)[]): PathIssue[] {
  const given = schemaKinds.filter((kind) => schema[kind] !== undefined && schema[kind] !== false);
  if (given.length === 1) return [];
  const expected = `Expected exactly one of ${schemaKinds.map((kind) => `"${kind}"`).join(', ')}`;
  const got = given.length === 0 ? 'none' : given.map((kind) => `"${kind}"`).join(' and ');
  return [{ path: [...path, 'schema'], at: 'value', message: `${expected}; got ${got}.` }];
}

/** The url of a schema endpoint stands in for the subgraph's own. */
function checkUrl({ path, value }: ListedSubgraph): PathIssue[] {
  const key = value['url'] === undefined && value['routing_url'] !== undefined ? 'routing_url' : 'url';
  const url = value[key];
  const schema = isRecord(value['schema']) ? value['schema'] : {};
  if (url === undefined) {
    const endpoints = [schema['introspection'], schema['service']];
    if (
      schema['subgraph_url'] !== undefined ||
      endpoints.some((endpoint) => isRecord(endpoint) && endpoint['url'] !== undefined)
    )
      return [];
    return [{ path: [...path, 'url'], at: 'key', message: 'Expected the address of the service; it is missing.' }];
  }
  if (typeof url !== 'string' || url === '') return [];
  const grpc = schema['proto'] !== undefined;
  const fits = grpc
    ? /^(?:(?:grpcs?|https?):\/\/)?[^\s/]+:\d+\/?$/.test(url)
    : /^https?:\/\//.test(url) && URL.canParse(url);
  const form = grpc
    ? '"host:port", "grpc://host:port" or "grpcs://host:port"'
    : 'a URL such as "http://127.0.0.1:4001/graphql"';
  return fits ? [] : [{ path: [...path, key], at: 'value', message: `Expected ${form}; got ${showValue(url)}.` }];
}

/** Where settings stand by the name of a subgraph, outside of it. */
const BY_NAME = [
  ['headers'],
  ['traffic_shaping'],
  ['subgraph_authentication'],
  ['subgraph_tls'],
  ['response_cache', 'subgraph'],
  ['demand_control', 'subgraph'],
  ['demand_control', 'strategy', 'static_estimated', 'subgraph'],
];

function checkOverrides(input: Readonly<Record<string, unknown>>, subgraphs: readonly ListedSubgraph[]): PathIssue[] {
  const names = subgraphs.flatMap(({ name }) => name ?? []);
  return BY_NAME.flatMap((section) => {
    const settings = valueAt(input, section);
    const byName = isRecord(settings) && isRecord(settings['subgraphs']) ? settings['subgraphs'] : {};
    return Object.keys(byName)
      .filter((name) => !names.includes(name))
      .map((name): PathIssue => {
        const meant = closestName(name, names);
        const hint = meant === undefined ? '.' : `; did you mean "${meant}"?`;
        return {
          path: [...section, 'subgraphs', name],
          at: 'key',
          message: `No subgraph has the name "${name}"${hint}`,
        };
      });
  });
}

function missingFile(
  path: readonly (string | number)[],
  file: string,
  what: string,
  { exists, resolve }: ReferenceOptions,
): PathIssue[] {
  if (file === '' || file.includes('${') || exists(file)) return [];
  return [{ path, at: 'value', message: `Expected ${what}; there is no file "${resolve(file)}".` }];
}

/** Settings that put something into Redis. */
const IN_REDIS = [
  ['authentication', 'api_keys', 'redis'],
  ['persisted_documents', 'apq', 'redis'],
  ['response_cache', 'redis'],
];

/** What is to be in Redis needs to be told where that is. */
function checkStores(input: Readonly<Record<string, unknown>>): PathIssue[] {
  if (input['redis'] !== undefined) return [];
  const message = 'Expected "redis" with its "url" in this configuration; it is missing.';
  return IN_REDIS.filter((path) => String(valueAt(input, path)) === 'true').map((path) => ({
    path,
    at: 'value',
    message,
  }));
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), input);
}

function checkKeyFiles(input: Readonly<Record<string, unknown>>, options: ReferenceOptions): PathIssue[] {
  const authentication = isRecord(input['authentication']) ? input['authentication'] : {};
  const { jwt, api_keys: keys } = authentication;
  const jwks = isRecord(jwt) && Array.isArray(jwt['jwks']) ? jwt['jwks'] : [];
  const issues = jwks.flatMap((entry: unknown, index) =>
    isRecord(entry) && typeof entry['file'] === 'string'
      ? missingFile(['authentication', 'jwt', 'jwks', index, 'file'], entry['file'], 'a file with a key set', options)
      : [],
  );
  const file = isRecord(keys) ? keys['file'] : undefined;
  const path = ['authentication', 'api_keys', 'file'];
  return typeof file === 'string' ? [...issues, ...missingFile(path, file, 'a file with API keys', options)] : issues;
}

/** A method that is only named lets nobody in, where its owner may think that it does. */
function checkOrder(input: Readonly<Record<string, unknown>>): PathIssue[] {
  const authentication = isRecord(input['authentication']) ? input['authentication'] : {};
  const { order } = authentication;
  return (Array.isArray(order) ? order : []).flatMap((name: unknown, index): PathIssue[] => {
    // What is no method at all is told by its own check.
    if (typeof name !== 'string' || !METHODS.some((known) => known === name) || authentication[name] !== undefined)
      return [];
    const message = `Expected methods that are configured; there is no "authentication.${name}".`;
    return [{ path: ['authentication', 'order', index], at: 'value', message }];
  });
}

/** Without proxies of the operator's own, anybody could tell any certificate. */
function checkToldCertificate(input: Readonly<Record<string, unknown>>): PathIssue[] {
  const path = ['authentication', 'client_certificate', 'header'];
  if (valueAt(input, path) === undefined || Number(input['trusted_hops'] ?? 0) > 0) return [];
  const message =
    'Expected "trusted_hops" of at least 1: only proxies of your own may tell the certificate of a client.';
  return [{ path, at: 'value', message }];
}

function checkManifests(input: Readonly<Record<string, unknown>>, options: ReferenceOptions): PathIssue[] {
  const manifests = valueAt(input, ['persisted_documents', 'manifests']);
  return (Array.isArray(manifests) ? manifests : []).flatMap((entry: unknown, index) => {
    const path = ['persisted_documents', 'manifests', index];
    if (typeof entry === 'string') return missingFile(path, entry, 'a manifest of documents', options);
    const { file, folder } = isRecord(entry) ? entry : {};
    if (typeof file === 'string') return missingFile([...path, 'file'], file, 'a manifest of documents', options);
    return typeof folder === 'string' ? missingFile([...path, 'folder'], folder, 'a folder of documents', options) : [];
  });
}

import type { SchemaLocation, SubgraphConfig } from '../config/Config.ts';
import { GatewayError } from '../errors/GatewayError.ts';
import { type Issue, IssuesError } from '../errors/Issue.ts';
import type { Subgraph } from '../supergraph/Subgraph.ts';
import { checkSdl } from './checkSdl.ts';
import { fetchServiceSdl, introspectSubgraph, type SchemaEndpoint } from './introspectSubgraph.ts';
import { isSameOrigin } from './isSameOrigin.ts';
import type { LoadOptions } from './LoadOptions.ts';
import { schemaTimeout } from './schemaTimeout.ts';
import { toErrorMessage } from './toErrorMessage.ts';

/**
 * Gets a subgraph's schema from where the configuration says and checks it on its own, as far as that goes without the others.
 * Rejects with an `IssuesError` that names the subgraph. Where a backend could not be asked, the issue's `code` is the one of the
 * failure (SUBGRAPH_UNREACHABLE, SUBGRAPH_TIMEOUT, ...): then a last good schema may stand in.
 */
export async function loadSubgraph(config: SubgraphConfig, options: LoadOptions): Promise<Subgraph> {
  try {
    return await load(config, options);
  } catch (error) {
    throw new IssuesError(`Subgraph "${config.name}" cannot be loaded.`, toIssues(config.name, error));
  }
}

async function load(config: SubgraphConfig, options: LoadOptions): Promise<Subgraph> {
  const { schema } = config;
  if (schema === undefined) {
    throw new IssuesError('', [{ message: 'It has no "schema".' }]);
  }
  if (schema.kind === 'openapi' || schema.kind === 'proto') {
    // What reads OpenAPI and proto documents is large, and most graphs have none.
    const { convertSpec } = await import('./convertSpec.ts');
    return withMerge(await convertSpec(config, schema, options), config);
  }
  const { sdl, file } = await readSdl(config, schema, options);
  const issues = checkSdl(sdl, file);
  if (issues.length > 0) {
    throw new IssuesError('', issues);
  }
  const url = urlOf(config);
  const subscriptions = config.subscriptions;
  const source =
    subscriptions === undefined ? { kind: 'graphql' as const } : { kind: 'graphql' as const, subscriptions };
  return withMerge({ name: config.name, url, sdl, definition: { source } }, config);
}

function withMerge(subgraph: Subgraph, config: SubgraphConfig): Subgraph {
  return config.merge === undefined
    ? subgraph
    : { ...subgraph, definition: { ...subgraph.definition, merge: config.merge } };
}

type SdlLocation = Exclude<SchemaLocation, { kind: 'openapi' | 'proto' }>;

async function readSdl(
  config: SubgraphConfig,
  schema: SdlLocation,
  options: LoadOptions,
): Promise<{ readonly sdl: string; readonly file?: string | undefined }> {
  switch (schema.kind) {
    case 'sdl':
      return { sdl: schema.sdl };
    case 'file':
      return { sdl: await readSchemaFile(schema.file, options), file: schema.file };
    case 'introspection':
      return { sdl: await introspectSubgraph(toEndpoint(config, schema, options)) };
    case 'service':
      return { sdl: await fetchServiceSdl(toEndpoint(config, schema, options)) };
  }
}

async function readSchemaFile(file: string, { readFile }: LoadOptions): Promise<string> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new IssuesError('', [{ message: `The file cannot be read: ${toErrorMessage(error)}`, file }]);
  }
}

function toEndpoint(
  config: SubgraphConfig,
  schema: Extract<SchemaLocation, { kind: 'introspection' | 'service' }>,
  options: LoadOptions,
): SchemaEndpoint {
  const url = schema.url ?? urlOf(config);
  // Fixed headers may hold credentials: they go to the subgraph's own origin only.
  const isOwn = isSameOrigin(url, config.url ?? url);
  const fixed = isOwn ? config.headers.send : {};
  const headers = Object.fromEntries(
    Object.entries({ ...fixed, ...schema.headers }).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const timeout = schemaTimeout(config.traffic_shaping.timeout);
  const credentials = isOwn ? options.credentials : undefined;
  return { subgraph: config.name, url, headers, timeout, http: options.http, credentials };
}

function urlOf(config: SubgraphConfig): string {
  if (config.url === undefined) {
    throw new IssuesError('', [{ message: 'It has no "url".' }]);
  }
  return config.url;
}

function toIssues(subgraph: string, error: unknown): Issue[] {
  const subgraphs = [subgraph];
  if (error instanceof IssuesError) {
    return error.issues.map((issue) => ({ ...issue, subgraphs: issue.subgraphs ?? subgraphs }));
  }
  const code = error instanceof GatewayError ? error.code : undefined;
  return [{ message: toErrorMessage(error), code, subgraphs }];
}

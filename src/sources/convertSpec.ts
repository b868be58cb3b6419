import type { SchemaLocation, SubgraphConfig } from '../config/Config.ts';
import { IssuesError } from '../errors/Issue.ts';
import type { Subgraph } from '../supergraph/Subgraph.ts';
import { type ConversionResult, protoToSubgraph } from './grpc/protoToSubgraph.ts';
import { isSameOrigin } from './isSameOrigin.ts';
import type { LoadOptions } from './LoadOptions.ts';
import { openapiToSubgraph } from './openapi/openapiToSubgraph.ts';
import { readProtoFiles } from './readProtoFiles.ts';
import { readSpec } from './readSpec.ts';
import { schemaTimeout } from './schemaTimeout.ts';

type OpenapiLocation = Extract<SchemaLocation, { kind: 'openapi' }>;
type ProtoLocation = Extract<SchemaLocation, { kind: 'proto' }>;

/** The subgraph of a specification that is not GraphQL: an OpenAPI document, proto files. Rejects with an `IssuesError` or a `GatewayError`. */
export async function convertSpec(
  config: SubgraphConfig,
  schema: OpenapiLocation | ProtoLocation,
  options: LoadOptions,
): Promise<Subgraph> {
  const result = await (schema.kind === 'openapi'
    ? convertOpenapi(config, schema, options)
    : convertProtoFiles(config, schema, options));
  if ('issues' in result) {
    throw new IssuesError('', result.issues);
  }
  for (const warning of result.warnings) {
    options.warn?.(`Subgraph "${config.name}": ${warning}`);
  }
  return result.subgraph;
}

async function convertOpenapi(
  config: SubgraphConfig,
  { location }: OpenapiLocation,
  { http, readFile, ...options }: LoadOptions,
): Promise<ConversionResult> {
  const timeout = schemaTimeout(config.traffic_shaping.timeout);
  const credentials = isSameOrigin(location, config.url ?? '') ? options.credentials : undefined;
  const document = await readSpec({ subgraph: config.name, location, timeout, http, readFile, credentials });
  const { name, url, merge } = config;
  const result = await openapiToSubgraph({ name, url, merge, document });
  if ('issues' in result) {
    return { issues: result.issues.map((issue) => ({ ...issue, file: location })) };
  }
  return { ...result, warnings: [] };
}

async function convertProtoFiles(
  config: SubgraphConfig,
  location: ProtoLocation,
  { readFile }: LoadOptions,
): Promise<ConversionResult> {
  if (config.url === undefined) {
    return { issues: [{ message: 'It has no "url".' }] };
  }
  const { files, entry, issues } = await readProtoFiles(location, readFile);
  if (issues.length > 0) {
    return { issues };
  }
  return protoToSubgraph({ name: config.name, url: config.url, files, entry, merge: config.merge });
}

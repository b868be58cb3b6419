import type { SchemaLocation, SubgraphConfig } from '../config/Config.ts';
import { IssuesError } from '../errors/Issue.ts';
import type { Subgraph } from '../supergraph/Subgraph.ts';
import type { LoadOptions } from './LoadOptions.ts';
import { readProtoFiles } from './readProtoFiles.ts';
import { readSpec } from './readSpec.ts';

type SpecLocation = Extract<SchemaLocation, { kind: 'openapi' | 'proto' }>;

/** The subgraph of a specification that is not GraphQL: an OpenAPI document, proto files. */
export async function convertSpec(
  config: SubgraphConfig,
  schema: SpecLocation,
  options: LoadOptions,
): Promise<Subgraph> {
  if (schema.kind === 'openapi') {
    const document = await readSpec({
      subgraph: config.name,
      location: schema.location,
      timeout: config.traffic_shaping.timeout,
      http: options.http,
      readFile: options.readFile,
    });
    throw new IssuesError('', [{ message: `OpenAPI documents are not read yet (${document.length} characters).` }]);
  }
  const { files, entry, issues } = await readProtoFiles(schema, options.readFile);
  if (issues.length > 0) {
    throw new IssuesError('', issues);
  }
  throw new IssuesError('', [
    { message: `Proto files are not read yet (${entry.length} of ${Object.keys(files).length}).` },
  ]);
}

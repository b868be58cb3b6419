import { printSchema, validateSchema } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import type { Subgraph } from '../../supergraph/Subgraph.ts';
import { convertProto, type ProtoConversion } from './convertProto.ts';

export interface ProtoToSubgraphOptions extends ProtoConversion {
  /** `host:port`, `grpc://` or `grpcs://`. */
  readonly url: string;
}

export type ConversionResult =
  | { readonly subgraph: Subgraph; readonly warnings: readonly string[] }
  | { readonly issues: readonly Issue[] };

/** Makes a subgraph of proto files. Client streams are left out with a warning each. */
export function protoToSubgraph(options: ProtoToSubgraphOptions): ConversionResult {
  const { name, url, files, entry, merge } = options;
  const converted = convertProto(options);
  if ('issues' in converted) {
    return converted;
  }
  const errors = validateSchema(converted.schema);
  if (errors.length > 0) {
    return { issues: errors.map(({ message }) => ({ message })) };
  }
  const source = { kind: 'grpc' as const, files, entry };
  const definition = merge === undefined ? { source } : { source, merge };
  return { subgraph: { name, url, sdl: printSchema(converted.schema), definition }, warnings: converted.warnings };
}

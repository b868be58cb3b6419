import { isRecord } from '../lib/isRecord.ts';
import type { ConfigPath } from './toIssues.ts';

export interface ListedSubgraph {
  readonly name: string | undefined;
  readonly path: ConfigPath;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The subgraphs of a list, or of a map by name; what is no object is left out. */
export function listSubgraphs(subgraphs: unknown): ListedSubgraph[] {
  if (Array.isArray(subgraphs)) {
    return subgraphs.flatMap((value: unknown, index) => {
      if (!isRecord(value)) return [];
      const name = typeof value['name'] === 'string' ? value['name'] : undefined;
      return [{ name, path: ['subgraphs', index], value }];
    });
  }
  if (!isRecord(subgraphs)) return [];
  return Object.entries(subgraphs).flatMap(([name, value]) =>
    isRecord(value) ? [{ name, path: ['subgraphs', name], value }] : [],
  );
}

export interface SchemaFile {
  readonly path: ConfigPath;
  readonly file: string;
  readonly what: string;
}

/** The files that a subgraph's schema is made of, as written. */
export function schemaFiles({ path, value }: ListedSubgraph): SchemaFile[] {
  const schema = value['schema'];
  const at: ConfigPath = [...path, 'schema'];
  if (typeof schema === 'string') return [{ path: at, file: schema, what: 'an SDL file' }];
  if (!isRecord(schema)) return [];
  const { file, openapi, proto } = schema;
  const files: SchemaFile[] = [];
  if (typeof file === 'string') files.push({ path: [...at, 'file'], file, what: 'an SDL file' });
  if (typeof openapi === 'string' && !/^https?:\/\//.test(openapi)) {
    files.push({ path: [...at, 'openapi'], file: openapi, what: 'an OpenAPI document' });
  }
  if (typeof proto === 'string') files.push({ path: [...at, 'proto'], file: proto, what: 'a proto file' });
  if (Array.isArray(proto)) {
    for (const [index, item] of proto.entries()) {
      if (typeof item === 'string') files.push({ path: [...at, 'proto', index], file: item, what: 'a proto file' });
    }
  }
  return files;
}

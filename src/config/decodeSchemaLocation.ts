import type { SchemaLocation } from './Config.ts';
import type { SchemaInput } from './schema/subgraphSchema.ts';

/** One of the forms of `schema`, with absolute paths. Expects that exactly one is given. */
export function decodeSchemaLocation(schema: string | SchemaInput, resolve: (path: string) => string): SchemaLocation {
  if (typeof schema === 'string') return { kind: 'file', file: resolve(schema) };
  const { file, sdl, openapi, proto, subgraph_url, introspection, service } = schema;
  if (file !== undefined) return { kind: 'file', file: resolve(file) };
  if (sdl !== undefined) return { kind: 'sdl', sdl };
  if (openapi !== undefined)
    return { kind: 'openapi', location: /^https?:\/\//.test(openapi) ? openapi : resolve(openapi) };
  if (proto !== undefined) {
    const files = typeof proto === 'string' ? [proto] : proto;
    return { kind: 'proto', files: files.map(resolve), import_paths: (schema.import_paths ?? []).map(resolve) };
  }
  if (subgraph_url !== undefined) return { kind: 'service', url: subgraph_url, headers: schema.introspection_headers };
  if (service !== undefined && service !== false) return { kind: 'service', ...(service === true ? {} : service) };
  return { kind: 'introspection', ...(typeof introspection === 'object' ? introspection : {}) };
}

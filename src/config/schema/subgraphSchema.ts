import * as v from 'valibot';
import { described } from './described.ts';
import { subgraphHeadersSchema } from './headersSchema.ts';
import { duration, flag, integer, text, textMap } from './scalars.ts';
import { strict } from './strict.ts';
import { subgraphAuthenticationEntry, subgraphTlsEntry } from './subgraphCredentialsSchema.ts';

const endpoint = v.union([flag, strict({ url: v.optional(text), headers: v.optional(textMap) })]);

const schemaObject = strict({
  file: v.optional(described(text, 'An SDL file.')),
  introspection: v.optional(described(endpoint, 'Introspection of the subgraph (`true`) or of `{ url, headers }`.')),
  service: v.optional(described(endpoint, '`{ _service { sdl } }` of the subgraph (`true`) or of `{ url, headers }`.')),
  subgraph_url: v.optional(described(text, 'The same as `service: { url }`.')),
  introspection_headers: v.optional(described(textMap, 'Headers for `subgraph_url`.')),
  sdl: v.optional(described(text, 'The SDL itself.')),
  openapi: v.optional(described(text, 'An OpenAPI document: file or `http(s)` URL.')),
  proto: v.optional(described(v.union([text, v.array(text)]), 'One `.proto` file or several.')),
  import_paths: v.optional(
    described(v.array(text), 'Folders in which the imports of the `.proto` files are looked up.'),
  ),
});

const mergedType = strict({
  selectionSet: described(text, 'The key that the lookup takes, such as `{ id }`.'),
  fieldName: described(text, 'The query field that answers.'),
  key: v.optional(described(text, 'Batch form: the field of the key whose value stands for it in `$keys`.')),
  argsFromKeys: v.optional(
    described(v.record(v.string(), v.unknown()), 'Batch form: arguments with `$keys` for the list of keys.'),
  ),
  args: v.optional(
    described(v.record(v.string(), v.unknown()), 'Single form: arguments with `$key.<field>` for fields of the key.'),
  ),
  fields: v.optional(
    described(
      v.record(
        v.string(),
        strict({
          selectionSet: described(text, 'What the field needs, such as `{ price weight }`.'),
          computed: v.optional(described(v.literal(true), 'As in stitching; may be left out.')),
        }),
      ),
      'Computed fields: what each needs goes along with the key, whichever subgraphs have it.',
    ),
  ),
  reply: v.optional(
    described(v.picklist(['positional', 'byKey']), 'How items of a batch reply find their keys; `byKey` unless told.'),
  ),
  maxBatchSize: v.optional(described(integer(1), 'Keys in one batch call; more keys make more calls.')),
});

export const trafficEntries = {
  timeout: v.optional(
    described(duration('milliseconds'), 'Until a call is given up: `30s`, `500ms` or milliseconds. 30s unless told.'),
  ),
  connections: v.optional(described(integer(1), 'Connections to one origin. 64 unless told.')),
  deduplicate_query: v.optional(
    described(flag, 'Whether equal queries that are under way share one request. True unless told.'),
  ),
  reuse_entities: v.optional(
    described(
      flag,
      'Whether an entity that the subgraph has given in a query is not asked for again in it. True unless told; for GraphQL subgraphs.',
    ),
  ),
};

const transforms = strict({
  prefix: v.optional(described(text, 'Put in front of every type name.')),
  rename: v.optional(described(textMap, '`OldType: NewType` and `OldType.oldField: newField`.')),
  hide: v.optional(
    described(v.array(text), "Types (`Type`) and fields (`Type.field`) that clients don't see, by their old names."),
  ),
});

const entries = {
  url: v.optional(described(text, '`http(s)://...`; for gRPC `host:port`, `grpc://` or `grpcs://`.')),
  routing_url: v.optional(described(text, 'Another word for `url`.')),
  schema: v.optional(
    described(v.union([text, schemaObject]), 'Where the schema comes from: an SDL file, or one of the forms below.'),
  ),
  subscriptions: v.optional(
    described(
      strict({
        protocol: described(v.picklist(['ws', 'sse']), '`ws` (graphql-transport-ws) or `sse`.'),
        url: v.optional(described(text, 'Where it differs from `url`.')),
      }),
      'How the subgraph pushes events.',
    ),
  ),
  merge: v.optional(
    described(
      v.record(v.string(), v.union([mergedType, v.array(mergedType)])),
      'By type name: how entities of a subgraph without federation are looked up. One lookup or a list.',
    ),
  ),
  transforms: v.optional(described(transforms, 'Renames, a prefix, hidden types and fields.')),
  headers: v.optional(described(subgraphHeadersSchema, 'Headers for this subgraph, beside the common ones.')),
  traffic_shaping: v.optional(described(strict(trafficEntries), 'Limits for this subgraph.')),
  authentication: v.optional(described(subgraphAuthenticationEntry, 'What the gateway shows this subgraph of itself.')),
  tls: v.optional(described(subgraphTlsEntry, 'Certificates for the connections to this subgraph.')),
};

/** A subgraph of a list; in a map by name, `name` is the key. */
export const subgraphSchema = strict({ name: described(text, 'Unique among the subgraphs.'), ...entries });

export const namedSubgraphSchema = strict(entries);

export type SubgraphInput = v.InferOutput<typeof subgraphSchema>;
export type SchemaInput = v.InferOutput<typeof schemaObject>;
export type TrafficInput = {
  readonly timeout?: number | undefined;
  readonly connections?: number | undefined;
  readonly deduplicate_query?: boolean | undefined;
  readonly reuse_entities?: boolean | undefined;
};

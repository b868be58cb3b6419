import type { ValueMap } from './ValueMap.ts';

/**
 * A registered backend as a schema: what sources/ makes of a document (SDL, OpenAPI, proto) and compose() takes.
 * Plain data through and through, so that a composed supergraph can carry it and Weft can start from that alone.
 */
export interface Subgraph {
  readonly name: string;
  readonly url: string;
  /** SDL in federation's vocabulary (1 or 2), or plain GraphQL where `definition.merge` says how its types are joined. */
  readonly sdl: string;
  readonly definition: SubgraphDefinition;
}

/** Beyond SDL and url: what a supergraph document must carry for a subgraph that is not plain federated GraphQL. */
export interface SubgraphDefinition {
  readonly source: SourceDefinition;
  /** Type merging by configuration, by type name; only for subgraphs that do not answer `_entities`. */
  readonly merge?: Readonly<Record<string, readonly MergedType[]>> | undefined;
  /** By type in supergraph names: what the subgraph's own schema says of how entities are looked up. */
  readonly lookups?: Readonly<Record<string, readonly LookupDefinition[]>> | undefined;
  /** Beside `lookups`: the subgraph answers `_entities` for its other keys, too. */
  readonly entities?: boolean | undefined;
  /** By `Type.field` in supergraph names: arguments that the gateway fills, which the supergraph's fields do not have. */
  readonly requirements?: Readonly<Record<string, readonly RequirementDefinition[]>> | undefined;
  /** By `Type.field` in supergraph names: the selection of its object that goes along with the key when the field is asked for. */
  readonly computed?: Readonly<Record<string, string>> | undefined;
  /** `Type` and `Type.field` in supergraph names: what this subgraph's descriptions are preferred for. */
  readonly canonical?: readonly string[] | undefined;
  /** Names in the supergraph -> names in the source, where a subgraph's types or fields are renamed. */
  readonly renames?: Renames | undefined;
}

/** A query field that looks entities up, as the subgraph's schema declares it. Names are the source's own, but for the key's. */
export interface LookupDefinition {
  /** `{ id org { id } }` in supergraph names. */
  readonly key: string;
  /** Fields from the query root on; the last one answers. */
  readonly path: readonly string[];
  /** Values are made of the key; in a batch of the list of keys. */
  readonly arguments: readonly LookupArgument[];
  /** The named type that it returns. */
  readonly returns: string;
  /** Set where it answers a list for a list of keys. */
  readonly batch?: { readonly reply: 'positional' | 'byKey'; readonly max?: number | undefined } | undefined;
}

export interface LookupArgument {
  readonly name: string;
  readonly type: string;
  readonly value: ValueMap;
}

/** An argument that is filled with values of the object that has the field. */
export interface RequirementDefinition {
  readonly name: string;
  /** As the source declares it, in its own names: `[DimensionInput!]!`. */
  readonly type: string;
  /** What is read: `{ dimension { width height } }`. */
  readonly selection: string;
  readonly value: ValueMap;
}

/** `types`: supergraph name -> source name. `fields`: `Type.field` in supergraph names -> field name in the source. */
export interface Renames {
  readonly types: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
}

/** One way to look up entities of a type by a root field, in the words of `@graphql-tools/stitch`. */
export interface MergedType {
  /** The key: `{ id }`, nested and compound ones too. */
  readonly selectionSet: string;
  /** The query field that answers. */
  readonly fieldName: string;
  /** Batch form: the key's field whose value stands for it in `$keys`; absent: an object of the whole selection set. */
  readonly key?: string | undefined;
  /** Batch form: argument values with `$keys` standing for the list, e.g. `{ "ids": "$keys" }` or `{ "where": { "id_in": "$keys" } }`. */
  readonly argsFromKeys?: Readonly<Record<string, unknown>> | undefined;
  /** Single form: argument values with `$key.<field>` standing for the key's fields, e.g. `{ "id": "$key.id" }`. */
  readonly args?: Readonly<Record<string, unknown>> | undefined;
  /** How a batch reply is matched: by position, or by the fields of the selection set. Default `byKey`, which is right for both. */
  readonly reply?: 'positional' | 'byKey' | undefined;
  /** Computed fields: what each needs beside the key. */
  readonly fields?: Readonly<Record<string, ComputedField>> | undefined;
  /** Keys in one batch call; more are sent as several calls of one document. Absent: no limit. */
  readonly maxBatchSize?: number | undefined;
}

export interface ComputedField {
  /** `{ price weight }`, whoever has them. */
  readonly selectionSet: string;
  /** As stitching's configuration has it; changes nothing. */
  readonly computed?: boolean | undefined;
}

/** How the run-time source of a subgraph is made. JSON-serializable; never holds secrets (headers and credentials come from the configuration). */
export type SourceDefinition =
  | {
      readonly kind: 'graphql';
      readonly subscriptions?: { readonly protocol: 'ws' | 'sse'; readonly url?: string | undefined } | undefined;
    }
  | { readonly kind: 'openapi'; readonly document: string }
  /** The gateway itself: resolvers of its configuration answer this schema. */
  | { readonly kind: 'resolvers'; readonly sdl: string }
  | { readonly kind: 'grpc'; readonly files: Readonly<Record<string, string>>; readonly entry: readonly string[] };

import type { FieldInfo, Supergraph, TypeInfo } from '../supergraph/Supergraph.ts';
import { namedType } from '../supergraph/TypeRef.ts';

/** The words of one subgraph, as far as they are the supergraph's. */
export interface Names {
  readonly subgraph: string;
  /** Values of `join__Graph`. */
  readonly graphs: ReadonlySet<string>;
  readonly supergraph: Supergraph;
  root(kind: 'query' | 'mutation' | 'subscription'): TypeInfo | undefined;
  /** By its name in the subgraph. */
  type(sourceName: string): TypeInfo | undefined;
  field(type: TypeInfo, sourceName: string): FieldInfo | undefined;
  typeOf(field: FieldInfo): TypeInfo | undefined;
  /** Keys of an entity that are made of fields of its own, each with its fields in order. */
  keys(type: string): readonly EntityKey[];
}

export interface EntityKey {
  readonly name: string;
  readonly fields: readonly string[];
}

export function createNames(subgraph: string, supergraph: Supergraph): Names {
  const own = supergraph.subgraphs.filter(({ name }) => name === subgraph);
  const ids = own.map(({ id }) => id);
  const bySource = new Map<string, TypeInfo>();
  for (const type of supergraph.types.values())
    for (const id of ids) {
      const inGraph = type.graphs.get(id);
      if (inGraph !== undefined) bySource.set(inGraph.sourceName, type);
    }
  const keys = new Map<string, readonly EntityKey[]>();
  return {
    subgraph,
    supergraph,
    graphs: new Set(own.map(({ graph }) => graph)),
    root(kind) {
      const name = supergraph.roots[kind];
      return name === undefined ? undefined : supergraph.types.get(name);
    },
    type: (sourceName) => bySource.get(sourceName),
    field(type, sourceName) {
      for (const field of type.fields.values())
        if (ids.some((id) => field.owners.get(id)?.sourceName === sourceName)) return field;
      return type.fields.get(sourceName);
    },
    typeOf: (field) => supergraph.types.get(namedType(field.type)),
    keys(type) {
      const known = keys.get(type) ?? readKeys(supergraph.types.get(type));
      keys.set(type, known);
      return known;
    },
  };
}

function readKeys(type: TypeInfo | undefined): readonly EntityKey[] {
  const found = new Map<string, EntityKey>();
  for (const { lookups } of type?.graphs.values() ?? []) {
    for (const { key, type: of } of lookups) {
      if (of !== type?.name) continue;
      const fields = key.selections.map((node) =>
        node.kind === 'Field' && node.selectionSet === undefined ? node.name.value : undefined,
      );
      if (fields.includes(undefined)) continue;
      const sorted = (fields as string[]).filter((name) => name !== '__typename').toSorted();
      const name = sorted.join(' ');
      found.set(name, { name, fields: sorted });
    }
  }
  return [...found.values()];
}

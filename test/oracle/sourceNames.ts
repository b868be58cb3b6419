import {
  buildASTSchema,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type NamedTypeNode,
  type NameNode,
  parse,
  printSchema,
  visit,
} from 'graphql';
import type { MergedType, Renames } from '../../src/supergraph/Subgraph.ts';

/** Between the names that a subgraph's source has and those that the supergraph has; fields are renamed alike on all types. */
export interface SourceNames {
  /** The source's own schema. */
  readonly schema: GraphQLSchema;
  /** A document in the source's names as one in the supergraph's, with the same response keys. */
  document(source: DocumentNode): DocumentNode;
  variables(source: unknown): unknown;
  /** A reply as the source gives it. */
  reply(value: unknown): unknown;
}

export function sourceNames(schema: GraphQLSchema, renames: Renames): SourceNames {
  const types = new Map(Object.entries(renames.types));
  const fields = fieldNames(renames);
  const typesBack = inverse(types);
  const fieldsBack = inverse(fields);
  const rename = (node: NameNode, names: ReadonlyMap<string, string>): NameNode => ({
    ...node,
    value: names.get(node.value) ?? node.value,
  });
  const named = (names: ReadonlyMap<string, string>) => (node: NamedTypeNode) => ({
    ...node,
    name: rename(node.name, names),
  });
  const written = visit(parse(printSchema(schema), { noLocation: true }), {
    NamedType: named(types),
    FieldDefinition: { leave: (node) => ({ ...node, name: rename(node.name, fields) }) },
    ObjectTypeDefinition: { leave: (node) => ({ ...node, name: rename(node.name, types) }) },
    InterfaceTypeDefinition: { leave: (node) => ({ ...node, name: rename(node.name, types) }) },
    UnionTypeDefinition: { leave: (node) => ({ ...node, name: rename(node.name, types) }) },
    EnumTypeDefinition: { leave: (node) => ({ ...node, name: rename(node.name, types) }) },
    InputObjectTypeDefinition: { leave: (node) => ({ ...node, name: rename(node.name, types) }) },
  });
  return {
    schema: buildASTSchema(written, { assumeValid: true, assumeValidSDL: true }),
    document: (source) =>
      visit(source, {
        NamedType: named(typesBack),
        Field: {
          leave(node) {
            const name = fieldsBack.get(node.name.value);
            if (name === undefined) return undefined;
            return { ...node, alias: node.alias ?? node.name, name: { kind: Kind.NAME, value: name } };
          },
        },
      }),
    variables: (source) => mapObject(source, (key) => fieldsBack.get(key) ?? key, typesBack),
    reply: (value) => mapObject(value, (key) => key, types),
  };
}

/** The same lookup with the names in its templates changed: these are the source's, while all else of it is the supergraph's. */
export function renameTemplates(entry: MergedType, names: ReadonlyMap<string, string>): MergedType {
  const path = (text: string) =>
    text
      .split('.')
      .map((step) => names.get(step) ?? step)
      .join('.');
  const args = Object.entries(entry.args ?? {}).map(([name, value]) => [name, path(String(value))]);
  return {
    ...entry,
    ...(entry.key === undefined ? {} : { key: path(entry.key) }),
    ...(entry.args === undefined ? {} : { args: Object.fromEntries(args) }),
  };
}

/** From a field's name in the supergraph to that at the source. */
export function fieldNames(renames: Renames): ReadonlyMap<string, string> {
  return new Map(Object.entries(renames.fields).map(([name, source]) => [name.split('.')[1] ?? '', source]));
}

export function inverse(names: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...names].map(([name, source]) => [source, name]));
}

function mapObject(value: unknown, key: (name: string) => string, types: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => mapObject(item, key, types));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      key(name),
      name === '__typename' ? (types.get(String(inner)) ?? inner) : mapObject(inner, key, types),
    ]),
  );
}

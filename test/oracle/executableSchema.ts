import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  visit,
} from 'graphql';

export type TypeNode = Extract<DefinitionNode, { readonly kind: `${string}TypeDefinition` }>;

/** Directives that mean something to graphql-js itself. */
const OWN = new Set(['deprecated', 'oneOf', 'specifiedBy']);
const MACHINERY = /^(federation|link|core|join)__|^_(Any|Entity|Service|FieldSet)$|^FieldSet$/;

/** Type definitions with their extensions in them, by name; root types under their default names. */
export function mergeDefinitions(document: DocumentNode): ReadonlyMap<string, TypeNode> {
  const merged = new Map<string, Record<string, unknown>>();
  for (const node of withDefaultRoots(document).definitions) {
    if (!/Type(Definition|Extension)$/.test(node.kind) || !('name' in node) || node.name === undefined) continue;
    const name = node.name.value;
    if (MACHINERY.test(name)) continue;
    const known = merged.get(name);
    if (known === undefined) merged.set(name, { ...node, kind: node.kind.replace('Extension', 'Definition') });
    else
      for (const part of ['fields', 'types', 'values', 'interfaces', 'directives'])
        if (part in node)
          known[part] = [...((known[part] as []) ?? []), ...(((node as never)[part] as [] | undefined) ?? [])];
  }
  return merged as Map<string, unknown> as Map<string, TypeNode>;
}

function withDefaultRoots(document: DocumentNode): DocumentNode {
  const names = new Map<string, string>();
  for (const node of document.definitions)
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
      for (const { operation, type } of node.operationTypes ?? [])
        names.set(type.name.value, `${operation[0]?.toUpperCase()}${operation.slice(1)}`);
  if ([...names].every(([from, to]) => from === to)) return document;
  return visit(document, { Name: (node) => ({ ...node, value: names.get(node.value) ?? node.value }) });
}

/** A subgraph's own schema: without the words of federation, with `_entities` for the object types named. */
export function executableSchema(nodes: ReadonlyMap<string, TypeNode>, entities: readonly string[]): GraphQLSchema {
  const machinery = `
    scalar _Any
    union _Entity = ${entities.join(' | ')}
    extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`;
  const all = mergeDefinitions({
    kind: Kind.DOCUMENT,
    definitions: [
      ...nodes.values(),
      ...parse(nodes.has('Query') ? 'scalar _None' : 'type Query { _: Int }').definitions,
    ],
  });
  const definitions = [...all.values()].map((node) =>
    visit(node as DefinitionNode, {
      Directive: (directive) => (OWN.has(directive.name.value) ? undefined : null),
      FieldDefinition: (field) =>
        field.name.value === '_service' || field.name.value === '_entities' ? null : undefined,
    }),
  );
  const own = entities.length === 0 ? [] : parse(machinery).definitions;
  const query = own.find((node) => node.kind === Kind.OBJECT_TYPE_EXTENSION);
  const complete = definitions.map((node) =>
    query !== undefined && node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === 'Query'
      ? { ...node, fields: [...(node.fields ?? []), ...(query.fields ?? [])] }
      : node,
  );
  const more = own.filter((node) => node !== query);
  return buildASTSchema(
    { kind: Kind.DOCUMENT, definitions: [...complete, ...more] },
    { assumeValid: true, assumeValidSDL: true },
  );
}

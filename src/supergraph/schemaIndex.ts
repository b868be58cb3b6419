import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';

/** One subgraph's types by name, definitions and extensions together. */
export interface SchemaIndex {
  readonly kinds: ReadonlyMap<string, TypeDefinitionNode['kind']>;
  /** Fields of object and interface types, and of input types. */
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, FieldDefinitionNode | InputValueDefinitionNode>>;
  readonly queryType: string;
  readonly rootTypes: ReadonlySet<string>;
}

export function schemaIndex(document: DocumentNode): SchemaIndex {
  const kinds = new Map<string, TypeDefinitionNode['kind']>();
  const fields = new Map<string, Map<string, FieldDefinitionNode | InputValueDefinitionNode>>();
  const roots = new Map([
    ['query', 'Query'],
    ['mutation', 'Mutation'],
    ['subscription', 'Subscription'],
  ]);
  for (const node of document.definitions) {
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) {
      for (const operation of node.operationTypes ?? []) roots.set(operation.operation, operation.type.name.value);
      continue;
    }
    if (!isType(node)) continue;
    kinds.set(node.name.value, node.kind.replace('Extension', 'Definition') as TypeDefinitionNode['kind']);
    if (!('fields' in node)) continue;
    const known = fields.get(node.name.value) ?? new Map();
    for (const field of node.fields ?? []) known.set(field.name.value, field);
    fields.set(node.name.value, known);
  }
  return { kinds, fields, queryType: roots.get('query') ?? 'Query', rootTypes: new Set(roots.values()) };
}

export function isType(node: DocumentNode['definitions'][number]): node is TypeDefinitionNode | TypeExtensionNode {
  return /^(Object|Interface|Union|Enum|Scalar|InputObject)Type(Definition|Extension)$/.test(node.kind);
}

import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';
import { isType, type SchemaIndex, schemaIndex } from './schemaIndex.ts';

/** One subgraph's types with what directives and supertypes say of them, definitions and extensions together. */
export interface SourceIndex extends SchemaIndex {
  readonly nodes: ReadonlyMap<string, readonly (TypeDefinitionNode | TypeExtensionNode)[]>;
  /** Uses of a directive on a type. */
  directives(type: string, name: string): readonly ConstDirectiveNode[];
  /** Object types that a value of the type can have; of an object type itself alone. */
  possible(type: string): readonly string[];
}

export function readSource(document: DocumentNode): SourceIndex {
  const nodes = new Map<string, (TypeDefinitionNode | TypeExtensionNode)[]>();
  for (const node of document.definitions) {
    if (!isType(node)) continue;
    nodes.set(node.name.value, [...(nodes.get(node.name.value) ?? []), node]);
  }
  const index = schemaIndex(document);
  const all = (type: string) => nodes.get(type) ?? [];
  return {
    ...index,
    nodes,
    directives: (type, name) =>
      all(type).flatMap((node) => (node.directives ?? []).filter((directive) => directive.name.value === name)),
    possible(type) {
      switch (index.kinds.get(type)) {
        case Kind.OBJECT_TYPE_DEFINITION:
          return [type];
        case Kind.UNION_TYPE_DEFINITION:
          return all(type).flatMap((node) =>
            ('types' in node ? (node.types ?? []) : []).map((member) => member.name.value),
          );
        case Kind.INTERFACE_TYPE_DEFINITION:
          return [...nodes.keys()].filter(
            (name) =>
              index.kinds.get(name) === Kind.OBJECT_TYPE_DEFINITION &&
              all(name).some(
                (node) => 'interfaces' in node && node.interfaces?.some((above) => above.name.value === type),
              ),
          );
        default:
          return [];
      }
    },
  };
}

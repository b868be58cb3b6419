import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  Kind,
  type NamedTypeNode,
  parse,
  printSchema,
  specifiedScalarTypes,
  type TypeNode,
  visit,
} from 'graphql';

export type IsHidden = (type: string, field: string) => boolean;

/** The text of a client schema, read once for all that is left out of it. */
export function schemaDocument(schema: GraphQLSchema): DocumentNode {
  return parse(printSchema(schema), { noLocation: true });
}

/**
 * A client schema without some fields, and without what only these led to: types without fields, unions without members, what nothing refers to any
 * more. The query type stays, whatever it has.
 */
export function visibleSchema(
  document: DocumentNode,
  { queryType, isHidden }: { readonly queryType: string; readonly isHidden: IsHidden },
): GraphQLSchema {
  let definitions = document.definitions.map((node) => withoutHidden(node, isHidden));
  for (;;) {
    const fewer = withoutEmpty(definitions, queryType);
    if (fewer.length === definitions.length) break;
    definitions = fewer;
  }
  const reached = reachable(definitions, queryType);
  const left = definitions.filter((node) => !isType(node) || reached.has(node.name.value));
  return buildASTSchema({ kind: Kind.DOCUMENT, definitions: left }, { assumeValidSDL: true });
}

function withoutHidden(node: DefinitionNode, isHidden: IsHidden): DefinitionNode {
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return node;
  return { ...node, fields: (node.fields ?? []).filter((field) => !isHidden(node.name.value, field.name.value)) };
}

/** One round: a type that goes takes the fields that give it along, which may have been the last ones of theirs. */
function withoutEmpty(definitions: readonly DefinitionNode[], queryType: string): DefinitionNode[] {
  const empty = new Set(
    definitions.flatMap((node) => (isEmpty(node) && node.name.value !== queryType ? [node.name.value] : [])),
  );
  if (empty.size === 0) return [...definitions];
  const stays = (node: NamedTypeNode) => !empty.has(node.name.value);
  return definitions.flatMap((node): DefinitionNode[] => {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        if (empty.has(node.name.value)) return [];
        return [
          {
            ...node,
            interfaces: (node.interfaces ?? []).filter(stays),
            fields: (node.fields ?? []).filter((field) => stays(named(field.type))),
          },
        ];
      case Kind.UNION_TYPE_DEFINITION:
        return empty.has(node.name.value) ? [] : [{ ...node, types: (node.types ?? []).filter(stays) }];
      case Kind.SCHEMA_DEFINITION:
        return [{ ...node, operationTypes: node.operationTypes.filter(({ type }) => stays(type)) }];
      default:
        return [node];
    }
  });
}

type Composite =
  | Extract<DefinitionNode, { readonly fields?: readonly FieldDefinitionNode[] | undefined }>
  | Extract<DefinitionNode, { readonly kind: Kind.UNION_TYPE_DEFINITION }>;

function isEmpty(node: DefinitionNode): node is Composite {
  if (node.kind === Kind.UNION_TYPE_DEFINITION) return (node.types ?? []).length === 0;
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return false;
  return (node.fields ?? []).length === 0;
}

type Typed = Extract<DefinitionNode, { readonly kind: `${string}TypeDefinition` }>;

function isType(node: DefinitionNode): node is Typed {
  return /TypeDefinition$/.test(node.kind);
}

/** What the root types and the directives lead to; an interface leads to its implementations. */
function reachable(definitions: readonly DefinitionNode[], queryType: string): ReadonlySet<string> {
  const byName = new Map(definitions.flatMap((node) => (isType(node) ? [[node.name.value, node] as const] : [])));
  const implementations = new Map<string, string[]>();
  for (const [name, node] of byName)
    for (const above of 'interfaces' in node ? (node.interfaces ?? []) : [])
      implementations.set(above.name.value, [...(implementations.get(above.name.value) ?? []), name]);
  const found = new Set<string>(specifiedScalarTypes.map(({ name }) => name));
  const open = [queryType, 'Mutation', 'Subscription'];
  const note = (node: DefinitionNode) =>
    visit(node, {
      NamedType: ({ name }) => {
        open.push(name.value);
      },
    });
  for (const node of definitions) if (!isType(node)) note(node);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = byName.get(name);
    if (found.has(name) || node === undefined) continue;
    found.add(name);
    note(node);
    open.push(...(implementations.get(name) ?? []));
  }
  return found;
}

function named(type: TypeNode): NamedTypeNode {
  return type.kind === Kind.NAMED_TYPE ? type : named(type.type);
}

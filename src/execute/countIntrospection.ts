import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  valueFromASTUntyped,
} from 'graphql';

export interface CountedIntrospection {
  readonly schema: GraphQLSchema;
  /** Of one operation, with nothing but introspection. */
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Past it counting ends. */
  readonly most: number;
}

/**
 * Objects that introspection would answer with, or some number past `most`: a few hundred bytes of aliases ask for millions, and the answer is made in one go.
 * What is skipped is counted too. Takes no more steps than `most`.
 */
export function countIntrospection({ schema, document, variables, most }: CountedIntrospection): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  let count = 0;

  const walkSet = (set: SelectionSetNode, source: unknown, type: GraphQLObjectType | undefined): void => {
    for (const node of set.selections) {
      if (count > most) return;
      if (node.kind === Kind.FIELD) walkField(node, source, definitionOf(type, node.name.value));
      else {
        const inner = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
        if (inner !== undefined) walkSet(inner.selectionSet, source, type);
      }
    }
  };
  const walkField = (
    { arguments: given = [], selectionSet }: FieldNode,
    source: unknown,
    field: GraphQLField<unknown, unknown> | undefined,
  ): void => {
    const type = field && getNamedType(field.type);
    if (selectionSet === undefined || field?.resolve === undefined || !isObjectType(type)) return;
    const args = Object.fromEntries(
      given.map(({ name, value }) => [name.value, valueFromASTUntyped(value, { ...variables })]),
    );
    const value = field.resolve(source, args, undefined, { schema } as Parameters<typeof field.resolve>[3]);
    for (const item of itemsOf(value)) {
      count += 1;
      if (count > most) return;
      walkSet(selectionSet, item, type);
    }
  };
  for (const node of document.definitions)
    if (node.kind === Kind.OPERATION_DEFINITION) walkSet(node.selectionSet, undefined, undefined);
  return count;
}

/** Undefined is the type of the operation's root. */
function definitionOf(type: GraphQLObjectType | undefined, name: string): GraphQLField<unknown, unknown> | undefined {
  if (type !== undefined) return type.getFields()[name];
  return [SchemaMetaFieldDef, TypeMetaFieldDef].find((field) => field.name === name);
}

function itemsOf(value: unknown): Iterable<unknown> {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

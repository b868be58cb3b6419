import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What the selections of an operation are read with. */
export interface Reading {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Whether `@skip` and `@include` let it be. */
  readonly isIncluded: (node: SelectionNode) => boolean;
}

/** All selections of one place of the answer. */
export type Level = readonly { readonly set: SelectionSetNode; readonly parent: GraphQLCompositeType }[];

export interface SelectedField {
  readonly node: FieldNode;
  readonly parent: GraphQLCompositeType;
  readonly definition: GraphQLField<unknown, unknown>;
}

export function readFragments(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  return fragments;
}

/** By response key, fragments opened. Fields of introspection are left out. */
export function fieldsAt(level: Level, reading: Reading): ReadonlyMap<string, readonly SelectedField[]> {
  const { schema, fragments, isIncluded } = reading;
  const fields = new Map<string, SelectedField[]>();
  const opened = new Set<string>();
  const read = (set: SelectionSetNode, parent: GraphQLCompositeType): void => {
    for (const node of set.selections) {
      if (!isIncluded(node)) continue;
      if (node.kind === Kind.FIELD) {
        const definition = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
        if (definition === undefined) continue;
        const name = (node.alias ?? node.name).value;
        const known = fields.get(name);
        if (known === undefined) fields.set(name, [{ node, parent, definition }]);
        else known.push({ node, parent, definition });
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      if (fragment === undefined) continue;
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (opened.has(node.name.value)) continue;
        opened.add(node.name.value);
      }
      const type = fragment.typeCondition === undefined ? parent : schema.getType(fragment.typeCondition.name.value);
      if (isCompositeType(type)) read(fragment.selectionSet, type);
    }
  };
  for (const { set, parent } of level) read(set, parent);
  return fields;
}

/** What is selected below fields that meet in one response key. */
export function levelBelow(fields: readonly SelectedField[]): Level {
  return fields.flatMap(({ node, definition }) => {
    const parent = getNamedType(definition.type);
    return node.selectionSet === undefined || !isCompositeType(parent) ? [] : [{ set: node.selectionSet, parent }];
  });
}

/** Whether a selection set has such a field, at whatever depth. */
export function createContains(
  fragments: Reading['fragments'],
  isWanted: (node: FieldNode) => boolean,
): (set: SelectionSetNode) => boolean {
  const known = new Map<SelectionSetNode, boolean>();
  const contains = (set: SelectionSetNode): boolean => {
    const answer = known.get(set);
    if (answer !== undefined) return answer;
    // Fragments of a valid document spread no circle; those of others end here.
    known.set(set, false);
    const found = set.selections.some((node) => {
      if (node.kind === Kind.FIELD)
        return isWanted(node) || (node.selectionSet !== undefined && contains(node.selectionSet));
      const inner =
        node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)?.selectionSet : node.selectionSet;
      return inner !== undefined && contains(inner);
    });
    known.set(set, found);
    return found;
  };
  return contains;
}

/** Reads the conditions of an operation with the variables that the client sent. */
export function createIsIncluded(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Reading['isIncluded'] {
  const holds = ({ arguments: args = [] }: DirectiveNode): boolean => {
    const value = args.find(({ name }) => name.value === 'if')?.value;
    if (value?.kind === Kind.BOOLEAN) return value.value;
    if (value?.kind !== Kind.VARIABLE) return false;
    const name = value.name.value;
    if (Object.hasOwn(variables, name)) return variables[name] === true;
    const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    return definition?.defaultValue?.kind === Kind.BOOLEAN && definition.defaultValue.value;
  };
  return ({ directives = [] }) =>
    directives.every((directive) => {
      if (directive.name.value === 'skip') return !holds(directive);
      return directive.name.value !== 'include' || holds(directive);
    });
}

import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

export interface Executable {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Names of the variables that decide what is selected, and what of it is delivered later; null where nothing is ever delivered later. */
export function conditionVariables({ operation, fragments }: Executable): readonly string[] | null {
  const names = new Set<string>();
  let isIncremental = false;
  const seen = new Set<string>();
  const walk = (set: SelectionSetNode) => {
    for (const node of set.selections) {
      for (const directive of node.directives ?? []) {
        if (!CONDITIONS.has(directive.name.value)) continue;
        const value = condition(directive);
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
        if (isLater(directive) && !(value?.kind === Kind.BOOLEAN && !value.value)) isIncremental = true;
      }
      const inner = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      if (node.kind === Kind.FRAGMENT_SPREAD && seen.has(node.name.value)) continue;
      if (node.kind === Kind.FRAGMENT_SPREAD) seen.add(node.name.value);
      if (inner?.selectionSet !== undefined) walk(inner.selectionSet);
    }
  };
  walk(operation.selectionSet);
  return isIncremental ? [...names].sort() : null;
}

/**
 * The operation as it reads with these values: nothing is skipped or included by a variable any more, and each `@defer` and `@stream` that is left is meant.
 * Which part of the answer a field belongs to can then be said at planning.
 */
export function resolveConditions(
  { operation, fragments }: Executable,
  variables: Readonly<Record<string, unknown>>,
): Executable {
  const given = (directive: DirectiveNode): unknown => {
    const value = condition(directive);
    return value?.kind === Kind.VARIABLE
      ? variables[value.name.value]
      : value?.kind === Kind.BOOLEAN
        ? value.value
        : undefined;
  };
  const reduce = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((node): SelectionNode[] => {
      const isLeftOut = (node.directives ?? []).some(
        (directive) =>
          SELECTING.has(directive.name.value) && (given(directive) === true) !== (directive.name.value === 'include'),
      );
      if (isLeftOut) return [];
      const directives = (node.directives ?? []).filter(
        (directive) => isLater(directive) && given(directive) !== false,
      );
      if (node.kind === Kind.FRAGMENT_SPREAD) return [{ ...node, directives }];
      if (node.kind === Kind.INLINE_FRAGMENT) return [{ ...node, directives, selectionSet: reduce(node.selectionSet) }];
      if (node.selectionSet === undefined) return [{ ...node, directives }];
      return [{ ...node, directives, selectionSet: reduce(node.selectionSet) }];
    }),
  });
  return {
    operation: { ...operation, selectionSet: reduce(operation.selectionSet) },
    fragments: new Map(
      [...fragments].map(([name, node]) => [name, { ...node, selectionSet: reduce(node.selectionSet) }]),
    ),
  };
}

const SELECTING = new Set(['skip', 'include']);
const CONDITIONS = new Set(['skip', 'include', 'defer', 'stream']);

function isLater({ name }: DirectiveNode): boolean {
  return name.value === 'defer' || name.value === 'stream';
}

function condition(directive: DirectiveNode) {
  return directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
}

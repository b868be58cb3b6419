import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Field } from './Selection.ts';

/** The operation's `__schema` and `__type` fields alone, or null where it has none. graphql-js answers them from the client schema. */
export function introspectionDocument(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  fields: readonly Field[],
): DocumentNode | null {
  if (!fields.some((field) => field.name === '__schema' || field.name === '__type')) return null;
  const reduce = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((node): SelectionNode[] => {
      if (node.kind === Kind.FIELD)
        return node.name.value === '__schema' || node.name.value === '__type' ? [atOnce(node)] : [];
      const inner = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (inner === undefined) return [];
      const selectionSet = reduce(inner.selectionSet);
      if (selectionSet.selections.length === 0) return [];
      return [{ kind: Kind.INLINE_FRAGMENT, selectionSet, directives: atOnce(node).directives ?? [] }];
    }),
  });
  const reduced: OperationDefinitionNode = { ...operation, selectionSet: reduce(operation.selectionSet) };
  return { kind: Kind.DOCUMENT, definitions: [reduced, ...[...fragments.values()].map(atOnce)] };
}

/** The gateway knows its schema: nothing of it has to be waited for. */
function atOnce<Node extends ASTNode>(node: Node): Node {
  return visit(node, {
    Directive: ({ name }) => (name.value === 'defer' || name.value === 'stream' ? null : undefined),
  }) as Node;
}

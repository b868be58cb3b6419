import { type ASTNode, type DocumentNode, Kind, print, type SelectionNode, visit } from 'graphql';

const TYPENAME: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** Whether a smaller case is valid and still fails. */
export type Fails = (document: DocumentNode) => Promise<boolean>;

/** The smallest document that still fails which can be had by leaving out one thing at a time. */
export async function shrinkOperation(document: DocumentNode, fails: Fails, until: number): Promise<DocumentNode> {
  let smallest = document;
  for (;;) {
    let smaller: DocumentNode | undefined;
    for (const candidate of candidates(smallest)) {
      if (Date.now() > until) return smallest;
      if (print(candidate) === print(smallest)) continue;
      if (await fails(candidate)) {
        smaller = candidate;
        break;
      }
    }
    if (smaller === undefined) return smallest;
    smallest = smaller;
  }
}

function* candidates(document: DocumentNode): Generator<DocumentNode> {
  let count = 0;
  visit(document, {
    SelectionSet(node) {
      count += node.selections.length;
    },
  });
  for (let n = 0; n < count; n += 1) {
    yield withoutUnused(editSelection(document, n, () => []));
    yield withoutUnused(editSelection(document, n, (node) => unwrapped(node, document)));
  }
  for (let n = 0; n < count; n += 1) {
    yield withoutUnused(editSelection(document, n, (node) => [{ ...node, directives: [] }]));
    yield withoutUnused(
      editSelection(document, n, (node) => (node.kind === Kind.FIELD ? [{ ...node, arguments: [] }] : [node])),
    );
    yield withoutUnused(
      editSelection(document, n, (node) => (node.kind === Kind.FIELD ? [{ ...node, alias: undefined }] : [node])),
    );
  }
}

/** A fragment's own selections in its place. */
function unwrapped(node: SelectionNode, document: DocumentNode): readonly SelectionNode[] {
  if (node.kind === Kind.INLINE_FRAGMENT) return node.selectionSet.selections;
  if (node.kind !== Kind.FRAGMENT_SPREAD) return [node];
  const fragment = document.definitions.find(
    (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === node.name.value,
  );
  if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return [];
  const { typeCondition, selectionSet } = fragment;
  return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet, directives: node.directives ?? [] }];
}

/** Replaces the n-th selection of the document. */
function editSelection(
  document: DocumentNode,
  n: number,
  edit: (node: SelectionNode) => readonly SelectionNode[],
): DocumentNode {
  let at = 0;
  return visit(document, {
    SelectionSet: {
      enter(node) {
        const first = at;
        at += node.selections.length;
        if (n < first || n >= at) return undefined;
        const selections = node.selections.flatMap((one, index) => (first + index === n ? edit(one) : [one]));
        return { ...node, selections: selections.length === 0 ? [TYPENAME] : selections };
      },
    },
  });
}

function withoutUnused(document: DocumentNode): DocumentNode {
  const spreads = new Set<string>();
  const variables = new Set<string>();
  const note = {
    FragmentSpread: (node: { readonly name: { readonly value: string } }) => void spreads.add(node.name.value),
    VariableDefinition: () => false as const,
    Variable: (node: { readonly name: { readonly value: string } }) => void variables.add(node.name.value),
  };
  visit(document as ASTNode, note);
  const kept = document.definitions.filter(
    (node) => node.kind !== Kind.FRAGMENT_DEFINITION || spreads.has(node.name.value),
  );
  if (kept.length < document.definitions.length) return withoutUnused({ ...document, definitions: kept });
  return {
    ...document,
    definitions: kept.map((node) =>
      node.kind === Kind.OPERATION_DEFINITION
        ? {
            ...node,
            variableDefinitions: (node.variableDefinitions ?? []).filter((one) =>
              variables.has(one.variable.name.value),
            ),
          }
        : node,
    ),
  };
}

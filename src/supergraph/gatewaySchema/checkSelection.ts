import { Kind, type SelectionSetNode, type TypeNode } from 'graphql';
import { closestName } from '../../lib/closestName.ts';
import { parseFieldSet } from '../parseFieldSet.ts';
import type { GraphDocument } from './readGraphDocument.ts';

/** A field set as it is written into a document, or what is wrong with it: syntax, fields that the graph does not have. */
export function checkSelection(
  text: string,
  type: string,
  graph: GraphDocument,
): { readonly selection: SelectionSetNode } | { readonly problem: string } {
  let selection: SelectionSetNode;
  try {
    selection = parseFieldSet(text);
  } catch (error) {
    return { problem: `"${text}" is no selection set: ${error instanceof Error ? error.message : String(error)}` };
  }
  const problem = problemOf(selection, type, graph);
  return problem === undefined ? { selection } : { problem };
}

function problemOf(set: SelectionSetNode, type: string, graph: GraphDocument): string | undefined {
  for (const node of set.selections) {
    if (node.kind === Kind.FRAGMENT_SPREAD) return `Expected fields, found the fragment "${node.name.value}".`;
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const inner = node.typeCondition?.name.value ?? type;
      if (!graph.types.has(inner)) return `No type "${inner}" is in the graph.`;
      const problem = problemOf(node.selectionSet, inner, graph);
      if (problem !== undefined) return problem;
      continue;
    }
    const name = node.name.value;
    if (node.alias !== undefined) return `Expected "${name}" without an alias.`;
    if (name === '__typename') continue;
    const field = graph.fieldOf(type, name);
    if (field === undefined) {
      const known = graph.types.get(type);
      const names =
        known !== undefined && 'fields' in known ? (known.fields ?? []).map((entry) => entry.name.value) : [];
      const meant = closestName(name, names);
      return `"${type}" has no field "${name}"${meant === undefined ? '.' : `; did you mean "${meant}"?`}`;
    }
    if (node.selectionSet !== undefined) {
      const problem = problemOf(node.selectionSet, namedTypeOf(field.type), graph);
      if (problem !== undefined) return problem;
    } else if (isComposite(namedTypeOf(field.type), graph)) return `"${type}.${name}" needs a selection of its own.`;
  }
  return undefined;
}

export function isComposite(type: string, { types }: Pick<GraphDocument, 'types'>): boolean {
  const kind = types.get(type)?.kind;
  return (
    kind === Kind.OBJECT_TYPE_DEFINITION ||
    kind === Kind.INTERFACE_TYPE_DEFINITION ||
    kind === Kind.UNION_TYPE_DEFINITION
  );
}

export function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

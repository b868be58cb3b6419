import { Kind, parse, type SelectionSetNode } from 'graphql';

/** Text of a field set such as `id org { id }` as a selection set. */
export function parseFieldSet(text: string): SelectionSetNode {
  const trimmed = text.trim();
  const definition = parse(trimmed.startsWith('{') ? trimmed : `{ ${trimmed} }`, { noLocation: true }).definitions[0];
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`Expected a field set, found "${text}".`);
  return definition.selectionSet;
}

import { Kind, type SelectionSetNode } from 'graphql';
import { parseFieldSet } from './parseFieldSet.ts';

/** A key with its fields in the order of their names, so that equal keys are equal texts; what is no field set stays as it is. */
export function normalKey(text: string): string {
  try {
    return print(parseFieldSet(text));
  } catch {
    return text;
  }
}

function print({ selections }: SelectionSetNode): string {
  return selections
    .flatMap((node) => (node.kind === Kind.FIELD ? [node] : []))
    .sort((a, b) => (a.name.value < b.name.value ? -1 : 1))
    .map(({ name, selectionSet }) =>
      selectionSet === undefined ? name.value : `${name.value} { ${print(selectionSet)} }`,
    )
    .join(' ');
}

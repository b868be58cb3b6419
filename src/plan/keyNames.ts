import { Kind, type SelectionSetNode } from 'graphql';
import type { Lookup, Supergraph } from '../supergraph/Supergraph.ts';
import { childTypeName, sourceFieldName } from './ownership.ts';

/** A key's fields in the source's names, sorted; with what is selected of each, null where it is a leaf. */
export type KeyNames = readonly (readonly [name: string, below: KeyNames | null])[];

export function keyNames({ key, type, graph }: Lookup, supergraph: Supergraph): KeyNames {
  const walk = ({ selections }: SelectionSetNode, on: string): KeyNames =>
    selections
      .flatMap((node) => (node.kind === Kind.FIELD && node.name.value !== '__typename' ? [node] : []))
      .map(({ name: { value: field }, selectionSet }): KeyNames[number] => [
        sourceFieldName(supergraph, on, field, graph) ?? field,
        selectionSet === undefined ? null : walk(selectionSet, childTypeName(supergraph, on, field)),
      ])
      .sort(([one], [other]) => (one < other ? -1 : 1));
  return walk(key, type);
}

import { Kind, print } from 'graphql';
import { parseFieldSet } from '../supergraph/parseFieldSet.ts';
import type { MergedType, SubgraphDefinition } from '../supergraph/Subgraph.ts';

/** The merge configuration in the names of the source's own spec, with the subgraph's renames undone. */
export function sourceMerge({ merge, renames }: SubgraphDefinition): SubgraphDefinition['merge'] {
  if (merge === undefined || renames === undefined) return merge;
  const field = (type: string, name: string) => renames.fields[`${type}.${name}`] ?? name;
  const undone = (type: string, entry: MergedType): MergedType => ({
    ...entry,
    fieldName: field('Query', entry.fieldName),
    selectionSet: print({
      ...parseFieldSet(entry.selectionSet),
      selections: parseFieldSet(entry.selectionSet).selections.map((selection) =>
        selection.kind === Kind.FIELD
          ? { ...selection, name: { ...selection.name, value: field(type, selection.name.value) } }
          : selection,
      ),
    }),
  });
  return Object.fromEntries(
    Object.entries(merge).map(([type, entries]) => [
      renames.types[type] ?? type,
      entries.map((entry) => undone(type, entry)),
    ]),
  );
}

import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** The fields of one name of the answer, in selection sets that are merged. */
interface Merged {
  count: number;
  readonly sets: SelectionSetNode[];
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * How many steps the rule that fields of one name can be merged takes at most: it begins at each selection set, and looks at each pair of fields of
 * one name and at all below them, which grows with the square of what repeats. Counting ends past `most`. No recursion: fragments that nobody
 * has checked may spread themselves.
 */
export function countComparisons(document: DocumentNode, most: number): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  let steps = 0;
  for (const start of selectionSetsOf(document)) {
    const groups: (readonly SelectionSetNode[])[] = [[start]];
    for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
      const merged = new Map<string, Merged>();
      steps += collectFields(group, { fragments, merged, most: most - steps });
      for (const { count, sets } of merged.values()) {
        steps += (count * (count - 1)) / 2;
        if (sets.length > 0) groups.push(sets);
      }
      if (steps > most) return steps;
    }
  }
  return steps;
}

/** Returns how many selections it has seen. */
function collectFields(
  group: readonly SelectionSetNode[],
  {
    fragments,
    merged,
    most,
  }: { readonly fragments: Fragments; readonly merged: Map<string, Merged>; readonly most: number },
): number {
  const open = [...group];
  const spread = new Set<string>();
  let seen = 0;
  for (let set = open.pop(); set !== undefined && seen <= most; set = open.pop()) {
    seen += set.selections.length;
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = spread.has(selection.name.value) ? undefined : fragments.get(selection.name.value);
        spread.add(selection.name.value);
        if (fragment !== undefined) open.push(fragment.selectionSet);
      } else {
        const name = (selection.alias ?? selection.name).value;
        const fields = merged.get(name) ?? { count: 0, sets: [] };
        merged.set(name, fields);
        fields.count += 1;
        if (selection.selectionSet !== undefined) fields.sets.push(selection.selectionSet);
      }
    }
  }
  return seen;
}

/** Those of operations and fragments, and all inside. */
function selectionSetsOf(document: DocumentNode): readonly SelectionSetNode[] {
  const sets = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION
      ? [definition.selectionSet]
      : [],
  );
  // Grows while it is walked.
  for (const set of sets)
    for (const selection of set.selections)
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet !== undefined)
        sets.push(selection.selectionSet);
  return sets;
}

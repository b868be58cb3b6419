import { Kind, parse } from 'graphql';
import type { SubgraphDefinition } from '../../supergraph/Subgraph.ts';

/** The fields (`Type.field`) by which `merge` joins. Neither OpenAPI nor proto has a type `ID`: strings among these become one. */
export function readKeyFields(merge: SubgraphDefinition['merge']): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const [type, lookups] of Object.entries(merge ?? {})) {
    for (const { selectionSet } of lookups) {
      for (const name of topFields(selectionSet)) {
        fields.add(`${type}.${name}`);
      }
    }
  }
  return fields;
}

/** What is not a selection set is for the composition to report. */
function topFields(selectionSet: string): readonly string[] {
  try {
    const [operation] = parse(selectionSet, { noLocation: true }).definitions;
    const selections = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
    return selections.flatMap((node) => (node.kind === Kind.FIELD ? [node.name.value] : []));
  } catch {
    return [];
  }
}

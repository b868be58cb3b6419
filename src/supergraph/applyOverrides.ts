import type { FieldInfo, Supergraph, TypeInfo } from './Supergraph.ts';

/** The labels of all `@override(from:, label:)`, in the order of their names. */
export function overrideLabels(types: Supergraph['types']): readonly string[] {
  const owners = [...types.values()].flatMap(({ fields }) => [...fields.values()].flatMap(ownersOf));
  return [...new Set(owners.flatMap(({ override }) => override?.label ?? []))].sort();
}

/** The supergraph as it is while exactly these labels are active: each labelled field has its old owner or its new one. */
export function applyOverrides(supergraph: Supergraph, active: ReadonlySet<string>): Supergraph {
  if (supergraph.overrideLabels.length === 0) return supergraph;
  const types = [...supergraph.types].map(([name, info]) => {
    if (![...info.fields.values()].some((field) => ownersOf(field).some(({ override }) => override !== undefined)))
      return [name, info] as const;
    const fields = [...info.fields].map(
      ([key, field]) => [key, { ...field, owners: activeOwners(field, info, active) }] as const,
    );
    return [name, { ...info, fields: new Map(fields) }] as const;
  });
  return { ...supergraph, types: new Map(types) };
}

/** A key stays readable where it is the key of: else an entity could not be followed to the field's new owner. */
function activeOwners(field: FieldInfo, { graphs }: TypeInfo, active: ReadonlySet<string>): FieldInfo['owners'] {
  return new Map(
    [...field.owners].filter(
      ([graph, { override }]) =>
        override === undefined ||
        active.has(override.label) === override.when ||
        graphs.get(graph)?.keyFields.has(field.name) === true,
    ),
  );
}

function ownersOf(field: FieldInfo) {
  return [...field.owners.values()];
}

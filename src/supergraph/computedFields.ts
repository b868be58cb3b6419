import type { SubgraphDefinition } from './Subgraph.ts';

/** By `Type.field`: what goes along with the key when the field is asked for, as directives or the configuration say it. */
export function computedFields({ computed = {}, merge = {} }: SubgraphDefinition): Readonly<Record<string, string>> {
  const configured = Object.entries(merge).flatMap(([type, entries]) =>
    entries.flatMap(({ fields = {} }) =>
      Object.entries(fields).map(([field, { selectionSet }]) => [`${type}.${field}`, selectionSet] as const),
    ),
  );
  return { ...Object.fromEntries(configured), ...computed };
}

import type { MergedType, SubgraphDefinition } from '../../supergraph/Subgraph.ts';

/** A single lookup (`stock(upc:)`) and the batch lookup (`stocks(upcs:)`) that answers many of it at once. */
export interface LookupPair {
  readonly typeName: string;
  readonly field: string;
  readonly argument: string;
  /** The field of the type by which replies are matched. */
  readonly key: string;
  readonly batchField: string;
  readonly maxBatchSize: number | undefined;
  batchArguments(keys: readonly unknown[]): Readonly<Record<string, unknown>>;
}

/** The pairs in a subgraph's merge configuration, by the single field. Only lookups by one plain key field can be paired. */
export function pairLookups(merge: SubgraphDefinition['merge']): ReadonlyMap<string, LookupPair> {
  const pairs = new Map<string, LookupPair>();
  for (const [typeName, lookups] of Object.entries(merge ?? {})) {
    for (const single of lookups) {
      const lookup = singleKey(single);
      const batch = lookups.find(({ argsFromKeys, key }) => argsFromKeys !== undefined && key === lookup?.key);
      if (lookup === undefined || batch?.argsFromKeys === undefined) {
        continue;
      }
      const template = batch.argsFromKeys;
      pairs.set(single.fieldName, {
        typeName,
        field: single.fieldName,
        ...lookup,
        batchField: batch.fieldName,
        maxBatchSize: batch.maxBatchSize,
        batchArguments: (keys) =>
          Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fillIn(value, keys)])),
      });
    }
  }
  return pairs;
}

function singleKey({ args }: MergedType): { readonly argument: string; readonly key: string } | undefined {
  const [first, ...rest] = Object.entries(args ?? {});
  const match = typeof first?.[1] === 'string' ? /^\$key\.(\w+)$/.exec(first[1]) : null;
  return first === undefined || rest.length > 0 || match?.[1] === undefined
    ? undefined
    : { argument: first[0], key: match[1] };
}

function fillIn(template: unknown, keys: readonly unknown[]): unknown {
  if (template === '$keys') {
    return keys;
  }
  if (Array.isArray(template)) {
    return template.map((item) => fillIn(item, keys));
  }
  return typeof template === 'object' && template !== null
    ? Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fillIn(value, keys)]))
    : template;
}

import { Kind, type SelectionSetNode } from 'graphql';
import { parseFieldSet } from '../../src/supergraph/parseFieldSet.ts';
import type { MergedType } from '../../src/supergraph/Subgraph.ts';
import type { Thing } from './createStore.ts';

type Find = (key: SelectionSetNode, values: Readonly<Record<string, unknown>>) => Thing | undefined;

const sets = new Map<string, SelectionSetNode>();

/**
 * What a root field that looks entities up answers to these arguments. A batch comes by position where the subgraph says so,
 * else in reverse, and without what there is not: the gateway has to match it.
 */
export function lookUp(entry: MergedType, args: Readonly<Record<string, unknown>>, find: Find): unknown {
  const key = sets.get(entry.selectionSet) ?? parseFieldSet(entry.selectionSet);
  sets.set(entry.selectionSet, key);
  if (entry.argsFromKeys === undefined) return find(key, keyIn(entry.args, args)) ?? null;
  const keys = keysIn(entry.argsFromKeys, args) ?? [];
  const { key: part } = entry;
  const things = keys.map((one) => find(key, part === undefined ? partOf(one, key) : { [part]: one }));
  if (entry.reply === 'positional') return things.map((thing) => thing ?? null);
  return things.filter((thing) => thing !== undefined).toReversed();
}

/** What names the entity, without what goes along for computed fields. */
function partOf(object: unknown, { selections }: SelectionSetNode): Record<string, unknown> {
  const names = selections.flatMap((node) => (node.kind === Kind.FIELD ? node.name.value : []));
  return Object.fromEntries(names.map((name) => [name, (object as Record<string, unknown>)[name]]));
}

/** The value that stands where the template has `$keys`. */
function keysIn(template: unknown, value: unknown): readonly unknown[] | undefined {
  if (template === '$keys') return Array.isArray(value) ? value : [];
  if (typeof template !== 'object' || template === null) return undefined;
  for (const [name, inner] of Object.entries(template)) {
    const found = keysIn(inner, (value as Record<string, unknown> | null | undefined)?.[name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A key of the values that stand where the template has `$key.<path>`. */
function keyIn(template: unknown, value: unknown, key: Record<string, unknown> = {}): Record<string, unknown> {
  if (typeof template === 'string' && template.startsWith('$key.')) {
    const path = template.split('.').slice(1);
    let at = key;
    for (const step of path.slice(0, -1)) {
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
    at[path.at(-1) as string] = value;
  } else if (typeof template === 'object' && template !== null)
    for (const [name, inner] of Object.entries(template))
      keyIn(inner, (value as Record<string, unknown> | null | undefined)?.[name], key);
  return key;
}

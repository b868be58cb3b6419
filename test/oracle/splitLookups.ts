import type { MergedType } from '../../src/supergraph/Subgraph.ts';
import { addField, type SubgraphDraft, type TypeDraft, typeIn } from './Draft.ts';
import { newName, type Split } from './Split.ts';

/** Gives a subgraph root fields by which its entities are looked up, one by one or in batches, instead of `_entities`. */
export function addLookups(split: Split, subgraph: SubgraphDraft): void {
  const types = [...subgraph.types.values()];
  // Requirements and interface objects need `_entities`.
  const needs = (type: TypeDraft) =>
    type.directives.has('@interfaceObject') ||
    (type.keyword === 'interface' && type.directives.size > 0) ||
    [...type.fields.values()].some(({ directives }) => [...directives].some((one) => one.startsWith('@requires')));
  if (types.some(needs)) return;
  const merge: Record<string, MergedType[]> = {};
  for (const type of types) {
    const keys = [...type.directives].flatMap((one) => /^@key\(fields: "([^"]*)"\)$/.exec(one)?.[1] ?? []);
    if (keys.length > 0) merge[type.name] = keys.map((key) => lookup(split, subgraph, type.name, key));
  }
  if (Object.keys(merge).length > 0) subgraph.merge = merge;
}

function lookup(split: Split, subgraph: SubgraphDraft, type: string, key: string): MergedType {
  const { random } = split;
  const fieldName = newName(split, 'l');
  const query = typeIn(subgraph, 'Query');
  // A type that takes something from above must not be reached from the root by clients.
  const directives = type.startsWith('C') || random.chance(0.3) ? ['@inaccessible'] : [];
  const paths = leaves(key);
  const [path, second] = paths;
  if (path !== undefined && second === undefined && random.chance(0.6)) {
    addField(query, fieldName, `(keys: [ID!]!)[${type}]!`, ...directives);
    const batch = { selectionSet: `{ ${key} }`, fieldName, key: path, argsFromKeys: { keys: '$keys' } };
    const positional = random.chance(0.5) ? { reply: 'positional' as const } : {};
    return { ...batch, ...positional, ...(random.chance(0.5) ? { maxBatchSize: random.int(1, 3) } : {}) };
  }
  const names = paths.map((one) => one.replaceAll('.', '_'));
  addField(query, fieldName, `(${names.map((name) => `${name}: ID!`).join(', ')})${type}`, ...directives);
  const args = Object.fromEntries(paths.map((one, index) => [names[index], `$key.${one}`]));
  return { selectionSet: `{ ${key} }`, fieldName, args };
}

/** Paths of a key: `id at { x }` gives `id` and `at.x`. */
function leaves(key: string): string[] {
  const found: string[] = [];
  const path: string[] = [];
  const words = key.match(/\w+|[{}]/g) ?? [];
  for (const [index, word] of words.entries()) {
    if (word === '{') path.push(words[index - 1] as string);
    else if (word === '}') path.pop();
    else if (words[index + 1] !== '{') found.push([...path, word].join('.'));
  }
  return found;
}

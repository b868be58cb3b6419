import { addField, type FieldDraft, type SubgraphDraft, typeIn } from './Draft.ts';
import { type Entity, leaf, newName, type Split, withNames } from './Split.ts';

/** A field that is computed from what other subgraphs have, in the words of a subgraph without `_entities`: `@require` and `@computed`. */
export function addRequired(split: Split, subgraph: SubgraphDraft): void {
  const { random } = split;
  if (subgraph.words === 'configuration' || subgraph.merge === null) return;
  const entity = random.pick(split.entities);
  if (!entity.homes.includes(subgraph) || subgraph.merge[entity.name] === undefined) return;
  const needed = random.shuffle(leavesElsewhere(subgraph, entity)).slice(0, random.int(1, 2));
  if (needed.length === 0) return;
  const name = newName(split, 'r');
  const of = leaf(split, subgraph);
  const type = typeIn(subgraph, entity.name);
  for (const { type: given } of needed) withNames(split, subgraph, given);
  if (subgraph.words === 'composite') {
    const args = needed.map(
      ({ name: from, type: given }, n) => `in${n}: ${nullable(given)} @require(field: "${from}")`,
    );
    addField(type, name, `(${[...args, ...(random.chance(0.3) ? ['x: Int = 2'] : [])].join(', ')})${of}`);
    return;
  }
  const entries = subgraph.merge[entity.name] ?? [];
  // What is given whole is the one key that the type declares.
  if (entries.length > 1 || entries.some(({ selectionSet }) => !/^\{ \w+ \}$/.test(selectionSet))) return;
  addField(type, name, of, `@computed(selectionSet: "{ ${needed.map((one) => one.name).join(' ')} }")`);
  subgraph.merge[entity.name] = entries.map(({ selectionSet, fieldName }) => {
    const key = selectionSet.replace(/\W/g, '');
    const input = typeIn(subgraph, newName(split, 'In'), 'input');
    addField(input, key, 'ID!');
    for (const one of needed) addField(input, one.name, nullable(one.type));
    const query = typeIn(subgraph, 'Query');
    query.fields.delete(fieldName);
    addField(query, fieldName, `(keys: [${input.name}!]!)[${entity.name}]!`);
    return { selectionSet, fieldName, argsFromKeys: { keys: '$keys' } };
  });
}

/** Leaves of the entity that another subgraph alone has. */
function leavesElsewhere(subgraph: SubgraphDraft, entity: Entity): { readonly name: string; readonly type: string }[] {
  return entity.fields.flatMap(({ name, home, isLeaf, isArgument }) => {
    const own: FieldDraft | undefined = typeIn(home, entity.name).fields.get(name);
    const isHere = typeIn(subgraph, entity.name).fields.has(name);
    // What is an argument's type, too, has to have the same values everywhere.
    if (!isLeaf || isArgument || home === subgraph || isHere || own === undefined || /E0/.test(own.type)) return [];
    return own.directives.size > 0 ? [] : [{ name, type: own.type }];
  });
}

function nullable(type: string): string {
  return type.replace(/!$/, '');
}

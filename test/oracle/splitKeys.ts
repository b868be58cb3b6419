import { addField, type SubgraphDraft, typeIn } from './Draft.ts';
import { type Entity, leaf, newName, type Split, withNames } from './Split.ts';

/** Keys by which each home is reached from each other one, by turns of different kinds. */
export function addKeys(split: Split, entity: Entity): void {
  const { random } = split;
  const { homes } = entity;
  const pattern =
    homes.length === 1
      ? 'single'
      : random.pick([
          'single',
          'several',
          'chain',
          'chain',
          'compound',
          'nested',
          'nested',
          'several',
          'compound',
          'computed',
          'several',
          'compound',
          'chain',
          'single',
        ]);
  if (pattern === 'chain') {
    for (const [index, home] of homes.entries()) {
      if (index > 0) key(home, entity, [`k${index}`]);
      key(home, entity, [`k${index + 1}`]);
    }
    entity.stubKeys = homes.map((_, index) => `k${index + 1}`);
    return;
  }
  for (const home of homes) key(home, entity, ['id']);
  if (pattern === 'several') for (const home of random.some(homes, 0.6)) key(home, entity, ['sku']);
  const last = homes.at(-1);
  const others = homes.slice(0, -1);
  if (last === undefined || others.length === 0) return;
  if (pattern === 'compound') {
    only(last, entity, 'k1 k2');
    for (const name of ['k1', 'k2']) {
      addField(typeIn(last, entity.name), name, 'ID!');
      addField(typeIn(random.pick(others), entity.name), name, 'ID!', '@shareable');
    }
  }
  if (pattern === 'nested') {
    const part = `K${entity.name}`;
    const nested = random.pick(['at { x y }', 'at { z { x } y }', 'id at { y }']);
    only(last, entity, nested);
    const other = random.pick(others);
    for (const home of [last, other]) {
      const type = typeIn(home, part);
      type.directives.add('@shareable');
      addField(type, 'x', 'ID!');
      addField(type, 'y', 'ID!');
      if (nested.includes('z')) addField(type, 'z', part);
      addField(typeIn(home, entity.name), 'at', part, ...(home === last ? [] : ['@shareable']));
    }
    if (split.features.requires && random.chance(0.5)) {
      // What is required lies in the object that is the key, where only the other subgraph has it.
      const of = random.pick(['Int', 'Int!']);
      addField(typeIn(other, part), 'more', of);
      addField(typeIn(last, part), 'more', of, '@external');
      const set = random.pick(['at { more }', 'at { more x }', 'at { more } __typename']);
      addField(typeIn(last, entity.name), newName(split, 'r'), leaf(split, last), `@requires(fields: "${set}")`);
    }
  }
  if (pattern === 'computed' && split.features.requires) {
    // A key that has to be computed from what another subgraph has.
    const [first] = others;
    if (first === undefined || homes.length < 3) return;
    const between = others[1] as SubgraphDraft;
    const base = newName(split, 'f');
    addField(typeIn(first, entity.name), base, withNames(split, first, 'String'));
    addField(typeIn(between, entity.name), base, 'String', '@external');
    addField(typeIn(between, entity.name), 'code', 'ID!', `@requires(fields: "${base}")`, '@shareable');
    only(last, entity, 'code');
    addField(typeIn(last, entity.name), 'code', 'ID!');
  }
}

function key(home: SubgraphDraft, entity: Entity, fields: readonly string[]): void {
  const type = typeIn(home, entity.name);
  type.directives.add(`@key(fields: "${fields.join(' ')}")`);
  for (const field of fields) addField(type, field, 'ID!');
}

/** From now on the subgraph is entered by this key alone, and left by the entity's id. */
function only(home: SubgraphDraft, entity: Entity, fields: string): void {
  const type = typeIn(home, entity.name);
  type.directives.delete('@key(fields: "id")');
  type.directives.add('@key(fields: "id", resolvable: false)').add(`@key(fields: "${fields}")`);
}

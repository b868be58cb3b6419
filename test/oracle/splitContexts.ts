import { addField, type SubgraphDraft, typeIn } from './Draft.ts';
import { type Entity, leaf, newName, type Split, withNames, wrap } from './Split.ts';

/**
 * A type that is reached only below an entity, with a field that takes an argument from there: `@context` and `@fromContext`.
 * On the way there may be a value object or another subgraph.
 */
export function addContext(split: Split): void {
  const { random } = split;
  const entity = random.pick(split.entities);
  const [home, other = home] = random.shuffle(entity.homes);
  const given = home === undefined ? undefined : leafOf(split, home, entity);
  if (home === undefined || other === undefined || given === undefined) return;
  const type = typeIn(home, entity.name);
  const context = newName(split, 'ctx');
  type.directives.add(`@context(name: "${context}")`);
  const below = newName(split, 'C');
  for (const subgraph of new Set([home, other])) {
    const one = typeIn(subgraph, below);
    one.directives.add('@key(fields: "id")');
    addField(one, 'id', 'ID!');
    addField(one, newName(split, 'f'), leaf(split, subgraph));
  }
  const contextual = typeIn(home, below);
  for (let n = random.int(1, 2); n > 0; n -= 1) {
    const { name, type: of } = n === 1 ? given : (leafOf(split, home, entity) ?? given);
    const more = random.chance(0.4) ? ', x: Int = 2' : '';
    const argument = `in: ${of.replace(/!$/, '')} @fromContext(field: "$${context} { ${name} }")`;
    addField(contextual, newName(split, 'g'), `(${argument}${more})${leaf(split, home)}`);
  }
  if (random.chance(0.3)) addField(contextual, newName(split, 'f'), wrap(split, below));
  if (random.chance(0.3)) addField(contextual, newName(split, 'f'), wrap(split, entity.name));
  lead(split, { from: entity, via: random.pick([home, other]), to: below });
}

/** How the type is reached from the entity. */
function lead(
  split: Split,
  { from, via, to }: { readonly from: Entity; readonly via: SubgraphDraft; readonly to: string },
): void {
  const { random } = split;
  const entity = typeIn(via, from.name);
  const name = newName(split, 'f');
  if (random.chance(0.6)) {
    addField(entity, name, wrap(split, to));
    return;
  }
  const between = newName(split, 'D');
  addField(typeIn(via, between), newName(split, 'f'), wrap(split, to));
  addField(entity, name, wrap(split, between));
}

/** A leaf of the entity that the subgraph has, or another one gives it. */
function leafOf(
  split: Split,
  home: SubgraphDraft,
  entity: Entity,
): { readonly name: string; readonly type: string } | undefined {
  const candidates = entity.fields.flatMap((field) => {
    const own = typeIn(field.home, entity.name).fields.get(field.name);
    const here = typeIn(home, entity.name).fields.get(field.name);
    // What is an argument's type, too, has to have the same values everywhere.
    if (/E0/.test(own?.type ?? '')) return [];
    if (!field.isLeaf || field.isArgument || own === undefined || own.directives.size > 0) return [];
    if (field.home !== home && here?.directives.has('@external') === false) return [];
    return [{ field, type: own.type }];
  });
  if (candidates.length === 0) return undefined;
  const { field, type } = split.random.pick(candidates);
  if (field.home !== home) addField(typeIn(home, entity.name), field.name, withNames(split, home, type), '@external');
  return { name: field.name, type };
}

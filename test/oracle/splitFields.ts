import { addField, type SubgraphDraft, typeIn } from './Draft.ts';
import { type Entity, leaf, newName, type Split, withNames, wrap } from './Split.ts';

/** A field that a subgraph computes from what another one has: `@requires`. */
export function addComputed(split: Split): void {
  const { random } = split;
  const entity = random.pick(split.entities);
  const home = random.pick(entity.homes);
  const sets = random
    .shuffle(entity.fields.filter((field) => field.home !== home))
    .slice(0, random.int(1, 2))
    .flatMap((field) => {
      const own = typeIn(field.home, entity.name).fields.get(field.name);
      const mine = typeIn(home, entity.name);
      if (own === undefined || own.directives.size > 0 || mine.fields.has(field.name)) return [];
      if (field.isLeaf) {
        addField(mine, field.name, `${own.args}${withNames(split, home, own.type)}`, '@external');
        return field.isArgument ? [`${field.name}(x: ${random.int(1, 3)})`] : [field.name];
      }
      const inner = requiredBelow(split, home, own.type.replace(/\W/g, ''));
      if (inner === undefined) return [];
      addField(mine, field.name, own.type, '@external');
      return [`${field.name} { ${inner} }`];
    });
  if (sets.length === 0) return;
  const name = newName(split, 'r');
  const of = leaf(split, home);
  addField(typeIn(home, entity.name), name, of, `@requires(fields: ${JSON.stringify(sets.join(' '))})`);
  entity.fields.push({ name, home, isLeaf: true, isArgument: false });
}

/** Part of a value or of a neighbouring entity; undefined where there is none to ask for. */
function requiredBelow(split: Split, home: SubgraphDraft, type: string): string | undefined {
  const { random } = split;
  if (split.values.includes(type)) {
    withNames(split, home, type);
    return random.pick(['x', 'x y', 'label']);
  }
  const entity = split.entities.find((one) => one.name === type);
  if (entity === undefined || entity.forbidden.has(home)) return undefined;
  const candidates = entity.fields.filter((field) => field.home !== home && field.isLeaf && !field.isArgument);
  const key = entity.stubKeys[0] as string;
  withNames(split, home, type);
  if (!typeIn(home, type).fields.has(key)) return undefined;
  if (candidates.length === 0) return key;
  const field = random.pick(candidates);
  const own = typeIn(field.home, type).fields.get(field.name);
  if (own === undefined || own.directives.size > 0 || typeIn(home, type).fields.has(field.name)) return key;
  addField(typeIn(home, type), field.name, withNames(split, home, own.type), '@external');
  return `${key} ${field.name}`;
}

/** A field by whose path a subgraph gives what else only others have: `@provides`. */
export function addProvided(split: Split): void {
  const { random } = split;
  const entity: Entity = random.pick(split.entities);
  const [field] = random.shuffle(entity.fields.filter((one) => one.isLeaf && !one.isArgument));
  const others = split.draft.subgraphs.filter(
    (subgraph) =>
      subgraph !== field?.home &&
      !entity.forbidden.has(subgraph) &&
      !subgraph.types.get(entity.name)?.fields.has(field?.name ?? ''),
  );
  if (field === undefined || others.length === 0) return;
  const home = random.pick(others);
  const owner = typeIn(field.home, entity.name).fields.get(field.name);
  if (owner === undefined || owner.directives.size > 0) return;
  owner.directives.add('@shareable');
  withNames(split, home, entity.name);
  addField(typeIn(home, entity.name), field.name, withNames(split, home, owner.type), '@external');
  addField(typeIn(home, 'Query'), newName(split, 'p'), wrap(split, entity.name), `@provides(fields: "${field.name}")`);
}

/** A value object of which several subgraphs have a part each. */
export function addSplitValue(split: Split): void {
  const { random } = split;
  const entity = random.pick(split.entities);
  if (entity.homes.length < 2) return;
  const name = newName(split, 'W');
  const field = newName(split, 'w');
  const of = wrap(split, name);
  for (const [index, home] of entity.homes.entries()) {
    const type = typeIn(home, name);
    type.directives.add('@shareable');
    addField(type, `w${index}`, leaf(split, home));
    if (random.chance(0.5)) addField(type, 'w', 'String');
    addField(typeIn(home, entity.name), field, of, '@shareable');
  }
}

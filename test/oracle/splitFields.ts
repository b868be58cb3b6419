import { completeAbstract } from './completeAbstracts.ts';
import { addField, type FieldDraft, type SubgraphDraft, typeIn } from './Draft.ts';
import { type Entity, leaf, newName, type OwnField, type Split, withNames, wrap } from './Split.ts';

/** A field that a subgraph computes from what another one has: `@requires`. */
export function addComputed(split: Split): void {
  const { random } = split;
  const entity = random.pick(split.entities);
  const home = random.pick(entity.homes);
  const sets = random
    .shuffle(entity.fields)
    .slice(0, random.int(1, 2))
    .flatMap((field) => required(split, { home, entity, field, depth: 0 }) ?? []);
  if (sets.length === 0) return;
  const name = newName(split, 'r');
  const of = leaf(split, home);
  addField(typeIn(home, entity.name), name, of, `@requires(fields: ${JSON.stringify(sets.join(' '))})`);
  entity.fields.push({ name, home, isLeaf: true, isArgument: false });
}

interface Requiring {
  /** The subgraph that requires. */
  readonly home: SubgraphDraft;
  readonly entity: Entity;
  readonly field: OwnField;
  readonly depth: number;
}

/** A field of another subgraph as a part of a requirement; undefined where it cannot be one. */
function required(split: Split, { home, entity, field, depth }: Requiring): string | undefined {
  const { random } = split;
  const mine = typeIn(home, entity.name);
  const own = ownOf(entity, field);
  const there = mine.fields.get(field.name);
  if (own === undefined || field.home === home || there?.directives.has('@external') === false) return undefined;
  if (field.isLeaf) {
    addField(mine, field.name, `${own.args}${withNames(split, home, own.type)}`, '@external');
    return field.isArgument ? `${field.name}(x: ${random.int(1, 3)})` : field.name;
  }
  const inner = requiredBelow(split, home, own.type.replace(/\W/g, ''), depth);
  if (inner === undefined) return undefined;
  addField(mine, field.name, own.type, '@external');
  return `${field.name} { ${inner} }`;
}

/** Part of a value, of a neighbouring entity, or of each type of an interface or union; undefined where there is none to ask for. */
function requiredBelow(split: Split, home: SubgraphDraft, type: string, depth: number): string | undefined {
  const { random, values, entities } = split;
  if (values.includes(type)) {
    withNames(split, home, type);
    return random.pick(['x', 'x y', 'label', ...(home.types.get(type)?.fields.has('inner') ? ['inner { x }'] : [])]);
  }
  if (split.interfaces.includes(type) || split.unions.includes(type)) {
    // Composition refuses many of these that could be had.
    if (random.chance(0.8)) return undefined;
    withNames(split, home, type);
    completeAbstract(split, home, type);
    const members = [...home.types.values()].filter(
      (one) => one.interfaces.has(type) || home.types.get(type)?.members.has(one.name),
    );
    const visible = members.filter((one) => !one.directives.has('@inaccessible')).map((one) => one.name);
    const parts = random.some(visible, 0.7, 1).flatMap((one) => {
      const inner = depth > 1 ? undefined : requiredBelow(split, home, one, depth + 1);
      return inner === undefined ? [] : [`... on ${one} { ${inner} }`];
    });
    return parts.length === 0 ? undefined : parts.join(' ');
  }
  const entity = entities.find((one) => one.name === type);
  if (entity === undefined || entity.forbidden.has(home)) return undefined;
  withNames(split, home, type);
  const key = entity.stubKeys.find((one) => home.types.get(type)?.fields.has(one));
  if (key === undefined) return undefined;
  const candidates = entity.fields.filter(
    (field) => field.home !== home && !field.isArgument && (field.isLeaf || depth < 1),
  );
  if (candidates.length === 0) return key;
  const inner = required(split, { home, entity, field: random.pick(candidates), depth: depth + 1 });
  return inner === undefined ? key : `${key} ${inner}`;
}

/** The field where it is at home, if nothing has been said of it there yet but that a path of others provides it too. */
function ownOf(entity: Entity, field: OwnField): FieldDraft | undefined {
  const own = typeIn(field.home, entity.name).fields.get(field.name);
  return [...(own?.directives ?? [])].every((one) => one === '@shareable') ? own : undefined;
}

/** A field by whose path a subgraph gives what else only others have: `@provides`. */
export function addProvided(split: Split): void {
  const { random, draft } = split;
  const entity: Entity = random.pick(split.entities);
  const homes = draft.subgraphs.filter((subgraph) => !entity.forbidden.has(subgraph));
  const home = random.pick(homes);
  withNames(split, home, entity.name);
  const inner = provided(split, home, entity, 0);
  if (inner === undefined) return;
  const union = split.unions.find((name) => home.types.get(name)?.members.has(entity.name));
  const isUnion = union !== undefined && random.chance(0.7);
  const from = random.chance(0.5) ? undefined : split.entities.find((one) => one.homes.includes(home));
  const fields = isUnion ? `... on ${entity.name} { ${inner} }` : inner;
  const of = wrap(split, isUnion ? union : entity.name);
  addField(typeIn(home, from?.name ?? 'Query'), newName(split, 'p'), of, `@provides(fields: "${fields}")`);
}

function provided(split: Split, home: SubgraphDraft, entity: Entity, depth: number): string | undefined {
  const { random, entities } = split;
  const mine = typeIn(home, entity.name);
  const candidates = entity.fields.filter((field) => {
    const own = ownOf(entity, field);
    const isTheirs = mine.fields.get(field.name)?.directives.has('@external') !== false;
    return own !== undefined && !field.isArgument && field.home !== home && isTheirs;
  });
  const parts = random
    .shuffle(candidates)
    .slice(0, 2)
    .flatMap((field): string[] => {
      const own = ownOf(entity, field);
      if (own === undefined) return [];
      if (field.isLeaf) {
        addField(mine, field.name, withNames(split, home, own.type), '@external');
        own.directives.add('@shareable');
        return [field.name];
      }
      const next = entities.find((one) => one.name === own.type.replace(/\W/g, ''));
      if (next === undefined || next.forbidden.has(home) || depth > 1) return [];
      withNames(split, home, next.name);
      const inner = provided(split, home, next, depth + 1);
      if (inner === undefined) return [];
      addField(mine, field.name, own.type, '@external');
      own.directives.add('@shareable');
      return [`${field.name} { ${inner} }`];
    });
  return parts.length === 0 ? undefined : parts.join(' ');
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

import type { Renames, Subgraph } from '../../src/supergraph/Subgraph.ts';
import { completeAbstracts } from './completeAbstracts.ts';
import { addField, canBeFirst, type Draft, printDraft, type SubgraphDraft, typeIn, type Words } from './Draft.ts';
import type { Random } from './random.ts';
import { ALL_FEATURES, type Entity, type Features, leaf, newName, type Split, withNames, wrap } from './Split.ts';
import { fieldNames, renameTemplates } from './sourceNames.ts';
import { addContext } from './splitContexts.ts';
import { addComputed, addProvided, addSplitValue } from './splitFields.ts';
import { addKeys } from './splitKeys.ts';
import { addLookups } from './splitLookups.ts';
import { addRequired } from './splitRequired.ts';
import { canSpeak } from './vocabularies.ts';

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

/** One schema over two to six subgraphs, by chance: the same for the same seed. */
export function randomSplit(random: Random, features: Features = ALL_FEATURES): Subgraph[] {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, random.int(2, 6));
  const draft: Draft = {
    subgraphs: names.map((name) => ({
      name,
      types: new Map(),
      merge: null,
      words: 'configuration',
      isFirst: false,
      renames: null,
    })),
  };
  const split: Split = {
    random,
    features,
    draft,
    entities: [],
    values: Array.from({ length: random.int(1, 3) }, (_, n) => `V${n}`),
    interfaces: random.pick([[], ['I0'], ['I0'], ['I0', 'I1']]),
    unions: random.chance(0.6) ? ['U0'] : [],
    number: 0,
    completed: new Set(),
    hasHidden: features.inaccessible && random.chance(0.15),
  };
  for (let n = 0; n < random.int(2, 5); n += 1) addEntity(split, `T${n}`);
  if (features.interfaceObjects && random.chance(0.35)) addInterfaceObjects(split);
  for (const entity of split.entities) addFields(split, entity);
  for (const subgraph of draft.subgraphs) addRootFields(split, subgraph);
  completeAbstracts(split);
  if (features.provides) for (let n = random.int(0, 2); n > 0; n -= 1) addProvided(split);
  if (features.requires) for (let n = random.int(0, 6); n > 0; n -= 1) addComputed(split);
  if (features.splitValues && random.chance(0.4)) addSplitValue(split);
  if (features.contexts && random.chance(0.3)) addContext(split);
  completeAbstracts(split);
  if (features.lookups) for (const subgraph of draft.subgraphs) if (random.chance(0.35)) addLookups(split, subgraph);
  if (features.vocabularies) for (const subgraph of draft.subgraphs) subgraph.words = wordsFor(split, subgraph);
  if (features.requires) for (const subgraph of draft.subgraphs) if (random.chance(0.6)) addRequired(split, subgraph);
  if (features.firstFederation)
    for (const subgraph of draft.subgraphs) subgraph.isFirst = random.chance(0.3) && canBeFirst(subgraph);
  if (features.renames) for (const subgraph of draft.subgraphs) if (random.chance(0.15)) rename(split, subgraph);
  return printDraft({ subgraphs: draft.subgraphs.filter(({ types }) => types.size > 0) });
}

function wordsFor({ random }: Split, subgraph: SubgraphDraft): Words {
  const able = (['stitching', 'composite'] as const).filter((words) => canSpeak(words, subgraph));
  return able.length > 0 && random.chance(0.7)
    ? ((random.chance(0.6) ? able[0] : random.pick(able)) ?? 'configuration')
    : 'configuration';
}

/** Other names for some of a subgraph's types and fields at its source; of a field the same on all types. */
function rename({ random }: Split, subgraph: SubgraphDraft): void {
  if (subgraph.words !== 'configuration') return;
  const { types, merge } = subgraph;
  const all = [...types.values()].filter(({ keyword, name }) => keyword !== 'scalar' && !ROOTS.has(name));
  const names = new Set(
    [...types.values()].filter(({ keyword }) => keyword !== 'input').flatMap(({ fields }) => [...fields.keys()]),
  );
  const renamed = new Set(random.some([...names], 0.4));
  const fields = [...types.values()].flatMap((type) =>
    type.keyword === 'input'
      ? []
      : [...type.fields.keys()]
          .filter((field) => renamed.has(field))
          .map((field) => [`${type.name}.${field}`, `${field}_source`]),
  );
  const renames: Renames = {
    types: Object.fromEntries(random.some(all, 0.5).map(({ name }) => [name, `Source${name}`])),
    fields: Object.fromEntries(fields),
  };
  subgraph.renames = renames;
  for (const [type, entries] of Object.entries(merge ?? {}))
    if (merge !== null) merge[type] = entries.map((entry) => renameTemplates(entry, fieldNames(renames)));
}

function addEntity(split: Split, name: string): void {
  const { random, draft } = split;
  const homes = random.shuffle(draft.subgraphs).slice(0, random.pick([1, 2, 2, 3, 3, 4]));
  const entity: Entity = { name, homes, stubKeys: ['id'], forbidden: new Set(), fields: [] };
  split.entities.push(entity);
  addKeys(split, entity);
}

/** Interfaces with a key that one or two subgraphs know whole and others extend as one type; a type may be of both. */
function addInterfaceObjects(split: Split): void {
  const { random, draft, features } = split;
  const mixed = random.shuffle(draft.subgraphs);
  const wholes = mixed.slice(0, mixed.length > 2 && random.chance(0.35) ? 2 : 1);
  const others = mixed.slice(wholes.length);
  if (others.length === 0) return;
  const faces = random.chance(0.3) ? ['J', 'L'] : ['J'];
  const objectsOf = new Map<string, readonly SubgraphDraft[]>();
  for (const face of faces) {
    const free = features.twoInterfaceObjectsInOne
      ? others
      : others.filter((other) => ![...objectsOf.values()].some((taken) => taken.includes(other)));
    objectsOf.set(face, random.shuffle(free).slice(0, random.int(1, 2)));
  }
  for (const name of ['J0', 'J1', 'J2'].slice(0, random.int(1, 3))) {
    const mine = name === 'J0' ? faces : [random.pick(faces)];
    const forbidden = new Set(mine.flatMap((face) => objectsOf.get(face) ?? []));
    const homes = [...wholes, ...others.filter((other) => !forbidden.has(other) && random.chance(0.4))];
    split.entities.push({ name, homes, stubKeys: ['id'], forbidden, fields: [] });
    for (const home of homes) {
      const type = typeIn(home, name);
      type.directives.add('@key(fields: "id")');
      addField(type, 'id', 'ID!');
    }
    for (const face of mine) for (const whole of wholes) typeIn(whole, name).interfaces.add(face);
  }
  for (const [face, objects] of objectsOf) {
    for (const whole of wholes) {
      const type = typeIn(whole, face, 'interface');
      type.directives.add('@key(fields: "id")');
      addField(type, 'id', 'ID!');
      if (!random.chance(0.6)) continue;
      const common = newName(split, 'c');
      for (const one of whole.types.values())
        if (one === type || one.interfaces.has(face)) addField(one, common, 'String');
    }
    for (const object of objects) extendInterface(split, object, face);
    for (const subgraph of [...wholes, ...objects])
      if (subgraph === wholes[0] || random.chance(0.7))
        addField(typeIn(subgraph, 'Query'), newName(split, 'q'), wrap(split, face));
  }
}

function extendInterface(split: Split, object: SubgraphDraft, face: string): void {
  const { random } = split;
  const type = typeIn(object, face);
  type.directives.add('@key(fields: "id")').add('@interfaceObject');
  addField(type, 'id', 'ID!');
  // Asked for on all types at once where one is wanted, so that what may not be null would be null for others too.
  for (let n = random.int(1, 2); n > 0; n -= 1)
    addField(type, newName(split, 'j'), leaf(split, object).replace(/!$/, ''));
  if (random.chance(0.3)) addField(type, newName(split, 'j'), wrap(split, reference(split, object)).replace(/!$/, ''));
}

function addFields(split: Split, entity: Entity): void {
  const { random, features } = split;
  for (let n = random.int(2, 6); n > 0; n -= 1) {
    const name = newName(split, 'f');
    const [home, second] = random.shuffle(entity.homes);
    if (home === undefined) return;
    const type = typeIn(home, entity.name);
    const kind = random.next();
    if (kind < 0.3 || second === undefined) {
      const isArgument = random.chance(0.25);
      const of = isArgument ? `(x: Int = 3, y: [String!])${leaf(split, home)}` : leaf(split, home);
      addField(type, name, of);
      entity.fields.push({ name, home, isLeaf: true, isArgument });
      if (features.inaccessible && random.chance(0.05)) addField(type, name, of, '@inaccessible');
    } else if (kind < 0.45) {
      const of = leaf(split, home);
      for (const shared of random.some(entity.homes, 0.6, 2))
        addField(typeIn(shared, entity.name), name, withNames(split, shared, of), '@shareable');
    } else if (kind < 0.55 && features.overrides) {
      const of = leaf(split, home);
      const label = random.chance(0.4) ? `, label: "percent(${random.int(1, 99)})"` : '';
      addField(type, name, of);
      addField(
        typeIn(second, entity.name),
        name,
        withNames(split, second, of),
        `@override(from: "${home.name}"${label})`,
      );
    } else if (kind < 0.65) {
      const target = reference(split, home);
      const of = wrap(split, target);
      addField(type, name, of, '@shareable');
      if (canHave(split, second, target))
        addField(typeIn(second, entity.name), name, withNames(split, second, of), '@shareable');
    } else {
      addField(type, name, wrap(split, reference(split, home)));
      entity.fields.push({ name, home, isLeaf: false, isArgument: false });
    }
  }
}

function addRootFields(split: Split, subgraph: SubgraphDraft): void {
  const { random } = split;
  for (let n = random.int(0, 2) + (subgraph === split.draft.subgraphs[0] ? 1 : 0); n > 0; n -= 1) {
    const query = typeIn(subgraph, 'Query');
    const name = newName(split, 'q');
    const target = reference(split, subgraph);
    const args = random.chance(0.3) ? '(id: ID!, some: In)' : '';
    if (args !== '') inputIn(subgraph);
    const of = `${args}${wrap(split, target)}`;
    addField(query, name, of);
    const other = random.pick(split.draft.subgraphs);
    if (other === subgraph || !random.chance(0.25) || !canHave(split, other, target)) continue;
    if (args !== '') inputIn(other);
    addField(query, name, of, '@shareable');
    addField(typeIn(other, 'Query'), name, withNames(split, other, of), '@shareable');
  }
  if (random.chance(0.15))
    for (let n = random.int(1, 3); n > 0; n -= 1)
      addField(
        typeIn(subgraph, 'Mutation'),
        newName(split, 'm'),
        `(by: Int = 1)${wrap(split, reference(split, subgraph))}`,
      );
  if (split.features.subscriptions && random.chance(0.15))
    addField(
      typeIn(subgraph, 'Subscription'),
      newName(split, 's'),
      `(by: Int = 1)${wrap(split, reference(split, subgraph))}`,
    );
}

function inputIn(subgraph: SubgraphDraft): void {
  const input = typeIn(subgraph, 'In', 'input');
  addField(input, 'a', 'Int! = 4');
  addField(input, 'b', '[In!]');
  addField(input, 'c', 'E1');
  for (const value of ['X', 'Y']) typeIn(subgraph, 'E1', 'enum').members.add(value);
}

/** A composite type for a field of the subgraph, which has it from now on. */
function reference(split: Split, subgraph: SubgraphDraft): string {
  const { random } = split;
  const faces = ['J', 'L'].filter((face) => subgraph.types.has(face));
  const entities = split.entities.filter((entity) => !entity.forbidden.has(subgraph)).map(({ name }) => name);
  const kind = random.next();
  const names =
    kind < 0.55 && entities.length > 0
      ? [...entities, ...faces]
      : kind < 0.75
        ? split.values
        : [...split.interfaces, ...split.unions].filter((name) => canHave(split, subgraph, name));
  return withNames(split, subgraph, random.pick(names.length === 0 ? split.values : names));
}

function canHave(split: Split, subgraph: SubgraphDraft, name: string): boolean {
  if (/^[JL]$/.test(name)) return subgraph.types.has(name);
  if (!/^[IU]/.test(name))
    return !split.entities.some((entity) => entity.name === name && entity.forbidden.has(subgraph));
  return true;
}

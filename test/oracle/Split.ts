import { addField, type Draft, type SubgraphDraft, typeIn } from './Draft.ts';
import type { Random } from './random.ts';

/** What a split may have. A switch stands here where something is known to be answered wrongly. */
export interface Features {
  readonly interfaceObjects: boolean;
  /** One subgraph with two interface objects that one type implements. */
  readonly twoInterfaceObjectsInOne: boolean;
  readonly requires: boolean;
  readonly provides: boolean;
  readonly splitValues: boolean;
  readonly partialAbstracts: boolean;
  readonly overrides: boolean;
  readonly subscriptions: boolean;
  readonly contexts: boolean;
  readonly inaccessible: boolean;
  /** Subgraphs without `_entities`, whose types are merged by root fields. */
  readonly lookups: boolean;
  /** Such subgraphs in stitching directives or in the words of Composite Schemas. */
  readonly vocabularies: boolean;
  readonly firstFederation: boolean;
  /** Sources with other names than the supergraph's. */
  readonly renames: boolean;
}

export const ALL_FEATURES: Features = {
  interfaceObjects: true,
  twoInterfaceObjectsInOne: true,
  requires: true,
  provides: true,
  splitValues: true,
  partialAbstracts: true,
  overrides: true,
  subscriptions: true,
  contexts: true,
  inaccessible: true,
  lookups: true,
  vocabularies: true,
  firstFederation: true,
  renames: true,
};

/** Names and shapes of one schema while it is split. */
export interface Split {
  readonly random: Random;
  readonly features: Features;
  readonly draft: Draft;
  readonly entities: Entity[];
  readonly values: readonly string[];
  readonly interfaces: readonly string[];
  readonly unions: readonly string[];
  /** Numbers for names that nothing else has. */
  number: number;
  /** Subgraphs and their interfaces and unions that have been given their types. */
  readonly completed: Set<string>;
  /** Whether interfaces and unions have an inaccessible type. */
  readonly hasHidden: boolean;
}

/** Fields of the interface. */
export const COMMON: Readonly<Record<string, string>> = {
  label: 'String',
  x: 'Int',
  by: '(n: Int = 1, mode: E1 = X)Float',
};

const WRAPS = ['T', 'T', 'T!', '[T]', '[T!]!', '[T!]', '[[T]]', '[[T!]!]!'];
const SCALARS = ['String', 'Int', 'Float', 'Boolean', 'ID', 'E0', 'S0'];

export interface Entity {
  readonly name: string;
  /** Subgraphs that have fields of it. */
  readonly homes: readonly SubgraphDraft[];
  /** Keys of one field by which all of it is reached. */
  stubKeys: string[];
  /** Subgraphs that know it only as an interface object. */
  readonly forbidden: ReadonlySet<SubgraphDraft>;
  /** What one subgraph alone resolves. */
  readonly fields: OwnField[];
}

export interface OwnField {
  readonly name: string;
  readonly home: SubgraphDraft;
  readonly isLeaf: boolean;
  readonly isArgument: boolean;
}

/** A name that nothing else has. */
export function newName(split: Split, letter: string): string {
  split.number += 1;
  return `${letter}${split.number}`;
}

export function wrap({ random }: Split, name: string): string {
  return random.pick(WRAPS).replace('T', name);
}

/** The type of a leaf, which the subgraph has from now on. */
export function leaf(split: Split, subgraph: SubgraphDraft): string {
  const { random } = split;
  return withNames(
    split,
    subgraph,
    random.chance(0.75)
      ? random.pick(['S', 'S', 'S!']).replace('S', random.pick(SCALARS))
      : wrap(split, random.pick(SCALARS)),
  );
}

/** Makes the subgraph have all types that a field's type names. */
export function withNames(split: Split, subgraph: SubgraphDraft, of: string): string {
  for (const [name] of of.matchAll(/\w+/g)) define(split, subgraph, name);
  return of;
}

/** Makes the subgraph have the type. */
export function define(split: Split, subgraph: SubgraphDraft, name: string): void {
  const { random } = split;
  const known = subgraph.types.has(name);
  if (name === 'E1') for (const value of ['X', 'Y']) typeIn(subgraph, name, 'enum').members.add(value);
  else if (name === 'E0') {
    if (known) return;
    const hidden = split.features.inaccessible && random.chance(0.1) ? 'B @inaccessible' : 'B';
    for (const value of ['A', hidden, ...random.some(['C', 'D'], 0.6)])
      typeIn(subgraph, name, 'enum').members.add(value);
  } else if (name === 'S0') typeIn(subgraph, name, 'scalar');
  else if (name === 'H') {
    const type = typeIn(subgraph, name);
    type.directives.add('@shareable').add('@inaccessible');
    for (const [field, of] of Object.entries(COMMON)) addField(type, field, withNames(split, subgraph, of));
  } else if (split.values.includes(name)) {
    const type = typeIn(subgraph, name);
    if (known) return;
    type.directives.add('@shareable');
    // Narrower than the interface has it.
    addField(type, 'x', name === 'V0' ? 'Int!' : 'Int');
    addField(type, 'label', 'String');
    addField(type, 'y', name === 'V0' ? 'String!' : '[Float]');
    if (name === 'V0') addField(type, 'by', withNames(split, subgraph, COMMON['by'] ?? ''));
    const next = split.values[split.values.indexOf(name) + 1];
    if (next !== undefined) addField(type, 'inner', withNames(split, subgraph, next));
  } else if (split.interfaces.includes(name)) typeIn(subgraph, name, 'interface');
  else if (split.unions.includes(name)) typeIn(subgraph, name, 'union');
  else if (!known && split.entities.some((entity) => entity.name === name)) stub(split, subgraph, name);
}

/** An entity of which a subgraph has a key and nothing else. */
function stub({ random, entities }: Split, subgraph: SubgraphDraft, name: string): void {
  const entity = entities.find((one) => one.name === name);
  const key = random.pick(entity?.stubKeys ?? ['id']);
  const type = typeIn(subgraph, name);
  type.directives.add(`@key(fields: "${key}"${random.chance(0.5) ? ', resolvable: false' : ''})`);
  addField(type, key, 'ID!');
}

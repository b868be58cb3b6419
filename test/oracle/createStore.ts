import { type FieldNode, getArgumentValues, Kind, print, type SelectionSetNode } from 'graphql';
import { type AllFacts, createFacts, type Facts, namedType, type Strict } from './createFacts.ts';
import { canonical, chance, hash } from './hash.ts';
import { lookUp } from './lookUp.ts';
import { type Graph, type GraphType, isA, standingsIn, type World } from './World.ts';
import { wrongValue } from './wrongValue.ts';

/** Which object a value is: a type and what tells it from others of the type. All else is derived. */
export interface Thing {
  readonly type: string;
  readonly id: string;
  /** Of an entity: which of its type it is; of a value object: which entity it is a part of. */
  readonly index: number;
  /** In the one server's answer: the object that it was reached from. */
  readonly above?: Thing | undefined;
}

export const QUERY: Thing = { type: 'Query', id: '', index: 0 };

/** What a subscription's field stands on: another one for each event. */
export function eventOf(n: number): Thing {
  return { type: 'Subscription', id: String(n), index: 0 };
}

export const EVENTS = 4;

export interface StoreOptions {
  /** Other worlds of the same schema. */
  readonly salt: string;
  /** Share of nullable values that are null. */
  readonly nulls: number;
  /** Share of values whose resolver throws. */
  readonly errors: number;
  /** Whether only such fail as may be null, so that no subgraph bubbles. */
  readonly isGentle?: boolean | undefined;
  /** Share of entities that a subgraph does not know, where that makes a difference to that subgraph's own fields alone. */
  readonly missing: number;
  /** Share of values that are not of the field's type. */
  readonly wrong?: number | undefined;
  /** A subgraph that cannot be reached. */
  readonly down?: string | undefined;
}

/**
 * All data of a world: each value is a function of type, object, field and arguments.
 * Both the one server and the subgraphs answer from it, so that they can only differ in how answers are put together.
 */
export interface Store {
  readonly world: World;
  readonly facts: AllFacts;
  /** Whether some of its values cannot be had. */
  readonly fails: boolean;
  /** Root fields of mutations, as they were executed. */
  readonly done: string[];
  /** How often something was read of which it depends on the plan whether the subgraph that is down is asked for it. */
  doubts: number;
  /** A leaf's value, a `Thing`, lists of these, or null. Throws where the field's resolver is to fail. */
  read(thing: Thing, field: string, args: Readonly<Record<string, unknown>>): unknown;
  /** The values of a field set, for comparison with a representation. */
  select(thing: Thing, set: SelectionSetNode): Record<string, unknown>;
  /** The entity of a type (or of an interface) with these values in a key. */
  find(type: string, key: SelectionSetNode, values: Readonly<Record<string, unknown>>): Thing | undefined;
  /** Whether the subgraph answers null for the entity. */
  isMissing(graph: Graph, type: string, thing: Thing): boolean;
}

export class BackendError extends Error {}
/** The schema cannot be given data, or not so that its keys mean one object each. */
export class Unserviceable extends Error {}

const POOL = 4;
const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

export function createStore(world: World, options: StoreOptions): Store {
  const facts = createFacts(world);
  const lookups = new Map(
    world.graphs.flatMap((graph) => [...graph.lookups].map(([field, one]) => [field, { ...one, graph }] as const)),
  );
  const down = world.graphs.find((graph) => graph.name === options.down);
  const seeded = (text: string) => `${options.salt} ${text}`;

  const read: Store['read'] = (thing, field, args) => {
    const lookup = thing.type === QUERY.type ? lookups.get(field) : undefined;
    if (lookup !== undefined && lookup.graph === down) throw new BackendError(`${down.name} is down`);
    if (lookup !== undefined)
      return lookUp(lookup.entry, args, (key, values) => {
        const found = find(lookup.type, key, values);
        return found === undefined || isMissing(lookup.graph, lookup.type, found) ? undefined : found;
      });
    if (thing.type === 'Mutation') store.done.push(`${field} ${canonical(args)}`);
    const known = facts.of(thing.type, field);
    if (known === undefined) throw new Unserviceable(`No subgraph has "${thing.type}.${field}".`);
    const given = Object.fromEntries(Object.entries(args).filter(([name]) => known.args.has(name)));
    const at = seeded(`${thing.type} ${thing.id} ${field} ${canonical(given)}`);
    const isFixed = known.isKey || known.isRequired;
    if (isLost(thing, field, known)) return null;
    if (down !== undefined && isDown(down, thing, known)) throw new BackendError(`${down.name} is down`);
    const canFail = !isFixed && !(options.isGentle === true && known.type.nonNull);
    if (canFail && chance(`${at} error`) < options.errors)
      throw new BackendError(`${thing.type}.${field} of ${thing.id}`);
    const right = dataOf(known.type, at, { thing, field, known });
    if (isFixed || right === null || chance(`${at} wrong`) >= (options.wrong ?? 0)) return right;
    const wrong = wrongValue(known, right, at);
    if (wrong === undefined) return right;
    throw wrong;
  };

  interface At {
    readonly thing: Thing;
    readonly field: string;
    readonly known: Facts;
  }

  function dataOf(type: Strict, at: string, context: At): unknown {
    const { known, thing, field } = context;
    if (!type.nonNull && !known.isKey && chance(`${at} null`) < options.nulls) return null;
    if (type.item !== null) {
      const item = type.item;
      const isEmpty = known.leaf === null && known.possible.length === 0;
      const length = known.isKey ? 2 : isEmpty ? 0 : hash(`${at} length`) % 4;
      return Array.from({ length }, (_, index) => dataOf(item, `${at} ${index}`, context));
    }
    if (known.leaf !== null) return leafOf(known, at, field);
    const chosen = known.possible[hash(`${at} type`) % known.possible.length];
    if (chosen === undefined) {
      if (!type.nonNull) return null;
      throw new Unserviceable(`No type can be the value of "${thing.type}.${field}" in every subgraph.`);
    }
    if (!facts.entities.has(chosen)) return { type: chosen, id: at, index: thing.index };
    const index = known.isKey ? thing.index : hash(`${at} pick`) % POOL;
    return { type: chosen, id: String(index), index };
  }

  function leafOf({ leaf, values, isKey }: Facts, at: string, field: string): unknown {
    const number = hash(`${at} value`);
    if (values.length > 0) return values[number % values.length];
    switch (leaf) {
      case 'Int':
        return isKey ? number >>> 1 : number % 1000;
      case 'Float':
        return (number % 100_000) / 8;
      case 'Boolean':
        return number % 2 === 0;
      case 'String':
      case 'ID':
        return `${field}-${number.toString(36)}`;
      default:
        if (number % 3 === 0 && !isKey) return { one: number, list: [null, { __typename: field }, [1.5, '']] };
        return `${field}-${number.toString(36)}`;
    }
  }

  function thingsOf(type: string): Thing[] {
    return (world.possible.get(type) ?? [type]).flatMap((object) =>
      Array.from({ length: POOL }, (_, index) => ({ type: object, id: String(index), index })),
    );
  }

  const select: Store['select'] = (thing, set) => {
    const found: Record<string, unknown> = {};
    for (const node of set.selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const condition = node.typeCondition?.name.value;
        if (condition === undefined || isA(world, thing.type, condition))
          Object.assign(found, select(thing, node.selectionSet));
      } else if (node.kind === Kind.FIELD && node.name.value !== '__typename') {
        const inner = node.selectionSet;
        const value = read(thing, node.name.value, argumentsOf(thing, node));
        found[node.name.value] = inner === undefined ? value : mapThings(value, (one) => select(one, inner));
      }
    }
    return found;
  };

  function argumentsOf(thing: Thing, node: FieldNode): Record<string, unknown> {
    const owner = facts.of(thing.type, node.name.value)?.owners[0];
    const type = owner?.graph.schema.getType(ownerType(world, owner.graph, thing.type, node.name.value));
    const field = type !== undefined && 'getFields' in type ? type.getFields()[node.name.value] : undefined;
    return field === undefined ? {} : getArgumentValues(field as never, node);
  }

  const found = new Map<string, ReadonlyMap<string, Thing>>();
  const keyIds = new Map<SelectionSetNode, number>();
  const find: Store['find'] = (type, key, values) => {
    const id = keyIds.get(key) ?? keyIds.size;
    keyIds.set(key, id);
    const name = `${type} ${id}`;
    const known = found.get(name) ?? indexByKey(type, key);
    found.set(name, known);
    return known.get(canonical(values));
  };

  function indexByKey(type: string, key: SelectionSetNode): Map<string, Thing> {
    const index = new Map<string, Thing>();
    for (const thing of thingsOf(type)) {
      const text = canonical(select(thing, key));
      if (index.has(text)) throw new Unserviceable(`A key of "${type}" does not tell its entities apart.`);
      index.set(text, thing);
    }
    return index;
  }

  const missable = new Map<string, boolean>();
  /** Whether nobody else answers what this subgraph knows of its entities, nor needs it. */
  function canMiss(graph: Graph, type: string): boolean {
    const name = `${graph.name} ${type}`;
    const known = missable.get(name);
    if (known !== undefined) return known;
    const own: GraphType | undefined = graph.types.get(type);
    const standing = world.graphs.filter((other) => standsIn(world, other, type));
    const can =
      own !== undefined &&
      own.kind === 'object' &&
      !own.isInterfaceObject &&
      own.keys.length > 0 &&
      isKeyShared(type) &&
      standing.length > 1 &&
      [...own.fields].every(([field, { external, isOverridden }]) => {
        const all = facts.of(type, field);
        if (all === undefined || external || isOverridden) return true;
        if (all.isKey) return all.owners.length === standing.length;
        return all.owners.length === 1 && !all.isRequired;
      }) &&
      [...own.fields.keys()].some((field) => facts.of(type, field)?.isKey === false);
    missable.set(name, can);
    return can;
  }

  /** Whether each subgraph can be reached from each other one without a third. */
  function isKeyShared(type: string): boolean {
    const keys = world.graphs.flatMap((graph) => {
      const inGraph = graph.types.get(ownerType(world, graph, type));
      return inGraph === undefined
        ? []
        : [new Set(inGraph.keys.filter((key) => key.resolvable).map((key) => print(key.selection)))];
    });
    return [...(keys[0] ?? [])].some((key) => keys.every((set) => set.has(key)));
  }

  const isMissing: Store['isMissing'] = (graph, type, thing) =>
    canMiss(graph, type) && chance(seeded(`${graph.name} ${thing.type} ${thing.id} missing`)) < options.missing;

  /** Null, whoever asks: the one subgraph that has the field does not know the entity. */
  function isLost(thing: Thing, field: string, known: Facts): boolean {
    const [only, second] = known.owners;
    if (options.missing === 0 || only === undefined || second !== undefined || known.isKey || ROOTS.has(thing.type))
      return false;
    return only.graph.types.get(thing.type)?.fields.has(field) === true && isMissing(only.graph, thing.type, thing);
  }

  /** Whether nobody else has the field. */
  function isDown(graph: Graph, thing: Thing, known: Facts): boolean {
    const owners = known.owners.filter(({ field }) => !field.isOverridden);
    const isEntity = facts.entities.has(thing.type);
    const stands = standsIn(world, graph, thing.type);
    const isOwner = owners.some((owner) => owner.graph === graph);
    const needs = owners.some(({ field }) => field.requires !== null || field.contextual.length > 0);
    // The run-time type may be known to the one that is down alone.
    const isUntyped = owners.some(
      (owner) => owner.graph.types.get(namedType(owner.field.node.type))?.isInterfaceObject === true,
    );
    if (needs || isUntyped || (isEntity && stands && !isKeyShared(thing.type))) store.doubts += 1;
    if (!isOwner) return false;
    if (owners.length === 1) return true;
    const all = world.graphs.filter((other) => standsIn(world, other, thing.type)).length;
    if (!known.isKey || owners.length < all) store.doubts += 1;
    return false;
  }

  const fails = options.errors > 0 || (options.wrong ?? 0) > 0 || options.missing > 0 || down !== undefined;
  const store: Store = { world, facts, fails, done: [], doubts: 0, read, select, find, isMissing };
  return store;
}

function standsIn(world: World, graph: Graph, type: string): boolean {
  return graph.types.has(type) || ownerType(world, graph, type) !== type;
}

/** The name by which a subgraph knows an object type: its own, or that of an interface object (of several the one with the field). */
export function ownerType(world: World, graph: Graph, type: string, field?: string): string {
  const standings = standingsIn(world, graph, type);
  return (standings.find(({ fields }) => field !== undefined && fields.has(field)) ?? standings[0])?.name ?? type;
}

export function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && 'type' in value && 'id' in value;
}

export function mapThings(value: unknown, map: (thing: Thing) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapThings(item, map));
  return isThing(value) ? map(value) : value;
}

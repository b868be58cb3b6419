import type { SelectionSetNode, TypeNode } from 'graphql';
import { Kind } from 'graphql';
import { type Graph, type GraphField, isA, standingsIn, type World } from './World.ts';

/** The type of a field, as strict as any subgraph has it: a value has to please them all. */
export interface Strict {
  readonly nonNull: boolean;
  /** Of a list: what its items are. */
  readonly item: Strict | null;
}

/** What is known of a field of an object type, over all subgraphs. */
export interface Facts {
  readonly type: Strict;
  readonly owners: readonly { readonly graph: Graph; readonly field: GraphField }[];
  /** Arguments that every subgraph takes. */
  readonly args: ReadonlySet<string>;
  /** Name of the leaf type; null of objects. */
  readonly leaf: string | null;
  /** Of an enum: values that every subgraph has. */
  readonly values: readonly string[];
  /** Of objects: types that every subgraph can answer. */
  readonly possible: readonly string[];
  /** Part of a key somewhere: never null, and tells objects apart. */
  readonly isKey: boolean;
  /** Part of a requirement or of a context somewhere. */
  readonly isRequired: boolean;
}

export interface AllFacts {
  readonly of: (type: string, field: string) => Facts | undefined;
  /** Object types that have a key in any subgraph, or that an interface with a key stands for. */
  readonly entities: ReadonlySet<string>;
}

export function createFacts(world: World): AllFacts {
  const entities = new Set<string>();
  const keys = new Set<string>();
  const required = new Set<string>();
  const objectsOf = (type: string) => world.possible.get(type) ?? [type];
  const mark = (set: SelectionSetNode, types: readonly string[], into: Set<string>): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const condition = node.typeCondition?.name.value;
        mark(
          node.selectionSet,
          types.filter((type) => condition === undefined || isA(world, type, condition)),
          into,
        );
      } else if (node.kind === Kind.FIELD)
        for (const type of types) {
          into.add(`${type}.${node.name.value}`);
          const found = ownersOf(world, type, node.name.value);
          if (node.selectionSet !== undefined && found.length > 0)
            mark(
              node.selectionSet,
              [...new Set(found.flatMap(({ field }) => objectsOf(namedType(field.node.type))))],
              into,
            );
        }
    }
  };
  for (const graph of world.graphs)
    for (const type of graph.types.values()) {
      if (type.keys.length > 0) for (const object of objectsOf(type.name)) entities.add(object);
      for (const key of type.keys) mark(key.selection, objectsOf(type.name), keys);
      for (const field of type.fields.values())
        if (field.requires !== null) mark(field.requires, objectsOf(type.name), required);
    }
  for (const graph of world.graphs) {
    const all = [...graph.types.values()];
    for (const { context, selection } of all.flatMap(({ fields }) =>
      [...fields.values()].flatMap((one) => one.contextual),
    ))
      for (const type of all) if (type.contexts.includes(context)) mark(selection, objectsOf(type.name), required);
  }
  const known = new Map<string, Facts | undefined>();
  return {
    entities,
    of(type, field) {
      const name = `${type}.${field}`;
      if (!known.has(name))
        known.set(name, readFacts(world, type, field, { isKey: keys.has(name), isRequired: required.has(name) }));
      return known.get(name);
    },
  };
}

function ownersOf(world: World, type: string, name: string): Facts['owners'] {
  return world.graphs.flatMap((graph) => {
    const own = standingsIn(world, graph, type)
      .map((one) => one.fields.get(name))
      .find((field) => field !== undefined);
    return own === undefined ? [] : [{ graph, field: own }];
  });
}

function readFacts(
  world: World,
  type: string,
  name: string,
  marks: Pick<Facts, 'isKey' | 'isRequired'>,
): Facts | undefined {
  const owners = ownersOf(world, type, name);
  const [first] = owners;
  if (first === undefined) return undefined;
  const argumentSets = owners.map(({ field }) => new Set(field.args));
  const inGraphs = owners.map(({ graph, field }) => graph.types.get(namedType(field.node.type)));
  const [here] = inGraphs;
  const isLeaf = here === undefined || here.kind === 'enum' || here.kind === 'other';
  const possible = owners.map(({ graph, field }) => {
    const to = graph.types.get(namedType(field.node.type));
    return to?.isInterfaceObject === true ? (world.possible.get(to.name) ?? []) : (to?.possible ?? []);
  });
  return {
    type: owners.map(({ field }) => strictOf(field.node.type)).reduce(stricter),
    owners,
    args: new Set([...(argumentSets[0] ?? [])].filter((arg) => argumentSets.every((set) => set.has(arg)))),
    leaf: isLeaf ? namedType(first.field.node.type) : null,
    values: intersection(inGraphs.map((inGraph) => inGraph?.values ?? [])),
    possible: isLeaf ? [] : intersection(possible),
    ...marks,
  };
}

function intersection(lists: readonly (readonly string[])[]): readonly string[] {
  return (lists[0] ?? []).filter((entry) => lists.every((list) => list.includes(entry))).toSorted();
}

export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function strictOf(type: TypeNode): Strict {
  if (type.kind === Kind.NON_NULL_TYPE) return { ...strictOf(type.type), nonNull: true };
  return { nonNull: false, item: type.kind === Kind.LIST_TYPE ? strictOf(type.type) : null };
}

function stricter(one: Strict, other: Strict): Strict {
  const item = one.item === null || other.item === null ? null : stricter(one.item, other.item);
  return { nonNull: one.nonNull || other.nonNull, item };
}

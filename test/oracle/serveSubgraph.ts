import {
  type DocumentNode,
  execute,
  type GraphQLResolveInfo,
  Kind,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import type { Source, SourceRequest, SourceResult } from '../../src/execute/Source.ts';
import { parseFieldSet } from '../../src/supergraph/parseFieldSet.ts';
import { EVENTS, eventOf, mapThings, ownerType, QUERY, type Store, type Thing } from './createStore.ts';
import { canonical } from './hash.ts';
import { type Graph, type GraphField, isA } from './World.ts';
import { WrongValue } from './wrongValue.ts';

/** A thing as a subgraph holds it while it answers: with what it was given, and what the path there lets it resolve. */
interface Held extends Thing {
  readonly graph: true;
  /** Field sets of keys, `@provides` and the like on the way here. */
  readonly open: readonly SelectionSetNode[];
  readonly representation: Representation | null;
}

export interface Sent {
  readonly subgraph: string;
  readonly document: string;
  readonly variables: string;
}

export interface Recording {
  readonly sent: Sent[];
  /** What no gateway may ask or send; any of these is a failure whatever the answer was. */
  readonly breaches: string[];
  readonly isDown?: boolean | undefined;
  readonly reusesEntities?: boolean | undefined;
  /** Each value that it resolves, lists whole, by the name of its field in the supergraph. */
  readonly onResolved?: ((graph: string, field: string, value: unknown) => void) | undefined;
}

/** Answers as a strict subgraph does: only what it owns or a path provides, only with the keys and requirements that its SDL asks for. */
export function serveSubgraph(
  graph: Graph,
  store: Store,
  { sent, breaches, isDown = false, reusesEntities, onResolved }: Recording,
): Source {
  const { world } = store;
  const documents = new Map<string, DocumentNode>();
  const breach = (message: string): never => {
    breaches.push(`${graph.name}: ${message}`);
    throw new Error(message);
  };

  function resolve(...asked: Parameters<typeof resolveField>): unknown {
    const value = resolveField(...asked);
    onResolved?.(graph.name, asked[3].fieldName, value);
    return value;
  }

  function resolveField(
    source: unknown,
    args: Record<string, unknown>,
    context: unknown,
    info: GraphQLResolveInfo,
  ): unknown {
    const held = (source as Held | undefined) ?? {
      ...QUERY,
      type: info.parentType.name,
      graph: true,
      open: [],
      representation: null,
    };
    const name = info.fieldName;
    if (name === '_entities') return (args['representations'] as Representation[]).map((one) => entity(one));
    const type = graph.types.get(info.parentType.name);
    const field = type?.fields.get(name);
    if (type === undefined || field === undefined) return breach(`has no "${info.parentType.name}.${name}"`);
    const inner = [
      ...childSets(held.open, held.type, name),
      ...childSets(
        type.keys.map((key) => key.selection),
        held.type,
        name,
      ),
    ];
    const isOpen = mentions(held.open, held.type, name);
    const isKey = mentions(
      type.keys.map((key) => key.selection),
      held.type,
      name,
    );
    if (!isOpen && !isKey) check(held, field, { coordinate: `${type.name}.${name}`, args });
    const value = readRight(held, name, args, context as Wrongs, info);
    const open = field.provides === null ? inner : [...inner, field.provides];
    const representation = (thing: Thing) => (info.parentType.name === 'Query' ? keyOf(name, thing, args) : null);
    return mapThings(value, (thing): Held => ({ ...thing, graph: true, open, representation: representation(thing) }));
  }

  /** The right value, with a note where a wrong one is to stand in the reply. */
  function readRight(
    held: Held,
    name: string,
    args: Record<string, unknown>,
    wrongs: Wrongs,
    info: GraphQLResolveInfo,
  ): unknown {
    try {
      return store.read(held, name, args);
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error;
      const path = pathOf(info.path);
      wrongs.push({ path: error.index === null ? path : [...path, error.index], value: error.wrong });
      return error.right;
    }
  }

  /** The object among the keys that a lookup was given which is the thing's. */
  function keyOf(name: string, thing: Thing, args: Record<string, unknown>): Representation | null {
    const lookup = graph.lookups.get(name);
    if (lookup?.entry.argsFromKeys === undefined || lookup.entry.key !== undefined) return null;
    const key = parseFieldSet(lookup.entry.selectionSet);
    const text = canonical(store.select(thing, key));
    const keys = Object.values(args).flat() as Representation[];
    return keys.find((one) => canonical(pick(one, key, lookup.type)) === text) ?? null;
  }

  function check(
    held: Held,
    field: GraphField,
    { coordinate, args }: { readonly coordinate: string; readonly args: Record<string, unknown> },
  ): void {
    if (field.isOverridden) breach(`"${coordinate}" is overridden`);
    if (field.external) breach(`"${coordinate}" is external and nothing provides it here`);
    if (field.requires === null) return;
    const { filled } = field;
    const representation =
      filled.length === 0
        ? held.representation
        : Object.fromEntries(filled.map((one) => [one.field, args[one.argument]]));
    if (representation === null) throw breach(`"${coordinate}" was asked for without what it requires`);
    const expected = store.select(held, field.requires);
    const given = pick(representation, field.requires, held.type);
    if (canonical(given) === canonical(expected)) return;
    // Where another subgraph's entity has failed there is nothing to give; the gateway may ask on for the sake of other fields.
    if (store.fails && Object.keys(expected).some((name) => given[name] === undefined))
      throw new Error(`"${coordinate}" cannot be had without what it requires`);
    breach(`"${coordinate}" requires ${canonical(expected)}, was given ${canonical(given)}`);
  }

  function entity(representation: Representation): Held | null {
    const name = String(representation.__typename);
    const type = graph.types.get(name);
    if (type === undefined) return breach(`has no type "${name}"`);
    for (const { selection, resolvable } of type.keys) {
      if (!resolvable) continue;
      const values = pick(representation, selection, name);
      if (!isWhole(values, selection)) continue;
      const thing = store.find(name, selection, values);
      if (thing === undefined) return breach(`has no "${name}" with ${canonical(values)}`);
      if (store.isMissing(graph, name, thing)) return null;
      return { ...thing, graph: true, open: [], representation };
    }
    return breach(`"${name}" has no key in ${canonical(representation)}`);
  }

  /** The part of a representation that a field set names. */
  function pick(
    value: Readonly<Record<string, unknown>>,
    set: SelectionSetNode,
    type: string,
  ): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    for (const node of set.selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const actual = typeof value['__typename'] === 'string' ? value['__typename'] : type;
        const condition = node.typeCondition?.name.value;
        if (condition === undefined || isA(world, actual, condition))
          Object.assign(found, pick(value, node.selectionSet, actual));
      } else if (node.kind === Kind.FIELD && node.name.value !== '__typename') {
        const inner = node.selectionSet;
        const own = value[node.name.value];
        found[node.name.value] = inner === undefined ? own : mapObjects(own, (object) => pick(object, inner, ''));
      }
    }
    return found;
  }

  function mentions(sets: readonly SelectionSetNode[], type: string, field: string): boolean {
    return fieldsIn(sets, type).some((node) => node.name.value === field);
  }

  function childSets(sets: readonly SelectionSetNode[], type: string, field: string): SelectionSetNode[] {
    return fieldsIn(sets, type).flatMap((node) => (node.name.value === field ? (node.selectionSet ?? []) : []));
  }

  function fieldsIn(sets: readonly SelectionSetNode[], type: string) {
    return sets.flatMap((set) =>
      set.selections.flatMap((node) => {
        if (node.kind === Kind.FIELD) return [node];
        const condition = node.kind === Kind.INLINE_FRAGMENT ? node.typeCondition?.name.value : undefined;
        const below = node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : undefined;
        if (below === undefined || (condition !== undefined && !isA(world, type, condition))) return [];
        return below.selections.filter((inner) => inner.kind === Kind.FIELD);
      }),
    );
  }

  async function answer(request: SourceRequest, root?: Held): Promise<SourceResult> {
    const { document } = request.operation;
    if (isDown) throw new GatewayError('SUBGRAPH_UNREACHABLE', 'It is down.');
    sent.push({ subgraph: graph.name, document, variables: request.variables });
    const parsed = documents.get(document) ?? parse(document, { noLocation: true });
    if (!documents.has(document))
      for (const { message } of validate(graph.source?.schema ?? graph.schema, parsed))
        breaches.push(`${graph.name}: ${message} (${document})`);
    // Good ones come again: each operation is asked several times.
    if (breaches.length === 0 && documents.size < 1000) documents.set(document, parsed);
    const variables = JSON.parse(request.variables) as Record<string, unknown>;
    const wrongs: Wrongs = [];
    const result = await execute({
      contextValue: wrongs,
      rootValue: root,
      schema: graph.schema,
      document: graph.source?.document(parsed) ?? parsed,
      variableValues: (graph.source?.variables(variables) ?? variables) as Record<string, unknown>,
      fieldResolver: resolve,
      typeResolver: (value) => {
        const { type, representation } = value as Held;
        const named = String(representation?.__typename);
        return graph.types.get(named)?.isInterfaceObject === true ? named : ownerType(world, graph, type);
      },
    });
    const reply = JSON.parse(JSON.stringify(result)) as SourceResult;
    for (const { path, value } of wrongs) replace(reply.data, path, value);
    return graph.source === null ? reply : { ...reply, data: graph.source.reply(reply.data) as SourceResult['data'] };
  }
  async function* subscribe(request: SourceRequest): AsyncGenerator<SourceResult, void, void> {
    for (let n = 0; n < EVENTS; n += 1)
      yield await answer(request, { ...eventOf(n), graph: true, open: [], representation: null });
  }
  return { name: graph.name, reusesEntities, fetch: (request) => answer(request), subscribe };
}

type Representation = Readonly<Record<string, unknown>> & { readonly __typename?: unknown };

/** Places in a reply where something else is to stand. */
type Wrongs = { readonly path: readonly (string | number)[]; readonly value: unknown }[];

function pathOf(path: GraphQLResolveInfo['path'] | undefined): (string | number)[] {
  return path === undefined ? [] : [...pathOf(path.prev), path.key];
}

function replace(data: unknown, path: readonly (string | number)[], value: unknown): void {
  let at = data as Record<string | number, unknown> | null | undefined;
  for (const step of path.slice(0, -1)) at = at?.[step] as typeof at;
  const last = path.at(-1);
  if (at !== null && typeof at === 'object' && last !== undefined && Object.hasOwn(at, last)) at[last] = value;
}

function mapObjects(value: unknown, map: (object: Readonly<Record<string, unknown>>) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, map));
  return typeof value === 'object' && value !== null ? map(value as Record<string, unknown>) : value;
}

/** Whether nothing of a key is absent. */
function isWhole(values: Readonly<Record<string, unknown>>, set: SelectionSetNode): boolean {
  return set.selections.every((node) => {
    if (node.kind !== Kind.FIELD) return true;
    const value = values[node.name.value];
    const inner = node.selectionSet;
    if (value === undefined || value === null) return false;
    return inner === undefined || [value].flat(9).every((one) => isWhole(one as Record<string, unknown>, inner));
  });
}

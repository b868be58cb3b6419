import { callOf } from '../plan/createBuilder.ts';
import type { Call, ObjectsGiven, Plan, UpstreamNode } from '../plan/Plan.ts';
import { sourceNames } from '../plan/sourceNames.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { readKey, setIndex } from './frames.ts';
import { generateIndex } from './generate/generateIndex.ts';
import { HITS_BEFORE_GENERATING } from './generate/tierUp.ts';
import { type CallState, type KeyMap, type Run, stateOf } from './Run.ts';
import { walkTo } from './walkSite.ts';

/** What a call need not ask for. */
export interface Reuse {
  /** Puts entities that the subgraph has given already in their places. */
  take(run: Run): void;
  /** An earlier fetch that is to bring all that is still missing, or was. */
  awaited(run: Run): number | undefined;
}

type Plain = Readonly<Record<string, unknown>>;
type Index = (run: Run) => KeyMap;

/** By call, for those whose entities may have been given before. */
export function createReuses({ earlier, fetches }: Plan, supergraph: Supergraph): ReadonlyMap<Call, Reuse> {
  const indices = new Map<ObjectsGiven, Index>();
  const indexOf = (place: ObjectsGiven): Index => {
    const known = indices.get(place) ?? createIndex(place, supergraph);
    indices.set(place, known);
    return known;
  };
  const fetchOf = (call: Call) => fetches.findIndex(({ calls }) => calls.includes(call));
  return new Map(
    [...earlier].map(([call, { lookups, objects }]) => {
      const names = sourceNames(call.graph, supergraph);
      const parts = (call.sites[0]?.representation ?? []).map(names.field);
      const places = [
        ...lookups.map((lookup) => givenByLookup(lookup, parts)),
        ...objects.map((place) => givenBelow(callOf(place.position, place.slot), indexOf(place), parts)),
      ];
      const under = lookups.map((lookup) => ({ lookup, fetch: fetchOf(lookup) }));
      return [call, createReuse(call, places, { parts, under })];
    }),
  );
}

interface Under {
  readonly parts: readonly string[];
  readonly under: readonly { readonly lookup: Call; readonly fetch: number }[];
}

function createReuse(call: Call, places: readonly Place[], { parts, under }: Under): Reuse {
  return {
    take(run) {
      const state = stateOf(run, call);
      const entities: unknown[] = state.representations.map((_, index) => state.entities[index]);
      let missing = state.representations.length;
      for (const place of places) {
        if (missing === 0) break;
        const find = place(run);
        if (find === undefined) continue;
        missing = 0;
        for (const [index, representation] of state.representations.entries()) {
          if (entities[index] !== undefined) continue;
          const entity = find(representation as Plain);
          if (entity !== undefined && entity !== null && isWhole(entity, call.node)) entities[index] = entity;
          else missing += 1;
        }
      }
      if (missing < entities.length) state.entities = entities;
    },
    awaited(run) {
      const { representations, entities } = stateOf(run, call);
      const missing = representations.filter((_, index) => entities[index] === undefined) as Plain[];
      if (missing.length === 0) return undefined;
      return under.find(({ lookup }) => {
        const { index, lacking } = stateOf(run, lookup);
        return missing.every((one) => isAsked(lookUp(index, parts, one), lacking));
      })?.fetch;
    },
  };
}

function isAsked(index: unknown, lacking: ReadonlySet<number>): boolean {
  return index !== undefined && !lacking.has(index as number);
}

/** Entities of one place by their representation; undefined where nothing is to be had there. */
type Place = (run: Run) => ((representation: Plain) => unknown) | undefined;

function givenByLookup(call: Call, parts: readonly string[]): Place {
  return (run) => {
    const state = stateOf(run, call);
    const { index, entities, lacking } = state;
    if (!isSound(state) || entities.length === 0) return undefined;
    return (representation) => {
      const at = lookUp(index, parts, representation);
      return isAsked(at, lacking) ? entities[at as number] : undefined;
    };
  };
}

function givenBelow(call: Call, indexOf: Index, parts: readonly string[]): Place {
  return (run) => {
    const state = stateOf(run, call);
    if (!isSound(state) || state.entities.length === 0) return undefined;
    const index = indexOf(run);
    return index.size === 0 ? undefined : (representation) => lookUp(index, parts, representation);
  };
}

/** Objects by their keys, once a request. */
function createIndex(place: ObjectsGiven, supergraph: Supergraph): Index {
  let hits = 0;
  let index = indexGiven(place, supergraph);
  return (run) => {
    const known = run.given.get(place);
    if (known !== undefined) return known;
    hits += 1;
    if (hits === HITS_BEFORE_GENERATING + 1) index = generateIndex(place, supergraph);
    const made = index(run);
    run.given.set(place, made);
    return made;
  };
}

function indexGiven({ position, slot, keys }: ObjectsGiven, supergraph: Supergraph): Index {
  const walk = walkTo(position, new Set([slot]), supergraph);
  return (run) => {
    const index: KeyMap = new Map();
    walk(run, (frame) => {
      const values = keys.map((key) => readKey(frame[slot], key));
      if (lookUpAll(index, values) === undefined) setIndex(index, values, frame[slot]);
    });
    return index;
  };
}

/** Where anything went wrong, what stands in the reply may be what is left of it. */
function isSound({ errors, general, isUnfit }: CallState): boolean {
  return !isUnfit && general.length === 0 && errors.errors.length === 0 && errors.children.size === 0;
}

/** A null may stand for "not loaded", where a subgraph fills what it gives by the way less than what it is asked for. */
function isWhole(value: unknown, node: UpstreamNode | null): boolean {
  if (value === null || value === undefined) return false;
  if (node === null) return true;
  if (Array.isArray(value)) return value.every((item) => isWhole(item, node));
  for (const { key, node: below } of node.fields.values()) if (!isWhole((value as Plain)[key], below)) return false;
  for (const { fields } of node.branches.values())
    for (const { key, node: below } of fields.values())
      if (Object.hasOwn(value as Plain, key) && !isWhole((value as Plain)[key], below)) return false;
  return true;
}

function lookUp(index: KeyMap, parts: readonly string[], representation: Plain): unknown {
  return lookUpAll(
    index,
    parts.map((part) => representation[part]),
  );
}

function lookUpAll(index: KeyMap, values: readonly unknown[]): unknown {
  let level: unknown = index;
  for (const value of values) {
    if (!(level instanceof Map)) return undefined;
    level = level.get(value);
  }
  return level;
}

import { applyOverrides } from '../supergraph/applyOverrides.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { type Assigner, createAssigner } from './createAssigner.ts';
import { createRouter, placesKey, type Router } from './createRouter.ts';
import { ALWAYS } from './guards.ts';
import { childTypeName, isOneAct, type Place, possibleAt, requirement, resolvable } from './ownership.ts';
import { UNLIMITED } from './PlanningBudget.ts';
import type { Field } from './Selection.ts';

/** Ways through a supergraph that are looked at; one that has more is taken for good, and an operation that is not says so itself. */
const MOST_STATES = 20_000;

/** Labels whose combinations are all looked at. */
const MOST_LABELS = 4;

/** A field that clients see and cannot be given. */
export interface Unsatisfied {
  readonly type: string;
  readonly field: string;
  /** The fields by which a client comes there, from a root type on. */
  readonly way: readonly string[];
}

/** The first field that cannot be had where it can be asked for, as the planner sees it, whichever labels are active. */
export function findUnsatisfied(supergraph: Supergraph): Unsatisfied | undefined {
  const { overrideLabels: labels } = supergraph;
  const few = labels.slice(0, MOST_LABELS);
  const combinations = Array.from({ length: 2 ** few.length }, (_, bits) =>
    few.filter((_label, index) => (bits & (1 << index)) !== 0),
  );
  for (const active of [...combinations, labels]) {
    const found = walk(applyOverrides(supergraph, new Set(active)));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An object type, and the subgraphs of which any may answer it for a client that came by one path. */
interface State {
  readonly type: string;
  readonly places: readonly Place[];
  readonly way: readonly string[];
}

interface Walk {
  readonly supergraph: Supergraph;
  readonly router: Router;
  readonly assigner: Assigner;
  /** States that are satisfied, or are being looked at. */
  readonly seen: ReadonlySet<string>;
}

function walk(supergraph: Supergraph): Unsatisfied | undefined {
  const router = createRouter(supergraph);
  const around = { supergraph, router, assigner: createAssigner(router, UNLIMITED), seen: new Set<string>() };
  const { query, mutation, subscription } = supergraph.roots;
  const states = [query, mutation, subscription].flatMap((type) =>
    type === undefined ? [] : { type, places: [], way: [] },
  );
  return walkFrom(states, around);
}

function walkFrom(states: readonly State[], { seen: before, ...around }: Walk): Unsatisfied | undefined {
  const { supergraph } = around;
  const seen = new Set(before);
  const queue = [...states];
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    if (seen.size > MOST_STATES) return undefined;
    for (const name of supergraph.types.get(state.type)?.fields.keys() ?? []) {
      if (!isVisible(supergraph, state.type, name)) continue;
      const next = placesBelow(state, plainField(name), around);
      if (next.length === 0) return { type: state.type, field: name, way: state.way };
      const child = childTypeName(supergraph, state.type, name);
      const below = (places: readonly Place[]) =>
        statesOf(supergraph, child, places).map((one) => ({ ...one, way: [...state.way, name] }));
      if (isOneAct(supergraph, state.type) && next.length > 1) {
        const found = next.map((place) => walkFrom(below([place]), { ...around, seen }));
        if (!found.includes(undefined)) return found[0];
        continue;
      }
      for (const one of below(next)) {
        const mark = `${one.type} ${placesKey(one.places)}`;
        if (seen.has(mark)) continue;
        seen.add(mark);
        queue.push(one);
      }
    }
  }
  return undefined;
}

/** Places in which the value of a field may be had by a client who stands in any of the state's. */
function placesBelow(
  { type, places }: State,
  field: Field,
  { supergraph, router, assigner }: Omit<Walk, 'seen'>,
): readonly Place[] {
  const starts: readonly (readonly Place[])[] = places.length === 0 ? [[]] : places.map((place) => [place]);
  const found = new Map<number, Place>();
  for (const start of starts)
    for (const graph of router.routes(type, start).keys()) {
      const place = start.find((entry) => entry.graph === graph) ?? { graph, provides: null };
      if (found.has(graph) || !resolvable(supergraph, type, field.name, place)) continue;
      const needs = requirement(supergraph, type, field.name, place);
      if (needs !== undefined) {
        // What requires something is asked for by a lookup of its own, even of a subgraph that is at hand.
        if (router.entry(type, start, graph) === undefined) continue;
        const required = router.fieldSet(needs).fieldsFor(type);
        if (assigner.assign(type, required, start).cost === Number.POSITIVE_INFINITY) continue;
      }
      found.set(graph, router.childPlace(type, field, place));
    }
  return [...found].sort(([a], [b]) => a - b).map(([, place]) => place);
}

/** The object types that a value can be of, each with the places that know it. */
function statesOf(supergraph: Supergraph, type: string, places: readonly Place[]): readonly Omit<State, 'way'>[] {
  const kind = supergraph.types.get(type)?.kind;
  if (kind !== 'object' && kind !== 'interface' && kind !== 'union') return [];
  const byType = new Map<string, Place[]>();
  for (const place of places)
    for (const possible of possibleAt(supergraph, type, [place]))
      byType.set(possible, [...(byType.get(possible) ?? []), place]);
  return [...byType].map(([possible, known]) => ({ type: possible, places: known }));
}

function isVisible({ clientSchema }: Supergraph, type: string, field: string): boolean {
  const known = clientSchema.getType(type);
  return known !== undefined && 'getFields' in known && field in known.getFields();
}

function plainField(name: string): Field {
  const none = { args: '', argumentNodes: [], variables: [], guard: ALWAYS, occurrences: [] };
  return { ...none, key: name, name, selection: null, defer: null, stream: null, denied: null };
}

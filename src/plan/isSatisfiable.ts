import { applyOverrides } from '../supergraph/applyOverrides.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { createAssigner } from './createAssigner.ts';
import { createRouter, placesKey, type Router } from './createRouter.ts';
import { ALWAYS } from './guards.ts';
import { childTypeName, type Place, possibleAt, requirement, resolvable } from './ownership.ts';
import { UNLIMITED } from './PlanningBudget.ts';
import type { Field } from './Selection.ts';

/** Ways through a supergraph that are looked at; one that has more is taken for good, and an operation that is not says so itself. */
const MOST_STATES = 20_000;

/** An object type, and the subgraphs of which any may answer it for a client that came by one path. */
interface State {
  readonly type: string;
  readonly places: readonly Place[];
}

/** Labels whose combinations are all looked at. */
const MOST_LABELS = 4;

/** Whether every field that clients see can be had wherever it can be asked for, as the planner sees it, whichever labels are active. */
export function isSatisfiable(supergraph: Supergraph): boolean {
  const { overrideLabels: labels } = supergraph;
  const few = labels.slice(0, MOST_LABELS);
  const combinations = Array.from({ length: 2 ** few.length }, (_, bits) =>
    few.filter((_label, index) => (bits & (1 << index)) !== 0),
  );
  return [...combinations, labels].every((active) => isReachable(applyOverrides(supergraph, new Set(active))));
}

function isReachable(supergraph: Supergraph): boolean {
  const router = createRouter(supergraph);
  const assigner = createAssigner(router, UNLIMITED);
  const seen = new Set<string>();
  const { query, mutation, subscription } = supergraph.roots;
  const queue: State[] = [query, mutation, subscription].flatMap((type) =>
    type === undefined ? [] : [{ type, places: [] }],
  );
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    if (seen.size > MOST_STATES) return true;
    for (const name of supergraph.types.get(state.type)?.fields.keys() ?? []) {
      if (!isVisible(supergraph, state.type, name)) continue;
      const field = plainField(name);
      const next = answers(router, state, field).filter(({ at, graph }) => {
        const place = at ?? { graph, provides: null };
        const needs = requirement(supergraph, state.type, name, place);
        if (needs === undefined) return true;
        const required = router.fieldSet(needs).fieldsFor(state.type);
        return assigner.assign(state.type, required, [place]).cost < Number.POSITIVE_INFINITY;
      });
      if (next.length === 0) return false;
      const child = childTypeName(supergraph, state.type, name);
      const places = next.map(({ graph, at }) => router.childPlace(state.type, field, at ?? { graph, provides: null }));
      for (const one of states(supergraph, child, places)) {
        const mark = `${one.type} ${placesKey(one.places)}`;
        if (seen.has(mark)) continue;
        seen.add(mark);
        queue.push(one);
      }
    }
  }
  return true;
}

interface Answer {
  readonly graph: number;
  /** The place itself, where the subgraph is at hand. */
  readonly at: Place | undefined;
}

/** Subgraphs that resolve a field for a client who stands in any of the state's places. */
function answers(router: Router, { type, places }: State, field: Field): readonly Answer[] {
  const starts: readonly (readonly Place[])[] = places.length === 0 ? [[]] : places.map((place) => [place]);
  const found = new Map<number, Answer>();
  for (const start of starts) {
    for (const graph of router.routes(type, start).keys()) {
      const at = start.find((place) => place.graph === graph);
      if (found.has(graph) || !resolvable(router.supergraph, type, field.name, at ?? { graph, provides: null }))
        continue;
      found.set(graph, { graph, at });
    }
  }
  return [...found.values()].sort((a, b) => a.graph - b.graph);
}

/** The object types that a value can be of, each with the places that know it. */
function states(supergraph: Supergraph, type: string, places: readonly Place[]): readonly State[] {
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
  return { ...none, key: name, name, selection: null, defer: null, stream: null };
}

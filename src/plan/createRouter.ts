import type { SelectionSetNode } from 'graphql';
import { graphOfType } from '../supergraph/partInterfaceObjects.ts';
import type { Lookup, Supergraph } from '../supergraph/Supergraph.ts';
import { createTypeClasses, type TypeClasses } from './createTypeClasses.ts';
import { createGuardTable } from './guards.ts';
import {
  childTypeName,
  narrowerType,
  ownerIn,
  type Place,
  possibleAt,
  providedField,
  requirement,
  resolvable,
  standing,
} from './ownership.ts';
import { UNLIMITED } from './PlanningBudget.ts';
import { createSelection, type Field, type Selection } from './Selection.ts';

export const FETCH_COST = 1000;
const DEPTH_COST = 100;

/** The cheapest way from the places at hand into a subgraph. */
export interface Route {
  readonly graph: number;
  /** Absent for a root type: any subgraph can be asked for its root fields at any time. */
  readonly lookup: Lookup | null;
  readonly cost: number;
  /** For each top-level field of the key: the subgraph that gives it. */
  readonly keyFrom: ReadonlyMap<string, number>;
}

/** Routes between subgraphs, computed once a supergraph and shared by all operations. */
export interface Router {
  readonly supergraph: Supergraph;
  /** Types for which everything is planned alike. */
  readonly typeClass: TypeClasses;
  /** A `@key`, `@requires` or `@provides` as a selection; the same object for the same node. */
  fieldSet(node: SelectionSetNode): Selection;
  /** Jump table: every subgraph that can be entered with an entity of this type, places at hand included at cost 0. */
  routes(type: string, places: readonly Place[]): ReadonlyMap<number, Route>;
  /** The way to look an entity up in a subgraph, even where the subgraph is at hand already. */
  entry(type: string, places: readonly Place[], graph: number): Route | undefined;
  /** What a field's path provides at its children. */
  childPlace(type: string, field: Field, place: Place): Place;
}

export function createRouter(supergraph: Supergraph): Router {
  const selections = new WeakMap<SelectionSetNode, Selection>();
  const context = {
    supergraph,
    fragments: new Map(),
    guards: createGuardTable(UNLIMITED),
    budget: UNLIMITED,
    defers: null,
  };
  const tables = new Map<string, ReadonlyMap<number, Route>>();
  const fieldSet = (node: SelectionSetNode) => {
    const known = selections.get(node) ?? createSelection([{ set: node, guard: 0, usage: null }], context);
    selections.set(node, known);
    return known;
  };
  const isRoot = (type: string) =>
    type === supergraph.roots.query || type === supergraph.roots.mutation || type === supergraph.roots.subscription;
  const router: Router = {
    supergraph,
    typeClass: createTypeClasses(supergraph),
    fieldSet,
    routes(type, places) {
      const name = `${type} ${placesKey(places)}`;
      const known = tables.get(name);
      if (known !== undefined) return known;
      // A key that needs a jump on its way to be read asks for tables in turn: one that is being made is not a way to make itself.
      tables.set(name, new Map());
      const table = isRoot(type) ? rootRoutes(supergraph, type, places) : jumpTable(type, places, router);
      tables.set(name, table);
      return table;
    },
    entry(type, places, graph) {
      if (!places.some((place) => place.graph === graph)) return router.routes(type, places).get(graph);
      const entered = new Map([...router.routes(type, places)].map(([id, route]) => [id, route.cost]));
      const routes = lookupsInto(type, graph, supergraph).flatMap(
        (lookup) => routeBy(lookup, { type, places, entered, router }) ?? [],
      );
      return routes.sort((a, b) => a.cost - b.cost)[0];
    },
    childPlace: (type, field, place) => ({
      graph: graphOfType(supergraph, place.graph, childTypeName(supergraph, type, field.name)),
      provides: provided(type, field, place, router),
      as: narrowerType(supergraph, type, field.name, place.graph),
    }),
  };
  return router;
}

export function placesKey(places: readonly Place[]): string {
  return places
    .map(
      ({ graph, provides, as }) =>
        `${graph}${provides === null ? '' : `:${provides.id}`}${as === undefined ? '' : `=${as}`}`,
    )
    .join(',');
}

function provided(type: string, field: Field, place: Place, router: Router): Selection | null {
  const own = ownerIn(router.supergraph, type, field.name, place.graph)?.provides;
  const inherited = providedField(place, type, field.name)?.selection ?? null;
  if (own === undefined) return inherited;
  const selection = router.fieldSet(own);
  if (inherited === null) return selection;
  return {
    id: selection.id * 100_003 + inherited.id,
    parts: [...selection.parts, ...inherited.parts],
    fieldsFor: (name) => [...selection.fieldsFor(name), ...inherited.fieldsFor(name)],
  };
}

function rootRoutes(supergraph: Supergraph, type: string, places: readonly Place[]): ReadonlyMap<number, Route> {
  const graphs = supergraph.types.get(type)?.graphs.keys() ?? [];
  const here = new Set(places.map((place) => place.graph));
  return new Map(
    [...graphs].map((graph) => [
      graph,
      { graph, lookup: null, cost: here.has(graph) ? 0 : FETCH_COST, keyFrom: new Map() },
    ]),
  );
}

interface Search {
  readonly type: string;
  readonly places: readonly Place[];
  /** Subgraphs reached so far, with their cost. */
  readonly entered: Map<number, number>;
  readonly router: Router;
}

/** Knuth's generalisation of Dijkstra: a lookup fires when every field of its key can be had from subgraphs reached before. */
function jumpTable(type: string, places: readonly Place[], router: Router): ReadonlyMap<number, Route> {
  const search: Search = { type, places, entered: new Map(places.map((place) => [place.graph, 0])), router };
  const table = new Map<number, Route>(
    places.map((place) => [place.graph, { graph: place.graph, lookup: null, cost: 0, keyFrom: new Map() }]),
  );
  const targets = router.supergraph.subgraphs.map((subgraph) => subgraph.id).filter((id) => !table.has(id));
  for (;;) {
    let best: Route | undefined;
    for (const graph of targets) {
      if (search.entered.has(graph)) continue;
      for (const lookup of lookupsInto(type, graph, router.supergraph)) {
        const route = routeBy(lookup, search);
        if (route !== undefined && (best === undefined || route.cost < best.cost)) best = route;
      }
    }
    if (best === undefined) return table;
    table.set(best.graph, best);
    search.entered.set(best.graph, best.cost);
  }
}

function lookupsInto(type: string, graph: number, supergraph: Supergraph): readonly Lookup[] {
  return standing(supergraph, type, graph)?.lookups ?? [];
}

/** Lookups that take one call an entity are dearer than those that take a batch. */
function routeBy(lookup: Lookup, search: Search): Route | undefined {
  const keyFrom = new Map<string, number>();
  let cost = lookup.kind === 'root' ? FETCH_COST + 2 * DEPTH_COST : FETCH_COST + DEPTH_COST;
  for (const field of search.router.fieldSet(lookup.key).fieldsFor(search.type)) {
    const source = cheapestSource(field, search);
    if (source === undefined) return undefined;
    if (![...keyFrom.values()].includes(source.graph)) cost += source.cost;
    keyFrom.set(field.name, source.graph);
  }
  return { graph: lookup.graph, lookup, cost, keyFrom };
}

function cheapestSource(field: Field, search: Search): { graph: number; cost: number } | undefined {
  if (field.name === '__typename') return { graph: search.places[0]?.graph ?? -1, cost: 0 };
  let best: { graph: number; cost: number } | undefined;
  for (const [graph, reached] of search.entered) {
    const place = search.places.find((entry) => entry.graph === graph) ?? { graph, provides: null };
    const own = fieldCost(search.type, field, { place, search, busy: new Set() });
    if (own !== undefined && (best === undefined || reached + own < best.cost)) best = { graph, cost: reached + own };
  }
  return best;
}

/** Below the key's own level a field may take a jump of its own. */
function jumpCost(type: string, field: Field, from: Place, asking: Asking): number | undefined {
  let best: number | undefined;
  for (const [graph, route] of asking.search.router.routes(type, [from])) {
    if (graph === from.graph) continue;
    const cost = fieldCost(type, field, { ...asking, place: { graph, provides: null } });
    if (cost !== undefined && (best === undefined || cost + route.cost < best)) best = cost + route.cost;
  }
  return best;
}

interface Asking {
  readonly place: Place;
  readonly search: Search;
  /** Fields whose requirement is being looked at: a requirement may not need itself. */
  readonly busy: ReadonlySet<string>;
}

/** Cost of one key field, whole, from one subgraph; undefined where it cannot be had there. */
function fieldCost(type: string, field: Field, asking: Asking): number | undefined {
  const { place, search, busy } = asking;
  const { supergraph } = search.router;
  if (field.name === '__typename') return 0;
  if (!resolvable(supergraph, type, field.name, place)) return undefined;
  const needs = requirement(supergraph, type, field.name, place);
  let cost = 0;
  if (needs !== undefined) {
    const mark = `${type}.${field.name} ${place.graph}`;
    if (busy.has(mark)) return undefined;
    const inner = { search, busy: new Set([...busy, mark]) };
    for (const required of search.router.fieldSet(needs).fieldsFor(type)) {
      const found = [...search.entered.keys()].some(
        (graph) =>
          graph !== place.graph &&
          fieldCost(type, required, { ...inner, place: { graph, provides: null } }) !== undefined,
      );
      if (!found) return undefined;
    }
    cost += FETCH_COST;
  }
  if (field.selection === null) return cost;
  const child = search.router.childPlace(type, field, place);
  const childType = childTypeName(supergraph, type, field.name);
  for (const possible of possibleAt(supergraph, childType, [child])) {
    for (const inner of field.selection.fieldsFor(possible)) {
      const one = fieldCost(possible, inner, { ...asking, place: child }) ?? jumpCost(possible, inner, child, asking);
      if (one === undefined) return undefined;
      cost += one;
    }
  }
  return cost;
}

import { FETCH_COST, placesKey, type Router } from './createRouter.ts';
import { childTypeName, isOneAct, type Place, possibleAt, requirement, resolvable } from './ownership.ts';
import type { PlanningBudget } from './PlanningBudget.ts';
import { type Field, isAsked, type Selection } from './Selection.ts';

/** Which subgraphs answer a field at a position; more than one where only together they can give all of its children. */
export interface Assignment {
  /** Infinity where some field cannot be had at all. */
  readonly cost: number;
  /** Parallel to the fields asked for; empty where the field cannot be had. */
  readonly graphs: readonly (readonly number[])[];
}

/** Chooses subgraphs by dynamic programming over (selection, places); one an operation, because its memory is. */
export interface Assigner {
  assign(type: string, fields: readonly Field[], places: readonly Place[]): Assignment;
  /** Cost of a whole selection on a value of `type` that the places answer. */
  selectionCost(type: string, selection: Selection, places: readonly Place[]): number;
}

interface Option {
  readonly graph: number;
  /** The subgraph has to be entered for this: a jump, or a second visit with what the field requires. */
  readonly jump: boolean;
  readonly cost: number;
  /** Subgraphs that are entered for what the field requires. */
  readonly requires: readonly number[];
}

/** Up to so many the best choice is searched for, unless the budget is tight. */
const EXACT_CANDIDATES = 10;

export function createAssigner(router: Router, budget: PlanningBudget): Assigner {
  const memory = new WeakMap<readonly Field[], Map<string, Assignment>>();
  const busy = new Set<string>();
  const assigner: Assigner = {
    assign(type, fields, places) {
      const name = `${router.typeClass(type)} ${placesKey(places)}`;
      const known = memory.get(fields) ?? new Map<string, Assignment>();
      memory.set(fields, known);
      const found = known.get(name) ?? compute(type, fields, places);
      known.set(name, found);
      return found;
    },
    selectionCost(type, selection, places) {
      let cost = 0;
      const seen = new Set<readonly Field[]>();
      for (const possible of possibleAt(router.supergraph, type, places)) {
        budget.spend(1);
        const fields = selection.fieldsFor(possible);
        const one = assigner.assign(possible, fields, places).cost;
        cost = seen.has(fields) ? Math.max(cost, one) : cost + one;
        seen.add(fields);
        if (cost === Number.POSITIVE_INFINITY) return cost;
      }
      return cost;
    },
  };

  function compute(type: string, fields: readonly Field[], places: readonly Place[]): Assignment {
    const asked = fields.map((field) => ({ field, options: optionsOf(type, field, places) }));
    const splits = asked.map(({ field, options }) =>
      options.some((option) => option.cost < Number.POSITIVE_INFINITY) ? [] : split(type, field, places),
    );
    const base = (graph: number) => Math.max(router.routes(type, places).get(graph)?.cost ?? 0, FETCH_COST);
    // Places are in the order in which they came to be at hand, each after those that its key was read from.
    const rank = ({ graph, jump }: Option) =>
      jump ? places.length + base(graph) : places.findIndex((place) => place.graph === graph);
    // Subgraphs that are entered anyway on the way to the chosen ones, because keys are read there.
    const onTheWay = (graph: number, found = new Set<number>()): ReadonlySet<number> => {
      for (const source of router.routes(type, places).get(graph)?.keyFrom.values() ?? []) {
        if (found.has(source) || places.some((place) => place.graph === source)) continue;
        found.add(source);
        onTheWay(source, found);
      }
      return found;
    };
    const forced = new Set<number>();
    for (const [index, { options }] of asked.entries()) {
      const [only, second] = options;
      if (only?.jump === true && second === undefined) forced.add(only.graph);
      for (const graph of splits[index] ?? []) if (!places.some((place) => place.graph === graph)) forced.add(graph);
    }
    const candidates = [
      ...new Set(asked.flatMap(({ options }) => options.filter((option) => option.jump).map((option) => option.graph))),
    ]
      .filter((graph) => !forced.has(graph))
      .sort((a, b) => a - b);
    /** The best option of each field, where these subgraphs are entered: others on the way to them or for what is required can be asked as well. */
    const settle = (chosen: ReadonlySet<number>, passed: ReadonlySet<number>) => {
      const entered = new Set([...chosen, ...passed]);
      for (;;) {
        const best = asked.map(({ options }) => cheapest(options, { entered, rank }));
        const more = best.flatMap((option) => option?.requires ?? []).filter((graph) => !entered.has(graph));
        if (more.length === 0) return best;
        for (const graph of more) entered.add(graph);
      }
    };
    const passedBy = (chosen: ReadonlySet<number>) => new Set([...chosen].flatMap((graph) => [...onTheWay(graph)]));
    const costOf = (chosen: ReadonlySet<number>) => {
      budget.spend(fields.length);
      let total = 0;
      const passed = passedBy(chosen);
      for (const graph of chosen) if (!passed.has(graph)) total += base(graph);
      const settled = settle(chosen, passed);
      for (const [index, { field }] of asked.entries()) {
        const best = settled[index];
        if (best !== undefined && best.cost < Number.POSITIVE_INFINITY)
          total += best.cost + (best.jump ? sizeOf(childTypeName(router.supergraph, type, field.name), field) : 0);
        else if ((splits[index] ?? []).length > 0) total += FETCH_COST / 2;
        else if (isAsked(field)) return Number.POSITIVE_INFINITY;
      }
      return total;
    };
    const chosen = cover(forced, candidates, { costOf, exact: budget.isTight ? 0 : EXACT_CANDIDATES });
    const graphs = settle(chosen, passedBy(chosen)).map((best, index) => {
      return best !== undefined && best.cost < Number.POSITIVE_INFINITY ? [best.graph] : (splits[index] ?? []);
    });
    return { cost: costOf(chosen), graphs };
  }

  function optionsOf(type: string, field: Field, places: readonly Place[]): Option[] {
    if (!isAsked(field)) return [];
    const options: Option[] = [];
    const routes = router.routes(type, places);
    budget.spend(routes.size);
    for (const graph of routes.keys()) {
      const here = places.find((place) => place.graph === graph);
      const place = here ?? { graph, provides: null };
      if (!resolvable(router.supergraph, type, field.name, place)) continue;
      const own = fieldCost(type, field, place, places);
      if (own === undefined) continue;
      options.push({
        ...own,
        graph,
        jump: here === undefined || requirement(router.supergraph, type, field.name, place) !== undefined,
      });
    }
    return options.sort((a, b) => Number(a.jump) - Number(b.jump) || a.cost - b.cost || a.graph - b.graph);
  }

  /** Undefined where what the field requires cannot be had. */
  function fieldCost(
    type: string,
    field: Field,
    place: Place,
    places: readonly Place[],
  ): Pick<Option, 'cost' | 'requires'> | undefined {
    const needs = requirement(router.supergraph, type, field.name, place);
    let cost = 1;
    let requires: readonly number[] = [];
    if (needs !== undefined) {
      if (router.entry(type, places, place.graph) === undefined) return undefined;
      const mark = `${type}.${field.name} ${place.graph} ${placesKey(places)}`;
      if (busy.has(mark)) return undefined;
      busy.add(mark);
      const required = assigner.assign(type, router.fieldSet(needs).fieldsFor(type), places);
      busy.delete(mark);
      if (required.cost === Number.POSITIVE_INFINITY) return undefined;
      cost += required.cost;
      requires = required.graphs.flat().filter((graph) => !places.some((at) => at.graph === graph));
    }
    if (field.selection === null) return { cost, requires };
    const childType = childTypeName(router.supergraph, type, field.name);
    return {
      cost: cost + assigner.selectionCost(childType, field.selection, [router.childPlace(type, field, place)]),
      requires,
    };
  }

  /** Subgraphs that give the field's children only together: a value object that is split over them. */
  function split(type: string, field: Field, places: readonly Place[]): number[] {
    const { selection } = field;
    if (selection === null || !isAsked(field) || isOneAct(router.supergraph, type)) return [];
    const options = optionsOf(type, field, places).map((option) => option.graph);
    const childType = childTypeName(router.supergraph, type, field.name);
    const placeIn = (graph: number) =>
      router.childPlace(type, field, places.find((place) => place.graph === graph) ?? { graph, provides: null });
    const cost = (graphs: readonly number[]) => assigner.selectionCost(childType, selection, graphs.map(placeIn));
    if (options.length < 2 || cost(options) === Number.POSITIVE_INFINITY) return [];
    if (!sharesWhole(childType, selection, options.map(placeIn))) return [];
    let kept = options;
    for (const graph of [...options].reverse()) {
      const fewer = kept.filter((entry) => entry !== graph);
      if (fewer.length > 0 && cost(fewer) < Number.POSITIVE_INFINITY) kept = fewer;
    }
    return kept;
  }

  /** A field asked for on an abstract type is one question: a single subgraph has to know it for every run-time type. */
  function sharesWhole(type: string, selection: Selection, places: readonly Place[]): boolean {
    if (router.supergraph.types.get(type)?.kind === 'object') return true;
    return selection.fieldsFor(type).every(({ key }) =>
      places.some((place) =>
        possibleAt(router.supergraph, type, [place]).every((possible) => {
          const asked = selection.fieldsFor(possible).filter((field) => field.key === key);
          return assigner.assign(possible, asked, [place]).cost < Number.POSITIVE_INFINITY;
        }),
      ),
    );
  }

  return assigner;
}

/** Fields at and below: of two plans with equal fetches, the one that has more of the answer earlier is better. */
function sizeOf(childType: string, field: Field): number {
  return field.selection === null ? 1 : 1 + field.selection.fieldsFor(childType).length;
}

interface Entered {
  readonly entered: ReadonlySet<number>;
  /** Lower is earlier. */
  readonly rank: (option: Option) => number;
}

/** Of equals the one that is had earlier: what a later key might not be found for is then not lost. */
function cheapest(options: readonly Option[], { entered, rank }: Entered): Option | undefined {
  let best: Option | undefined;
  for (const option of options) {
    if (option.jump && !entered.has(option.graph)) continue;
    const isBetter =
      best === undefined || option.cost < best.cost || (option.cost === best.cost && rank(option) < rank(best));
    if (isBetter) best = option;
  }
  return best;
}

/** Weighted set cover: exact over few candidates, greedy over many; forced ones are in from the start. */
function cover(
  forced: ReadonlySet<number>,
  candidates: readonly number[],
  { costOf, exact }: { readonly costOf: (chosen: ReadonlySet<number>) => number; readonly exact: number },
): ReadonlySet<number> {
  let best: ReadonlySet<number> = forced;
  let bestCost = costOf(best);
  if (candidates.length === 0) return best;
  if (candidates.length <= exact) {
    for (let bits = 1; bits < 1 << candidates.length; bits += 1) {
      const chosen = new Set([...forced, ...candidates.filter((_, index) => (bits & (1 << index)) !== 0)]);
      const cost = costOf(chosen);
      if (cost < bestCost) [best, bestCost] = [chosen, cost];
    }
    return best;
  }
  best = new Set([...forced, ...candidates]);
  bestCost = costOf(best);
  for (const graph of [...candidates].reverse()) {
    const fewer = new Set([...best].filter((entry) => entry !== graph));
    const cost = costOf(fewer);
    if (cost <= bestCost) [best, bestCost] = [fewer, cost];
  }
  return best;
}

import { callOf, dependencies, dependsOn } from '../../src/plan/createBuilder.ts';
import type { Router } from '../../src/plan/createRouter.ts';
import { AT_ONCE } from '../../src/plan/defers.ts';
import { ALWAYS } from '../../src/plan/guards.ts';
import { childTypeName, type Place, requirement, resolvable } from '../../src/plan/ownership.ts';
import type { Call, Fetch, Plan, Position, Shape, ShapeField } from '../../src/plan/Plan.ts';
import type { Field } from '../../src/plan/Selection.ts';

/** A field that is read from a slot of a position: for the answer, or for the representations of a call. */
interface Use {
  readonly position: Position;
  readonly slot: number;
  readonly field: ShapeField;
  readonly by: Call | null;
}

/**
 * What is wrong with the fetches of a query's plan: one that could be left out, two that could be one, one that could leave earlier.
 * Objects that stand in the answer under several response keys are planned for each of them, so that nothing can be said of these.
 */
export function planFaults(plan: Plan, router: Router): string[] {
  if (hasTwins(plan.output, new Set())) return [];
  const uses = usesOf(plan);
  return [
    ...plan.fetches
      .filter((fetch) => canBeDropped(fetch, uses, router))
      .map((fetch) => `fetch ${fetch.id} could be dropped`),
    ...mergeable(plan),
    ...delayed(plan, uses, router),
  ];
}

function hasTwins({ position, fields, branches }: Shape, seen: Set<Position>): boolean {
  if (seen.has(position)) return true;
  seen.add(position);
  const below = [...fields.flatMap((field) => field.child ?? []), ...(branches?.byType.values() ?? [])];
  return below.some((shape) => hasTwins(shape, seen));
}

function usesOf(plan: Plan): Use[] {
  const found: Use[] = [];
  const walk = (shape: Shape, by: Call | null) => {
    const { position, branches } = shape;
    const add = (field: ShapeField) => {
      for (const { slot } of field.reads) found.push({ position, slot, field, by });
      if (field.child !== null) walk(field.child, by);
    };
    for (const field of shape.fields) add(field);
    for (const branch of branches?.byType.values() ?? []) walk(branch, by);
    if (branches !== null) found.push({ position, slot: branches.slot, field: TYPENAME, by });
  };
  walk(plan.output, null);
  for (const call of plan.calls)
    for (const { position, representation, arguments: filled } of call.sites)
      walk({ position, fields: [...representation, ...filled.flat()], branches: null }, call);
  return found;
}

const TYPENAME: ShapeField = {
  kind: 'typename',
  key: '__typename',
  name: '__typename',
  on: '',
  guard: ALWAYS,
  defer: AT_ONCE,
  stream: null,
  type: { kind: 'named', name: 'String' },
  args: '',
  reads: [],
  child: null,
  required: null,
};

/** All that is read from the fetch is read from nowhere, or others that are asked anyway could give it. */
function canBeDropped(fetch: Fetch, uses: readonly Use[], router: Router): boolean {
  const own = (call: Call) => fetch.calls.some((one) => one === call || one === call.sharedWith);
  return uses
    .filter(({ position, slot, by }) => own(callOf(position, slot)) && (by === null || !own(by)))
    .every(
      (use) =>
        use.field.kind === 'value' &&
        alternatives(use, router).some((call) => !fetch.calls.some((one) => dependsOn(call, one)) && !own(call)),
    );
}

/** Calls that could give the field at its position as well, whatever the conditions. */
function alternatives({ position, slot, field }: Use, router: Router): Call[] {
  return position.slots.flatMap((other, index) => {
    // What is handed down from above is another object.
    if (index === slot || other.origin.kind === 'above') return [];
    const call = callOf(position, index);
    const isAlways = call.guard === null || call.guard === ALWAYS || call.guard === callOf(position, slot).guard;
    const place = { graph: other.graph, provides: other.provides, as: other.as };
    const from = position.slots[slot]?.graph ?? 0;
    return isAlways && canGive(field, position.type, { place, from, router }) ? [call] : [];
  });
}

interface Giving {
  readonly place: Place;
  /** The subgraph that gives it in the plan. */
  readonly from: number;
  readonly router: Router;
}

function canGive(field: ShapeField, type: string, { place, from, router }: Giving): boolean {
  if (field.kind === 'typename') return true;
  const { supergraph } = router;
  if (!resolvable(supergraph, type, field.name, place)) return false;
  if (requirement(supergraph, type, field.name, place) !== undefined) return false;
  if (field.child === null) return true;
  const below = router.childPlace(type, { name: field.name } as Field, place);
  // Types that only the other subgraph may answer would have to be asked for what is selected of them.
  const child = supergraph.types.get(childTypeName(supergraph, type, field.name));
  const known = child?.graphs.get(from)?.possible ?? [];
  if (child?.graphs.get(place.graph)?.possible.every((one) => known.includes(one)) !== true) return false;
  const shapes = field.child.branches === null ? [field.child] : [...field.child.branches.byType.values()];
  return shapes.every((shape) =>
    shape.fields.every((inner) => canGive(inner, shape.position.type, { place: below, from, router })),
  );
}

/** Two fetches to one subgraph that start at the same time. */
function mergeable({ fetches }: Plan): string[] {
  const levels = new Map<number, number>();
  const levelOf = (fetch: Fetch): number => {
    const known = levels.get(fetch.id);
    if (known !== undefined) return known;
    const level = 1 + Math.max(-1, ...fetch.deps.map((dep) => levelOf(fetches[dep] as Fetch)));
    levels.set(fetch.id, level);
    return level;
  };
  return fetches.flatMap((one) =>
    fetches
      .filter((other) => other.id > one.id && other.graph === one.graph && levelOf(other) === levelOf(one))
      .map((other) => `fetch ${one.id} and fetch ${other.id} could be merged`),
  );
}

/** Fetches that wait for what they do not read, or read from a later one what an earlier one could give. */
function delayed({ fetches, calls }: Plan, uses: readonly Use[], router: Router): string[] {
  const levels = new Map<Call, number>();
  const levelOf = (call: Call): number => {
    const known = levels.get(call);
    if (known !== undefined) return known;
    const level = 1 + Math.max(-1, ...[...dependencies(call)].map(levelOf));
    levels.set(call, level);
    return level;
  };
  const fetchOf = (call: Call) => fetches.find((one) => one.calls.includes(call.sharedWith ?? call));
  const faults: string[] = [];
  for (const fetch of fetches) {
    const mine = calls.filter((call) => fetchOf(call) === fetch);
    const read = new Set(mine.flatMap((call) => [...dependencies(call)].map((dep) => fetchOf(dep)?.id)));
    for (const dep of fetch.deps) if (!read.has(dep)) faults.push(`fetch ${fetch.id} waits for fetch ${dep} in vain`);
    // Those by which the fetch is as late as it is.
    const latest = mine.flatMap((call) =>
      uses.filter((use) => use.by === call && levelOf(callOf(use.position, use.slot)) === levelOf(call) - 1),
    );
    const isLate = (use: Use) =>
      alternatives(use, router).some((call) => levelOf(call) < levelOf(callOf(use.position, use.slot)));
    const types = mine.flatMap((call) => call.sites.flatMap(({ position }) => typeCalls(position)));
    const waitsForType = types.some((call) => levelOf(call) === Math.max(...mine.map(levelOf)) - 1);
    if (latest.length > 0 && !waitsForType && latest.every((use) => use.field.kind === 'value' && isLate(use)))
      faults.push(`fetch ${fetch.id} could be started earlier`);
  }
  return faults;
}

/** Calls that tell whether the position is there at all. */
function typeCalls(position: Position): Call[] {
  const found: Call[] = [];
  for (let at: Position | undefined = position; at !== undefined; at = at.viewOf ?? at.from?.position)
    if (at.viewOf !== null && at.viewOf.typeSlot !== null) found.push(callOf(at.viewOf, at.viewOf.typeSlot));
  return found;
}

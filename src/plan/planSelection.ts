import { printTypeRef } from '../supergraph/TypeRef.ts';
import { agreedMembers } from './agreedMembers.ts';
import { type Builder, type Demand, enteredPlaces, placesOf, viewFor } from './createBuilder.ts';
import { enterSubgraph } from './enterSubgraph.ts';
import { ALWAYS } from './guards.ts';
import { fieldInfo, ownerIn, type Place, possibleAt, providedField, requirement } from './ownership.ts';
import type { Position, Shape, ShapeField } from './Plan.ts';
import { absentField, refuseUnreachable } from './planFields.ts';
import { type Field, isAsked, isSameField, type Selection } from './Selection.ts';
import { addTypename } from './upstreamFields.ts';

const TYPENAME: Field = {
  key: '__typename',
  name: '__typename',
  args: '',
  argumentNodes: [],
  variables: [],
  guard: ALWAYS,
  occurrences: [],
  selection: null,
  defer: null,
  stream: null,
  denied: null,
};

/** Plans what is selected at a position: together where all run-time types resolve alike, else a branch a type. */
export function planSelection(builder: Builder, position: Position, selection: Selection, demand: Demand): Shape {
  const info = builder.supergraph.types.get(position.type);
  if (info === undefined || info.kind === 'object') {
    return {
      position,
      fields: builder.planFields(position, selection.fieldsFor(position.type), demand),
      branches: null,
    };
  }
  const places = placesOf(position, demand.defer);
  const first = places[0];
  if (first !== undefined && info.graphs.get(first.graph)?.isInterfaceObject === true)
    return planInterfaceObject(builder, position, selection, demand);
  const possible = possibleAt(builder.supergraph, position.type, places);
  builder.budget.spend(possible.length);
  // Without implementations nothing may ever come, but a field that could not be had is no less wrong.
  if (possible.length === 0) refuseUnreachable(builder, position, selection.fieldsFor(position.type));
  const common = commonFields(builder, position, { selection, possible, demand });
  if (common !== undefined) {
    // What is handed to a subgraph has to say of which type it is.
    const fields =
      demand.isInternal === true ? [TYPENAME, ...common.filter(({ key }) => key !== TYPENAME.key)] : common;
    return { position, fields: planCommon(builder, position, fields, demand), branches: null };
  }
  const core = demand.isInternal === true ? [] : coreFields(builder, position, { selection, possible, demand });
  return planBranches(builder, position, { selection, demand, slot: 0, possible, core });
}

/** The run-time type is not known to this subgraph: either it does not matter, or another one is asked for it. */
function planInterfaceObject(builder: Builder, position: Position, selection: Selection, demand: Demand): Shape {
  const { supergraph, router } = builder;
  const possible = supergraph.types.get(position.type)?.possible ?? [];
  const lists = new Set((possible.length === 0 ? [position.type] : possible).map((type) => selection.fieldsFor(type)));
  const [fields] = lists;
  // A field that is denied has the type that its own object gives it.
  const isOther = ({ name, denied }: Field) =>
    name === '__typename' || (denied !== null && fieldInfo(supergraph, position.type, name) === undefined);
  if (lists.size === 1 && fields !== undefined && !fields.some(isOther)) {
    const assigned = builder.assigner.assign(position.type, fields, enteredPlaces(position, demand.defer));
    if (assigned.cost < Number.POSITIVE_INFINITY)
      return { position, fields: builder.planFields(position, fields, demand), branches: null };
  }
  const routes = [...router.routes(position.type, placesOf(position, demand.defer)).values()].sort(
    (a, b) => a.cost - b.cost,
  );
  const real = routes.find(
    (route) => supergraph.types.get(position.type)?.graphs.get(route.graph)?.isInterfaceObject === false,
  );
  if (real === undefined) return planBranches(builder, position, { selection, demand, slot: 0, possible, core: [] });
  const slot = enterSubgraph(builder, position, real.graph, demand);
  const known = supergraph.types.get(position.type)?.graphs.get(real.graph)?.possible ?? possible;
  return planBranches(builder, position, { selection, demand, slot, possible: known, core: [] });
}

interface Branching {
  readonly selection: Selection;
  readonly demand: Demand;
  /** Whose `__typename` decides. */
  readonly slot: number;
  readonly possible: readonly string[];
  /** Fields that all of the types share and that are asked for on the abstract type. */
  readonly core: readonly Field[];
}

function planBranches(
  builder: Builder,
  position: Position,
  { selection, demand, slot, possible, core }: Branching,
): Shape {
  const node = position.slots[slot]?.node;
  if (node !== undefined) addTypename(node);
  position.typeSlot ??= slot;
  const shared = new Map(planCommon(builder, position, core, demand).map((field) => [field.key, field]));
  const agreed = agreedMembers(builder.router, position);
  const own = new Map<readonly Field[], readonly Field[]>();
  const alike = new Map<readonly Field[], Shape>();
  const planType = (type: string): Shape => {
    const fields = selection.fieldsFor(type);
    const rest = own.get(fields) ?? fields.filter(({ key }) => !shared.has(key));
    own.set(fields, rest);
    // In the format of 2022 one key may stand twice: at once and deferred.
    const inOrder = (planned: readonly ShapeField[]) => {
      const own = new Map(rest.map((field, index) => [field, planned[index]]));
      return fields.flatMap((field) => own.get(field) ?? shared.get(field.key) ?? []);
    };
    if (rest.length === 0 && shared.size > 0) {
      const shape = alike.get(fields) ?? { position, fields: inOrder([]), branches: null };
      alike.set(fields, shape);
      return shape;
    }
    const view = viewFor(builder, position, type);
    const planned =
      agreed?.has(type) === false
        ? rest.map((field) => absentField(builder, view, field, demand))
        : builder.planFields(view, rest, demand);
    return { position: view, fields: inOrder(planned), branches: null };
  };
  // A value of an inaccessible type is null to the client: nothing of it is asked for.
  const seen = possible.filter(
    (type) => demand.isInternal === true || builder.supergraph.clientSchema.getType(type) !== undefined,
  );
  return { position, fields: [], branches: { slot, byType: new Map(seen.map((type) => [type, planType(type)])) } };
}

interface Shared {
  readonly selection: Selection;
  readonly possible: readonly string[];
  readonly demand: Demand;
}

/** Fields that every run-time type selects alike and that this subgraph resolves on the abstract type itself. */
function coreFields(builder: Builder, position: Position, { selection, possible, demand }: Shared): readonly Field[] {
  const places = placesOf(position, demand.defer);
  const [here, second] = places;
  if (here === undefined || second !== undefined || here.as !== undefined) return [];
  // Nothing is asked for of an inaccessible type.
  if (possible.some((type) => builder.supergraph.clientSchema.getType(type) === undefined)) return [];
  if (setsContext(builder, possible)) return [];
  const lists = [...new Set(possible.map((type) => selection.fieldsFor(type)))];
  builder.budget.spend(possible.length + lists.length);
  const isTwofold = (key: string) => lists.some((fields) => fields.filter((field) => field.key === key).length > 1);
  const [first = [], ...others] = lists.map((fields) => new Map(fields.map((field) => [field.key, field])));
  const shared = [...first.values()].filter(
    (field) =>
      others.every((fields) => {
        const other = fields.get(field.key);
        return other !== undefined && isSameField(field, other);
      }) &&
      (field.defer ?? demand.defer) === demand.defer &&
      !isTwofold(field.key) &&
      resolvesAlike(builder, { type: position.type, possible, field, here }),
  );
  builder.budget.spend(possible.length * shared.length);
  const stays = possible.map((type) => staysAt(builder, type, { fields: shared, place: here }));
  return shared.filter((_, index) => stays.every((fields) => fields[index] === true));
}

/** What is selected below may read from these objects, and their type says what. */
function setsContext({ supergraph }: Builder, types: readonly string[]): boolean {
  return types.some((type) => (supergraph.types.get(type)?.contexts.size ?? 0) > 0);
}

/** Of each field, whether it is best asked for where its object is at hand. */
function staysAt(
  { assigner }: Builder,
  type: string,
  { fields, place }: { readonly fields: readonly Field[]; readonly place: Place },
): readonly boolean[] {
  return assigner.assign(type, fields, [place]).graphs.map((graphs, index) => {
    const field = fields[index];
    return (field !== undefined && !isAsked(field)) || (graphs.length === 1 && graphs[0] === place.graph);
  });
}

/**
 * The fields, where every run-time type selects the same ones and this subgraph resolves each of them on the abstract type itself.
 * Undefined where types have to be told apart.
 */
function commonFields(
  builder: Builder,
  position: Position,
  { selection, possible, demand }: Shared,
): readonly Field[] | undefined {
  const [fields, ...others] = new Set(possible.map((type) => selection.fieldsFor(type)));
  if (fields === undefined || others.length > 0 || position.views.size > 0) return undefined;
  // A value of an inaccessible type is null to the client, so its type has to be known.
  if (possible.some((type) => builder.supergraph.clientSchema.getType(type) === undefined)) return undefined;
  if (setsContext(builder, possible)) return undefined;
  const places = placesOf(position, demand.defer);
  const here = places[0];
  if (here === undefined || places.length > 1 || here.as !== undefined) return undefined;
  const local = (field: Field) => resolvesAlike(builder, { type: position.type, possible, field, here });
  builder.budget.spend(possible.length * fields.length);
  if (!fields.every(local)) return undefined;
  const staysHere = possible.every((type) => staysAt(builder, type, { fields, place: here }).every(Boolean));
  return staysHere ? fields : undefined;
}

function resolvesAlike(
  { supergraph }: Builder,
  {
    type,
    possible,
    field,
    here,
  }: { readonly type: string; readonly possible: readonly string[]; readonly field: Field; readonly here: Place },
): boolean {
  if (field.name === '__typename') return true;
  const nulls = (on: string) => {
    const info = fieldInfo(supergraph, on, field.name);
    return info === undefined ? undefined : printTypeRef(info.type, () => '');
  };
  const onAbstract = nulls(type);
  // Where one may not be null, it bubbles for that type only.
  if (!possible.every((name) => (nulls(name) ?? onAbstract) === onAbstract)) return false;
  if (field.denied !== null) return onAbstract !== undefined;
  const owner = ownerIn(supergraph, type, field.name, here.graph);
  if (owner === undefined || (owner.external && providedField(here, type, field.name) === undefined)) return false;
  return possible.every((name) => {
    const own = ownerIn(supergraph, name, field.name, here.graph);
    if (own === undefined || requirement(supergraph, name, field.name, here) !== undefined) return false;
    // A provided object can be asked for on the interface only if the path provides it for each implementation.
    return !own.external || providedField(here, name, field.name) !== undefined;
  });
}

function planCommon(builder: Builder, position: Position, fields: readonly Field[], demand: Demand): ShapeField[] {
  const { graph, node } = position.slots[0] ?? {};
  const plan = (some: readonly Field[], own: Demand) => {
    const planned = builder.planFields(position, some, own);
    return some.map((field, index) => [field, planned[index]] as const);
  };
  const typenames = fields.filter(({ name }) => name === '__typename');
  const others = fields.filter(({ name }) => name !== '__typename');
  const planned = new Map([...plan(others, { ...demand, from: graph }), ...plan(typenames, demand)]);
  if (typenames.length > 0 && node !== undefined) addTypename(node);
  return fields.flatMap((field) => {
    const shape = planned.get(field);
    if (shape === undefined) return [];
    return field.name === '__typename' ? { ...shape, reads: [{ slot: 0, key: '__typename' }] } : shape;
  });
}

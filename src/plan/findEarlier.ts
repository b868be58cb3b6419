import type { Supergraph } from '../supergraph/Supergraph.ts';
import { callOf } from './createBuilder.ts';
import { representationText } from './createFetches.ts';
import { ALWAYS, type Guard } from './guards.ts';
import type {
  Call,
  Earlier,
  ObjectsGiven,
  Plan,
  Position,
  Shape,
  ShapeField,
  UpstreamField,
  UpstreamNode,
} from './Plan.ts';
import { sourceNames } from './sourceNames.ts';

/**
 * Where a subgraph has already given entities with all that a later call would ask it for. What was looked up by the same representation
 * is the same entity, and so is what the subgraph itself gave under the same key anywhere else in the operation.
 */
export function findEarlier(
  { operation, fetches, output }: Pick<Plan, 'operation' | 'fetches' | 'output'>,
  supergraph: Supergraph,
): Plan['earlier'] {
  const found = new Map<Call, Earlier>();
  // Between two reads of a mutation something is written.
  if (operation === 'mutation' || !fetches.some(({ calls }) => calls.some(isReusing))) return found;
  const fetchOf = new Map<Call, number>();
  for (const { id, calls } of fetches) for (const call of calls) fetchOf.set(call, id);
  const looking = fetches.flatMap(({ calls }) => calls).filter(isReusing);
  const given = objectsGiven(output);
  for (const call of looking) {
    const own = fetchOf.get(call) ?? 0;
    // One that is not waited for may be in by then all the same.
    const isEarlier = (other: Call) => (fetchOf.get(other.sharedWith ?? other) ?? own) < own;
    const lookups = looking.filter((other) => isEarlier(other) && isSameLookup(other, call)).slice(-MOST_PLACES);
    const objects = (given.get(`${call.graph} ${call.type}`) ?? [])
      .filter(({ position, slot }) => isEarlier(callOf(position, slot)))
      .flatMap((object) => withKeys(object, call, supergraph))
      .slice(0, MOST_PLACES);
    if (lookups.length + objects.length > 0) found.set(call, { lookups, objects });
  }
  return found;
}

/** Of each kind, for one call: what is looked for in many places costs more than the request that it may save. */
const MOST_PLACES = 4;

/** Lookups whose entities are told apart by plain values: no other has a name by which it could be found again. */
function isReusing({ kind, operation, sites, arguments: collected }: Call): boolean {
  return (
    kind === 'entities' &&
    operation === 'query' &&
    collected.length === 0 &&
    sites.every(({ representation, keys }) => keys > 0 && representation.every(isPlain))
  );
}

function isPlain({ child, above, guard, kind }: ShapeField): boolean {
  return child === null && above === undefined && guard === ALWAYS && kind === 'value';
}

function isSameLookup(earlier: Call, call: Call): boolean {
  return (
    earlier.graph === call.graph &&
    earlier.type === call.type &&
    representationOf(earlier) === representationOf(call) &&
    covers(earlier.node, call.node)
  );
}

function representationOf({ sites: [site] }: Call): string {
  return site === undefined ? '' : `${site.keys} ${representationText(site.representation)}`;
}

interface Given {
  readonly position: Position;
  readonly slot: number;
  readonly node: UpstreamNode;
  /** By the fields of a key: one object a place, so that it is walked once a request. */
  readonly places: Map<string, ObjectsGiven>;
}

/** Objects that subgraphs give below other fields, by subgraph and type. */
function objectsGiven(output: Shape): ReadonlyMap<string, readonly Given[]> {
  const found = new Map<string, Given[]>();
  const seen = new Set<Shape>();
  const visit = (shape: Shape) => {
    if (seen.has(shape)) return;
    seen.add(shape);
    const { position } = shape;
    for (const [slot, { origin, graph, node, as }] of position.slots.entries()) {
      if (origin.kind !== 'child' || as !== undefined || node.type !== position.type) continue;
      const name = `${graph} ${position.type}`;
      found.set(name, [...(found.get(name) ?? []), { position, slot, node, places: new Map() }]);
    }
    for (const { child } of shape.fields) if (child !== null) visit(child);
    for (const branch of shape.branches?.byType.values() ?? []) visit(branch);
  };
  visit(output);
  return found;
}

/** The place under the key that the call knows its entities by; nothing where not all is there that it asks for. */
function withKeys({ position, slot, node, places }: Given, call: Call, supergraph: Supergraph): ObjectsGiven[] {
  const [site] = call.sites;
  // What it requires of others the subgraph was not given there.
  if (site === undefined || site.representation.length !== site.keys || !covers(node, call.node)) return [];
  const names = sourceNames(call.graph, supergraph);
  const wanted = site.representation.map((field) => keyOf(node, names.field(field)));
  const keys = wanted.filter((key) => key !== undefined);
  if (keys.length < wanted.length) return [];
  const place = places.get(keys.join()) ?? { position, slot, keys };
  places.set(keys.join(), place);
  return [place];
}

/** The response key of a field that is always asked for. */
function keyOf({ fields }: UpstreamNode, name: string): string | undefined {
  return [...fields.values()].find(
    (field) => field.name === name && field.node === null && isAlways(field) && field.args === '',
  )?.key;
}

/** Whether all that one selection asks for is in what the other always gives, under the same response keys. */
function covers(given: UpstreamNode, asked: UpstreamNode, above: readonly UpstreamNode[] = []): boolean {
  const selections = [given, ...above];
  const has = (field: UpstreamField) => selections.some(({ fields }) => isGiven(fields.get(field.key), field));
  return (
    [...asked.fields.values()].every(has) &&
    [...asked.branches].every(([type, branch]) => {
      const own = given.branches.get(type);
      return covers(own ?? given, branch, own === undefined ? [] : selections);
    })
  );
}

function isGiven(given: UpstreamField | undefined, asked: UpstreamField): boolean {
  if (given === undefined || given.name !== asked.name || given.args !== asked.args) return false;
  if (!isAlways(given) || given.collected.length > 0 || asked.collected.length > 0) return false;
  if (asked.node === null || given.node === null) return asked.node === given.node;
  return given.node.type === asked.node.type && covers(given.node, asked.node);
}

function isAlways({ guard }: { readonly guard: Guard | null }): boolean {
  return (guard ?? ALWAYS) === ALWAYS;
}

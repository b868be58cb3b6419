import type { Call, Position, SlotOrigin } from '../plan/Plan.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { fillSlot, lookedUp, objectAbove, readKey, viewObjects, withKeys } from './frames.ts';
import { type Frame, type Run, stateOf } from './Run.ts';
import { supergraphTypeName } from './typeNames.ts';

/** Visits each frame of a position that the replies so far hold; only the slots asked for are filled. */
export type Walk = (run: Run, visit: (frame: Frame) => void) => void;

type Plain = Readonly<Record<string, unknown>>;

/**
 * Builds the walk to a position. It starts at the entities of the nearest call that has all that is needed,
 * so that an entity is walked once however often it occurs in the answer.
 */
export function walkTo(position: Position, need: ReadonlySet<number>, supergraph: Supergraph): Walk {
  const anchor = anchorOf(position, need);
  if (anchor !== undefined) return anchor;
  const filled = withKeys(position, need);
  const order = lookedUp(position).filter((slot) => filled.has(slot));
  const complete = (frame: Frame, run: Run) => {
    for (const slot of order) fillSlot(position, slot, frame, run);
    return frame;
  };
  if (position.viewOf !== null) return walkView(position, { viewed: position.viewOf, filled, complete, supergraph });
  return walkChild(position, { filled, complete, supergraph });
}

interface Step {
  readonly filled: ReadonlySet<number>;
  readonly complete: (frame: Frame, run: Run) => Frame;
  readonly supergraph: Supergraph;
}

function anchorOf(position: Position, need: ReadonlySet<number>): Walk | undefined {
  const anchor = anchorSlot(position, need);
  if (anchor === undefined) return undefined;
  const { slot, call } = anchor;
  return (run, visit) => {
    const { entities, reached } = stateOf(run, call);
    // Of a shared call, the entities of this position only.
    const mine = reached.get(position);
    for (const [index, entity] of entities.entries()) {
      if (entity === null || entity === undefined || mine?.has(index) === false) continue;
      const frame: Frame = [];
      frame[slot] = entity;
      visit(frame);
    }
  };
}

export interface Anchor {
  readonly slot: number;
  readonly call: Call;
}

/** The call whose entities have all that is needed at a position. */
export function anchorSlot(position: Position, need: ReadonlySet<number>): Anchor | undefined {
  const [slot, second] = need;
  const origin = slot === undefined || second !== undefined ? undefined : position.slots[slot]?.origin;
  if (slot === undefined || (origin?.kind !== 'root' && origin?.kind !== 'entity')) return undefined;
  return { slot, call: origin.call };
}

/** What has to be there of a viewed position, for its view to be told and to have what it takes over. */
export function neededOfViewed(
  view: Position,
  viewed: Position,
  filled: ReadonlySet<number>,
): { readonly typeSlot: number; readonly need: ReadonlySet<number> } {
  const typeSlot = typenameSlot(viewed, view);
  const need = new Set<number>([typeSlot]);
  for (const slot of filled) {
    const origin = view.slots[slot]?.origin;
    if (origin?.kind === 'view' || origin?.kind === 'above') need.add(origin.slot);
  }
  return { typeSlot, need };
}

function walkView(
  view: Position,
  { viewed, filled, complete, supergraph }: Step & { readonly viewed: Position },
): Walk {
  const { typeSlot, need } = neededOfViewed(view, viewed, filled);
  const outer = walkTo(viewed, need, supergraph);
  const graph = viewed.slots[typeSlot]?.graph ?? 0;
  return (run, visit) =>
    outer(run, (frame) => {
      const name = (frame[typeSlot] as Plain | null | undefined)?.['__typename'];
      if (supergraphTypeName(supergraph, graph, name) !== view.type) return;
      visit(complete(viewObjects(view, frame), run));
    });
}

/** The slot whose `__typename` tells the views of a position apart. */
function typenameSlot(viewed: Position, view: Position): number {
  return viewed.typeSlot ?? view.slots.findIndex((slot) => slot.origin.kind === 'view');
}

function walkChild(position: Position, { filled, complete, supergraph }: Step): Walk {
  const { children, above } = takenFrom(position, filled);
  const parent = children[0]?.origin.parent;
  if (parent === undefined) return (run, visit) => visit(complete([], run));
  const outer = walkTo(parent, new Set([...children, ...above].map(({ origin }) => origin.slot)), supergraph);
  return (run, visit) => {
    if (position.guard !== 0 && run.guards[position.guard] !== true) return;
    outer(run, (frame) => {
      const values = children.map(({ origin }) => readKey(frame[origin.slot], origin.field.key));
      descend(values, (objects) => {
        const own: Frame = [];
        for (const [index, { slot }] of children.entries()) own[slot] = objects[index];
        for (const { slot, origin } of above) own[slot] = objectAbove(origin, frame);
        visit(complete(own, run));
      });
    });
  };
}

/** Slots that are read from the parent position, and those that take over what stands there. */
export function takenFrom(position: Position, filled: ReadonlySet<number>): Taken {
  const children: Taken['children'][number][] = [];
  const above: Taken['above'][number][] = [];
  for (const slot of filled) {
    const origin = position.slots[slot]?.origin;
    if (origin?.kind === 'child') children.push({ slot, origin });
    if (origin?.kind === 'above') above.push({ slot, origin });
  }
  return { children, above };
}

interface Taken {
  readonly children: readonly { readonly slot: number; readonly origin: Extract<SlotOrigin, { kind: 'child' }> }[];
  readonly above: readonly { readonly slot: number; readonly origin: Extract<SlotOrigin, { kind: 'above' }> }[];
}

/** Takes lists apart, in step for all subgraphs that give the value together. */
function descend(values: readonly unknown[], visit: (objects: readonly unknown[]) => void): void {
  const list = values.find((value) => Array.isArray(value));
  if (Array.isArray(list)) {
    for (const index of list.keys())
      descend(
        values.map((value) => (Array.isArray(value) ? value[index] : undefined)),
        visit,
      );
  } else if (values.some((value) => typeof value === 'object' && value !== null)) visit(values);
}

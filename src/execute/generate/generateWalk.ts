import type { Position } from '../../plan/Plan.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';
import { lookedUp, withKeys } from '../frames.ts';
import { workingCall } from '../Run.ts';
import { type Anchor, anchorSlot, neededOfViewed, takenFrom } from '../walkSite.ts';
import { aboveCode, lookUpCode, readCode } from './readCode.ts';

/** Code that grows while a walk is written. */
export interface Walking {
  readonly supergraph: Supergraph;
  readonly functions: string[];
  readonly constants: unknown[];
  /** Calls whose replies are read. */
  readonly calls: Set<number>;
}

/** Declares what walks read: entities and index of each call, and the guards. `run` has to be in scope. */
export function repliesCode({ calls }: Walking): string[] {
  return [
    ...[...calls].map((id) => `const E${id} = run.calls[${id}].entities, M${id} = run.calls[${id}].index;`),
    'const g = run.guards;',
  ];
}

/** What is done at each frame of a position, given the slots that are there. */
export type Inner = (slots: readonly number[]) => string;

/** Code that calls `inner` wherever `walkTo` calls its visitor. */
export function walkCode(position: Position, need: ReadonlySet<number>, inner: Inner, walking: Walking): string {
  const anchor = anchorSlot(position, need);
  if (anchor !== undefined) return anchorCode(position, anchor, inner, walking);
  const filled = withKeys(position, need);
  const looked = lookedUp(position).filter((slot) => filled.has(slot));
  noteCalls(position, looked, walking);
  const code = [...looked.map((slot) => lookUpCode(position, slot)), inner([...filled])].join('\n');
  return position.viewOf === null
    ? childCode(position, { filled, code }, walking)
    : viewCode(position, position.viewOf, { filled, code }, walking);
}

function anchorCode(position: Position, { slot, call }: Anchor, inner: Inner, walking: Walking): string {
  const { id } = workingCall(call);
  walking.calls.add(id);
  const mine = constant(position, walking);
  const name = functionOf([`f${slot}`], inner([slot]), walking);
  return `{ const mine = run.calls[${id}].reached.get(${mine});
for (let i = 0; i < E${id}.length; i++) if (E${id}[i] != null && mine?.has(i) !== false) ${name}(E${id}[i]); }`;
}

interface Step {
  readonly filled: ReadonlySet<number>;
  /** What is done at the position, once its own slots are there. */
  readonly code: string;
}

function viewCode(view: Position, viewed: Position, { filled, code }: Step, walking: Walking): string {
  const { supergraph } = walking;
  const { typeSlot, need } = neededOfViewed(view, viewed, filled);
  const graph = viewed.slots[typeSlot]?.graph ?? 0;
  const taken = [...filled].flatMap((slot) => {
    const origin = view.slots[slot]?.origin;
    if (origin?.kind === 'above') return [{ slot, value: aboveCode(origin, walking.constants) }];
    return origin?.kind === 'view' ? [{ slot, value: `f${origin.slot}` }] : [];
  });
  const name = functionOf(
    taken.map(({ slot }) => `f${slot}`),
    code,
    walking,
  );
  const told = `f${typeSlot}?.__typename`;
  const isRenamed = supergraph.subgraphs[graph]?.definition.renames?.types !== undefined;
  const type = isRenamed ? `asType(${graph}, ${told})` : told;
  const call = `if (${type} === ${JSON.stringify(view.type)}) ${name}(${taken.map(({ value }) => value).join(', ')});`;
  return walkCode(viewed, need, () => call, walking);
}

function childCode(position: Position, { filled, code }: Step, walking: Walking): string {
  const { children, above } = takenFrom(position, filled);
  const parent = children[0]?.origin.parent;
  const own = children.map(({ slot }) => `f${slot}`);
  const shared = above.map(({ slot }) => `f${slot}`);
  if (parent === undefined) return `${functionOf(shared, code, walking)}();`;
  const name = `w${walking.functions.length}`;
  const steps = own.map((list) => {
    // Lists of all subgraphs that give the value together are taken apart in step; the first says how long.
    const items = own.map((f) => (f === list ? `${f}[i]` : `Array.isArray(${f}) ? ${f}[i] : undefined`));
    return `if (Array.isArray(${list})) { for (let i = 0; i < ${list}.length; i++) ${name}(${[...items, ...shared].join(', ')}); return; }`;
  });
  const isThere = own.map((f) => `(typeof ${f} === 'object' && ${f} !== null)`).join(' || ');
  functionOf([...own, ...shared], [...steps, `if (!(${isThere})) return;`, code].join('\n'), walking);
  const given = [
    ...children.map(({ origin }) => readCode(parent, { slot: origin.slot, key: origin.field.key })),
    ...above.map(({ origin }) => aboveCode(origin, walking.constants)),
  ];
  const need = new Set([...children, ...above].map(({ origin }) => origin.slot));
  const walk = walkCode(parent, need, () => `${name}(${given.join(', ')});`, walking);
  return position.guard === 0 ? walk : `if (g[${position.guard}]) { ${walk} }`;
}

/** Adds a function and gives its name. */
function functionOf(parameters: readonly string[], code: string, { functions }: Walking): string {
  const name = `w${functions.length}`;
  functions.push(`function ${name}(${parameters.join(', ')}) {\n${code}\n}`);
  return name;
}

function constant(value: unknown, { constants }: Walking): string {
  constants.push(value);
  return `C[${constants.length - 1}]`;
}

function noteCalls(position: Position, slots: readonly number[], { calls }: Walking): void {
  for (const slot of slots) {
    const origin = position.slots[slot]?.origin;
    if (origin?.kind === 'root' || origin?.kind === 'entity') calls.add(workingCall(origin.call).id);
  }
}

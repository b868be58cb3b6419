import type { ObjectsGiven } from '../../plan/Plan.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';
import { within } from '../frames.ts';
import type { KeyMap, Run } from '../Run.ts';
import { supergraphTypeName } from '../typeNames.ts';
import { repliesCode, type Walking, walkCode } from './generateWalk.ts';
import { own, readCode } from './readCode.ts';

type Generated = (run: Run, constants: readonly unknown[], helpers: Helpers) => KeyMap;

interface Helpers {
  readonly own: typeof own;
  readonly within: typeof within;
  readonly asType: (graph: number, name: unknown) => string | undefined;
}

/** What `indexGiven` does, as generated code: of 10,000 objects 0.5 ms instead of 1.4. */
export function generateIndex({ position, slot, keys }: ObjectsGiven, supergraph: Supergraph): (run: Run) => KeyMap {
  const walking: Walking = { supergraph, functions: [], constants: [], calls: new Set() };
  const values = keys.map((key) => readCode(position, { slot, key }));
  const steps = values
    .slice(0, -1)
    .map((v) => `{ let next = m.get(${v}); if (next === undefined) m.set(${v}, next = new Map()); m = next; }`);
  const last = values.at(-1) ?? 'undefined';
  const inner = () => ['let m = index;', ...steps, `if (!m.has(${last})) m.set(${last}, f${slot});`].join('\n');
  const walk = walkCode(position, new Set([slot]), inner, walking);
  const body = [
    'const { own, within, asType } = helpers, index = new Map();',
    ...repliesCode(walking),
    ...walking.functions,
    walk,
    'return index;',
  ].join('\n');
  const generated = new Function('run', 'C', 'helpers', body) as Generated;
  const asType = (graph: number, name: unknown) => supergraphTypeName(supergraph, graph, name);
  return (run) => generated(run, walking.constants, { own, within, asType });
}

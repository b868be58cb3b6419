import type { Call } from '../plan/Plan.ts';
import type { Batch, CallState, Tuple } from './Run.ts';

const NONE: Tuple = { values: [], absent: 0, isMissing: false, isIdle: false };

/**
 * The aliases that a call takes in one request. A lookup of one entity takes one each; a batch takes one, or more where it is bounded
 * or where entities bring different arguments.
 */
export function createBatches(call: Call, { representations, tuples, entities }: CallState): readonly Batch[] {
  if (call.lookup === null) return [{ entities: [], tuple: NONE }];
  // What is there already was given before.
  const all = [...representations.keys()].filter(
    (index) => tuples[index]?.isIdle !== true && entities[index] === undefined,
  );
  switch (call.kind) {
    case 'entities':
      return byTuple(all, tuples);
    case 'rootBatch':
      return byTuple(all, tuples).flatMap((batch) => split(batch, call.lookup?.batch?.max));
    default:
      return all.map((index) => ({ entities: [index], tuple: tuples[index] ?? NONE }));
  }
}

/** Entities with equal arguments together, in the order in which they came. */
function byTuple(all: readonly number[], tuples: readonly Tuple[]): readonly Batch[] {
  if (tuples.length === 0) return all.length === 0 ? [] : [{ entities: all, tuple: NONE }];
  const groups = new Map<string, { readonly entities: number[]; readonly tuple: Tuple }>();
  for (const index of all) {
    const tuple = tuples[index] ?? NONE;
    const name = JSON.stringify([tuple.values, tuple.absent]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { entities: [index], tuple });
    else group.entities.push(index);
  }
  return [...groups.values()];
}

function split({ entities, tuple }: Batch, max = entities.length): Batch[] {
  const parts: Batch[] = [];
  for (let start = 0; start < entities.length; start += max)
    parts.push({ entities: entities.slice(start, start + max), tuple });
  return parts;
}

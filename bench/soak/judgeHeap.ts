import { median } from '../results/median.ts';

export interface Sample {
  readonly minutes: number;
  /** Megabytes. */
  readonly heap: number;
}

export interface Verdict {
  readonly isFlat: boolean;
  /** Megabytes: the middle one after the warm-up. */
  readonly middle: number;
  /** The sample that is farthest from it, as a share of it. */
  readonly farthest: number;
  /** Of the last third, as a share of the first third's. */
  readonly grown: number;
}

/** Flat is a heap that after the first `warmUp` minutes stays within so much (a share) of its middle. */
export function judgeHeap(samples: readonly Sample[], warmUp: number, share: number): Verdict {
  const heaps = samples.filter(({ minutes }) => minutes >= warmUp).map(({ heap }) => heap);
  if (heaps.length < 3)
    throw new Error(`Expected three samples after ${warmUp} minutes of warm-up; got ${heaps.length}.`);
  const middle = median(heaps);
  const third = Math.ceil(heaps.length / 3);
  const farthest = Math.max(...heaps.map((heap) => Math.abs(heap - middle))) / middle;
  return {
    isFlat: farthest <= share,
    middle,
    farthest,
    grown: median(heaps.slice(-third)) / median(heaps.slice(0, third)) - 1,
  };
}

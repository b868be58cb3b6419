import type { Measured } from '../../bench/measure/measure.ts';

/** Figures of one run, those that matter to a test set apart. */
export function measured(figures: Partial<Measured>): Measured {
  return {
    requestsPerSecond: 1000,
    p50: 1,
    p99: 2,
    cpu: 100,
    peak: 80,
    idle: 60,
    upstream: 1,
    alone: 3,
    started: 300,
    first: 20,
    other: 0,
    ...figures,
  };
}

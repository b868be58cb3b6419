import type { Measured } from '../measure/measure.ts';

/** What one run of one gateway on one workload gave. */
export interface Row extends Measured {
  readonly gateway: string;
  readonly letter: string;
  /** Which of the repetitions. */
  readonly round: number;
}

/** Why a gateway has no row. */
export interface Miss {
  readonly gateway: string;
  /** Absent for all workloads. */
  readonly letter?: string;
  readonly reason: string;
}

import type { ExecutionResult } from 'graphql';
import type { Freshness } from './Source.ts';

/** Whole answers that are remembered in this process: their keys have names of plans, which no other process knows. */
export interface AnswerMemory {
  /** Still fresh, by the first of the keys that has one. */
  find(keys: readonly [shared: string, own: string]): ExecutionResult | undefined;
  /** Now, for `keep`: what is invalidated from here on is not taken in. */
  begin(): unknown;
  keep(key: string, answer: RememberedAnswer, begun: unknown): void;
}

export interface RememberedAnswer {
  readonly result: ExecutionResult;
  readonly freshness: Freshness;
}

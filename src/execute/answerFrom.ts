import type { ExecutionResult } from 'graphql';
import type { AnswerMemory } from './AnswerMemory.ts';
import { freshnessOf } from './freshness.ts';

export interface AnswerKeys {
  /** For everybody. */
  readonly shared: string;
  /** For those who are one to the subgraphs and to the gateway. */
  readonly own: string;
}

/** A remembered answer, or a new one, which is remembered for as long as it says. */
export async function answerFrom(
  memory: AnswerMemory,
  { shared, own }: AnswerKeys,
  answer: () => Promise<ExecutionResult>,
): Promise<ExecutionResult> {
  const known = memory.find([shared, own]);
  if (known !== undefined) return known;
  const begun = memory.begin();
  const result = await answer();
  const freshness = freshnessOf(result);
  if (freshness !== undefined) memory.keep(freshness.isPrivate ? own : shared, { result, freshness }, begun);
  return result;
}

import type { ExecutionResult } from 'graphql';
import type { AnswerMemory } from './AnswerMemory.ts';
import type { FlightKeys } from './flightKeys.ts';
import { freshnessOf } from './freshness.ts';

/** A remembered answer, or a new one, which is remembered for as long as it says. */
export async function answerFrom(
  memory: AnswerMemory,
  { shared, own }: FlightKeys,
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

import { GatewayError } from '../errors/GatewayError.ts';

/** The refusal of an answer with more than `most` objects. */
export function answerTooLarge(most: number): GatewayError {
  return new GatewayError(
    'ANSWER_TOO_LARGE',
    `The answer would have more than ${most} objects; ask for less in one operation.`,
  );
}

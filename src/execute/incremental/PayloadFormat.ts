import type { ExecutionResult } from 'graphql';
import type { Batch } from './createDelivery.ts';

/** One message of an answer that comes in parts: a result with more members (`hasNext`, `pending`, `incremental`, `completed`). */
export type Payload = ExecutionResult & { readonly hasNext: boolean };

/** How the parts of one answer are written; an object an answer. */
export interface PayloadFormat {
  first(result: ExecutionResult, announced: Batch): Payload;
  next(batch: Batch, hasNext: boolean): Payload;
}

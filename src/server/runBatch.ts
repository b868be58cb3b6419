/**
 * What: several operations of one request. Where: both HTTP lanes, where a body is an array.
 * A caller sees one array with a result each, in its order: what is wrong with one of them is an error there and nowhere else.
 */
import type { Config } from '../config/Config.ts';
import { GatewayError } from '../errors/GatewayError.ts';
import type { Answer } from './http/Answer.ts';
import { decodeParams } from './http/decodeParams.ts';
import { encodeBatch } from './http/encodeBatch.ts';
import type { JsonType } from './http/negotiate.ts';
import { runOperation } from './lane/runOperation.ts';
import { type OperationContextInput, operationContext } from './operationContext.ts';
import type { ServerParts } from './ServerParts.ts';

export interface BatchOptions {
  /** Each operation has a context of its own, made of the same request. */
  readonly input: OperationContextInput;
  readonly type: JsonType;
}

type Runner = Pick<ServerParts, 'yoga' | 'paramsHooks' | 'toErrorResult' | 'config'>;

/** Throws a `GatewayError` where batches are off, or this one is empty or too long. */
export async function runBatch(
  parts: Runner,
  items: readonly unknown[],
  { input, type }: BatchOptions,
): Promise<Answer> {
  checkBatch(items, parts.config.batching);
  const named = new Map<string, string>();
  const shared = { ...input, exchange: {} };
  const run = async (item: unknown) => {
    const context = operationContext(shared, parts.config);
    try {
      return await runOperation(parts, decodeParams(item), context);
    } catch (error) {
      return parts.toErrorResult(error);
    } finally {
      for (const [name, value] of context.responseHeaders ?? []) named.set(name, value);
    }
  };
  const answer = encodeBatch(await Promise.all(items.map(run)), type);
  return { ...answer, headers: { ...withoutCaching(named), ...answer.headers } };
}

/** What was said of single operations holds for none of the others: nobody keeps a batch. */
const OF_ONE = new Set(['age', 'cache-control', 'cache-status', 'cdn-cache-control', 'etag']);

function withoutCaching(named: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const kept = [...named].filter(([name]) => !OF_ONE.has(name));
  return { ...Object.fromEntries(kept), ...(kept.length < named.size ? { 'cache-control': 'no-store' } : {}) };
}

function checkBatch(items: readonly unknown[], batching: Config['batching']): void {
  if (batching === false)
    throw new GatewayError('BAD_REQUEST', 'Expected one JSON object, got an array: batches are off here ("batching").');
  if (items.length === 0) throw new GatewayError('BAD_REQUEST', 'Expected at least one operation, got an empty array.');
  if (items.length <= batching.limit) return;
  const message = `Expected at most ${batching.limit} operations in a batch ("batching.limit"), got ${items.length}.`;
  throw new GatewayError('BATCH_LIMIT_EXCEEDED', message);
}

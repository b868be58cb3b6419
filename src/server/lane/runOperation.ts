import type { ExecutionResult } from 'graphql';
import { getOperationAST } from 'graphql';
import type { OpenContext, OperationParams } from '../../plugins/GatewayPlugin.ts';
import { pinnedSnapshot, releaseSnapshot } from '../../plugins/useSnapshot.ts';
import { runParamsHooks } from '../runParamsHooks.ts';
import type { ServerParts } from '../ServerParts.ts';

/** One operation with one result through all Envelop plugins: what Yoga does after it has read a request. `base` becomes its context. */
export async function runOperation(
  { yoga, paramsHooks, recall }: Pick<ServerParts, 'yoga' | 'paramsHooks' | 'recall'>,
  sent: OperationParams,
  base: OpenContext,
  /** Called before anything that may have to be given up. */
  begin?: () => void,
): Promise<ExecutionResult> {
  const context: OpenContext & Record<string, unknown> = Object.assign(base, { params: sent });
  try {
    // Plugins of an embedder, with which nothing is recalled, may want to know when the client leaves.
    if (recall === undefined) begin?.();
    const admitted = runParamsHooks(paramsHooks, sent, context);
    const { params, result } = admitted instanceof Promise ? await admitted : admitted;
    if (result !== undefined) return result;
    context.params = params;
    const remembered = recall?.find(params, context);
    if (remembered !== undefined) return remembered;
    if (recall !== undefined) begin?.();
    const { schema, parse, validate, contextFactory, execute, subscribe } = yoga.getEnveloped(context);
    const document = parse(params.query ?? '');
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    const built = contextFactory();
    const contextValue = built instanceof Promise ? await built : built;
    const run = getOperationAST(document, params.operationName)?.operation === 'subscription' ? subscribe : execute;
    const answered = await run({
      schema,
      document,
      contextValue,
      variableValues: params.variables,
      operationName: params.operationName,
    });
    recall?.note(params, { document, snapshot: pinnedSnapshot(context), result: answered });
    return answered;
  } finally {
    releaseSnapshot(context);
  }
}

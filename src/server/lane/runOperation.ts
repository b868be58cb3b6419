import type { ExecutionResult } from 'graphql';
import { getOperationAST } from 'graphql';
import type { OpenContext, OperationParams } from '../../plugins/GatewayPlugin.ts';
import { releaseSnapshot } from '../../plugins/useSnapshot.ts';
import { runParamsHooks } from '../runParamsHooks.ts';
import type { ServerParts } from '../ServerParts.ts';

/** One operation with one result through all Envelop plugins: what Yoga does after it has read a request. `base` becomes its context. */
export async function runOperation(
  { yoga, paramsHooks }: Pick<ServerParts, 'yoga' | 'paramsHooks'>,
  sent: OperationParams,
  base: OpenContext,
): Promise<ExecutionResult> {
  const context: OpenContext & Record<string, unknown> = Object.assign(base, { params: sent });
  try {
    const { params, result } = await runParamsHooks(paramsHooks, sent, context);
    if (result !== undefined) return result;
    context.params = params;
    const { schema, parse, validate, contextFactory, execute, subscribe } = yoga.getEnveloped(context);
    const document = parse(params.query ?? '');
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    const built = contextFactory();
    const contextValue = built instanceof Promise ? await built : built;
    const run = getOperationAST(document, params.operationName)?.operation === 'subscription' ? subscribe : execute;
    return await run({
      schema,
      document,
      contextValue,
      variableValues: params.variables,
      operationName: params.operationName,
    });
  } finally {
    releaseSnapshot(context);
  }
}

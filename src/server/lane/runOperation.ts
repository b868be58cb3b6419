import type { ExecutionResult } from 'graphql';
import { getOperationAST } from 'graphql';
import type { TransportContext } from '../../plugins/TransportContext.ts';
import { releaseSnapshot } from '../../plugins/useSnapshot.ts';
import type { OperationParams } from '../http/decodeParams.ts';
import type { YogaServer } from '../yoga/createYogaServer.ts';

/** One operation with one result through all Envelop plugins: what Yoga does after it has read a request. */
export async function runOperation(
  yoga: YogaServer,
  params: OperationParams,
  base: TransportContext,
): Promise<ExecutionResult> {
  const context = { ...base, params };
  try {
    const { schema, parse, validate, contextFactory, execute, subscribe } = yoga.getEnveloped(context);
    const document = parse(params.query);
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

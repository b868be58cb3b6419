import type { ExecutionResult } from 'graphql';
import type { GatewayPlugin, OpenContext, OperationParams } from '../plugins/GatewayPlugin.ts';

export interface Admitted {
  readonly params: OperationParams;
  /** Set where a hook has answered. */
  readonly result?: ExecutionResult | undefined;
}

export type ParamsHook = NonNullable<GatewayPlugin['onParams']>;
export type ConnectHook = NonNullable<GatewayPlugin['onConnect']>;

/** What Yoga does with `onParams`, for the lanes that don't go through it. Rejects with what a hook throws. */
export async function runParamsHooks(
  hooks: readonly ParamsHook[],
  params: OperationParams,
  context: OpenContext,
): Promise<Admitted> {
  const admitted: { params: OperationParams; result?: ExecutionResult } = { params };
  for (const hook of hooks) {
    const done = hook({
      params: admitted.params,
      setParams(next) {
        admitted.params = next;
      },
      setResult(result) {
        admitted.result = result;
      },
      context,
    });
    // Most have nothing to wait for, and a turn of the queue is paid by each request.
    if (done !== undefined) await done;
  }
  return admitted;
}

import type { ExecutionResult } from 'graphql';
import type { GatewayPlugin, OpenContext, OperationParams } from '../plugins/GatewayPlugin.ts';

export interface Admitted {
  readonly params: OperationParams;
  /** Set where a hook has answered. */
  readonly result?: ExecutionResult | undefined;
}

export type ParamsHook = NonNullable<GatewayPlugin['onParams']>;
export type ConnectHook = NonNullable<GatewayPlugin['onConnect']>;

/** What Yoga does with `onParams`, for the lanes that don't go through it. Throws, or rejects with, what a hook throws. */
export function runParamsHooks(
  hooks: readonly ParamsHook[],
  params: OperationParams,
  context: OpenContext,
): Admitted | Promise<Admitted> {
  const admitted: { result?: ExecutionResult } = {};
  // One for all hooks: each request would pay for one each.
  const event = {
    params,
    context,
    setParams(next: OperationParams) {
      event.params = next;
    },
    setResult(result: ExecutionResult) {
      admitted.result = result;
    },
  };
  const runFrom = async (first: number, waited: Promise<void>): Promise<Admitted> => {
    await waited;
    for (const hook of hooks.slice(first)) await hook(event);
    return { params: event.params, ...admitted };
  };
  for (const [index, hook] of hooks.entries()) {
    const done = hook(event);
    // Most have nothing to wait for, and a turn of the queue is paid by each request.
    if (done !== undefined) return runFrom(index + 1, done);
  }
  return { params: event.params, ...admitted };
}

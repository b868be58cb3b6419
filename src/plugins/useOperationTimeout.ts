/**
 * What: gives an operation up that takes too long. Where: around execution.
 * A caller sees OPERATION_TIMEOUT (504); of a mutation, what was done, and errors where the rest would be.
 */
import { GatewayError } from '../errors/GatewayError.ts';
import { createDeadlines } from './createDeadlines.ts';
import type { GatewayPlugin } from './GatewayPlugin.ts';
import type { TransportContext } from './TransportContext.ts';

export function useOperationTimeout(milliseconds: number): GatewayPlugin {
  const deadlines = createDeadlines(milliseconds);
  const expired = () =>
    new GatewayError('OPERATION_TIMEOUT', `The operation took longer than ${milliseconds} ms and was given up.`);
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { giveUp } = args.contextValue as TransportContext;
      if (giveUp === undefined) return;
      setExecuteFn(async (given: unknown) => {
        const stop = deadlines.start(() => giveUp(expired()));
        try {
          return await (executeFn as (args: unknown) => unknown)(given);
        } finally {
          stop();
        }
      });
    },
  };
}

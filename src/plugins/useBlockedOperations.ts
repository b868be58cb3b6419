/**
 * What: refuses kinds of operations, for everybody or for those of whom the configuration says so. Where: after parse, once it is known which operation is
 * meant. A caller sees OPERATION_BLOCKED (403, an `error` frame over WebSocket).
 */
import { type DocumentNode, getOperationAST } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import type { ExpressionInput } from '../expressions/compileExpression.ts';
import type { GatewayPlugin } from './GatewayPlugin.ts';
import type { TransportContext } from './TransportContext.ts';

/** Whether one is refused; absent: none is. */
export interface BlockedOperations {
  readonly mutation?: ((asked: ExpressionInput) => boolean) | undefined;
  readonly subscription?: ((asked: ExpressionInput) => boolean) | undefined;
}

/** `current` are those of the newest configuration. */
export function useBlockedOperations(current: () => BlockedOperations): GatewayPlugin {
  return {
    // A query is never refused.
    onRecalled() {},
    onParse() {
      return ({ result, context }) => {
        if (result === null || result instanceof Error) return;
        const { params, caller, headers, clientAddress } = context as TransportContext;
        const operation = getOperationAST(result as DocumentNode, params?.operationName);
        const kind = operation?.operation;
        if (operation == null || kind === undefined || kind === 'query') return;
        const isBlocked = current()[kind];
        if (isBlocked === undefined) return;
        const name = operation.name?.value ?? '';
        if (!isBlocked({ caller, headers, clientAddress, operation: { name, kind } })) return;
        const message = `This ${kind} is not accepted here ("security.block_${kind}s").`;
        throw new GatewayError('OPERATION_BLOCKED', message);
      };
    },
  };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayPlugin } from '../../plugins/GatewayPlugin.ts';
import type { LoggedOperation } from '../../plugins/useAccessLog.ts';

export interface AccessLog {
  readonly plugin: GatewayPlugin;
  /** Writes a line once this request is over. */
  request(request: IncomingMessage, response: ServerResponse): void;
  /** An operation of a WebSocket is over. */
  operation(upgrade: IncomingMessage, operation: LoggedOperation): void;
  close(): Promise<void>;
}

const OPERATIONS = Symbol('operations');
type Noted = { [OPERATIONS]?: LoggedOperation[] };

/** Where the operations of a request are noted; undefined where nobody writes them down. */
export function operationsOf(request: object | undefined): LoggedOperation[] | undefined {
  return (request as Noted | undefined)?.[OPERATIONS];
}

export function noteOperations(request: object): LoggedOperation[] {
  const operations: LoggedOperation[] = [];
  (request as Noted)[OPERATIONS] = operations;
  return operations;
}

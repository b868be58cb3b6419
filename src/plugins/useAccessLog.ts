/**
 * What: notes down which operations are asked for, by whom. Where: first of all hooks before parse, so that what is refused is noted too.
 * A caller sees nothing of it; the server writes a line once the request, or the operation of a WebSocket, is over.
 */
import { getOperationAST, type OperationDefinitionNode } from 'graphql';
import type { GatewayPlugin, OpenContext } from './GatewayPlugin.ts';

/** What is known of one operation while it runs; who asks stands in its context. */
export interface LoggedOperation {
  /** Milliseconds of `performance.now`. */
  readonly started: number;
  readonly context: OpenContext;
  name: string | undefined;
  /** Undefined until it is chosen: what is refused before has none. */
  kind: string | undefined;
}

const LOGGED = Symbol('logged');
type LoggedContext = OpenContext & { [LOGGED]?: LoggedOperation };

export function loggedOf(context: object): LoggedOperation | undefined {
  return (context as LoggedContext)[LOGGED];
}

/** Which operation it is; told by whoever has chosen it: a hook more for that alone would be paid by each request. */
export function noteOperation(context: object, { operation, name }: OperationDefinitionNode): void {
  const logged = loggedOf(context);
  if (logged === undefined) return;
  logged.kind = operation;
  logged.name = name?.value;
}

export function useAccessLog(): GatewayPlugin {
  return {
    onParams({ params, context }) {
      const { operationName: name } = params;
      const logged: LoggedOperation = { started: performance.now(), context, name, kind: undefined };
      (context as LoggedContext)[LOGGED] = logged;
      context.operations?.push(logged);
    },
    onRecalled({ document, operationName, context }) {
      const operation = getOperationAST(document, operationName);
      if (operation != null) noteOperation(context, operation);
    },
  };
}

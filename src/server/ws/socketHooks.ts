import {
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  getOperationAST,
} from 'graphql';
import type { Context, OperationResult, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import { releaseSnapshot } from '../../plugins/useSnapshot.ts';
import { decodeParams } from '../http/decodeParams.ts';
import { toPublicResult } from '../http/toPublicResult.ts';
import { nodeHeaders } from '../nodeHeaders.ts';
import { operationContext } from '../operationContext.ts';
import type { ServerParts } from '../ServerParts.ts';

type Parameters = Record<string, unknown> | undefined;
type Socket = Context<Parameters, Extra>;
type Hooks = ServerOptions<Parameters, Extra>;

interface Running {
  readonly context: object;
  readonly left: AbortController;
}

interface Runner {
  readonly run: (args: ExecutionArgs) => OperationResult;
}

/** The hooks of graphql-ws: every message goes through the same enveloped functions as an HTTP request. */
export function socketHooks(parts: ServerParts): Hooks {
  const running = new WeakMap<Socket, Map<string, Running>>();
  const finish = (socket: Socket, id: string) => {
    const operation = running.get(socket)?.get(id);
    if (operation === undefined) return;
    running.get(socket)?.delete(id);
    operation.left.abort();
    releaseSnapshot(operation.context);
  };
  const run = (args: ExecutionArgs): OperationResult => settle(parts, args);
  return {
    execute: run,
    subscribe: run,
    onConnect(socket) {
      running.set(socket, new Map());
    },
    async onSubscribe(socket, id, payload) {
      const left = new AbortController();
      const { operation, prepared } = await prepare(parts, socket, payload, left);
      if (operation !== undefined) running.get(socket)?.set(id, { context: operation, left });
      // The client may have left meanwhile; nobody would tell us again.
      const gone = !(id in socket.subscriptions) || socket.extra.socket.readyState !== socket.extra.socket.OPEN;
      if (gone || Array.isArray(prepared)) finish(socket, id);
      return prepared;
    },
    onNext: (_socket, _id, _payload, _args, result) =>
      toPublicResult(result as ExecutionResult) as FormattedExecutionResult,
    onError: (_socket, _id, _payload, errors) =>
      (toPublicResult({ errors }).errors ?? []).map((error) =>
        error instanceof GraphQLError ? error.toJSON() : error,
      ),
    onComplete: (socket, id) => finish(socket, id),
    onClose(socket) {
      for (const id of [...(running.get(socket)?.keys() ?? [])]) finish(socket, id);
    },
  };
}

interface Prepared {
  readonly operation?: object;
  readonly prepared: ExecutionArgs | readonly GraphQLError[];
}

/** Parses and validates one message; its errors go back as they would over HTTP. */
async function prepare(
  parts: ServerParts,
  socket: Socket,
  payload: SubscribePayload,
  left: AbortController,
): Promise<Prepared> {
  const input = {
    headers: nodeHeaders(socket.extra.request.headers),
    signal: left.signal,
    kind: 'ws',
    readOnly: false,
    streams: true,
    incremental: 'current',
  } as const;
  const base = { ...operationContext(input, parts.config.expose_plan), connectionParams: socket.connectionParams };
  let context: object | undefined;
  try {
    const params = decodeParams({ ...payload });
    context = { ...base, params };
    const { schema, parse, validate, contextFactory, execute, subscribe } = parts.yoga.getEnveloped(
      context as Record<string, unknown>,
    );
    const document = parse(params.query);
    const errors = validate(schema, document);
    if (errors.length > 0) return { operation: context, prepared: errors };
    const contextValue = await contextFactory();
    const run = getOperationAST(document, params.operationName)?.operation === 'subscription' ? subscribe : execute;
    const rootValue: Runner = { run };
    const prepared = {
      schema,
      document,
      contextValue,
      variableValues: params.variables,
      operationName: params.operationName,
      rootValue,
    };
    return { operation: context, prepared };
  } catch (error) {
    return {
      ...(context === undefined ? {} : { operation: context }),
      prepared: parts.toErrorResult(error).errors ?? [],
    };
  }
}

/** A throw here would close the whole socket with its message as the reason: it becomes the operation's own error. */
async function settle(parts: ServerParts, { rootValue, ...args }: ExecutionArgs): Promise<Awaited<OperationResult>> {
  try {
    return await (rootValue as Runner).run(args);
  } catch (error) {
    return parts.toErrorResult(error);
  }
}

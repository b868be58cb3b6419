import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  GraphQLSchema,
  getOperationAST,
  parse,
} from 'graphql';
import type { Context, OperationResult, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { Exchange } from '../../context.ts';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { OpenContext } from '../../plugins/GatewayPlugin.ts';
import { loggedOf } from '../../plugins/useAccessLog.ts';
import { releaseSnapshot } from '../../plugins/useSnapshot.ts';
import { decodeParams } from '../http/decodeParams.ts';
import { toPublicResult } from '../http/toPublicResult.ts';
import { nodeHeaders } from '../nodeHeaders.ts';
import { operationContext } from '../operationContext.ts';
import { runParamsHooks } from '../runParamsHooks.ts';
import type { ServerParts } from '../ServerParts.ts';
import { closeForbidden, closeForbiddenAt } from './closeForbidden.ts';

type Parameters = Record<string, unknown> | undefined;
type Socket = Context<Parameters, Extra>;
type Hooks = ServerOptions<Parameters, Extra>;

interface Running {
  /** Absent until it is prepared. */
  context?: object | undefined;
  readonly left: AbortController;
}

interface Runner {
  readonly run: (args: ExecutionArgs) => OperationResult;
}

/** The hooks of graphql-ws: every message goes through the same enveloped functions as an HTTP request. */
export function socketHooks(parts: ServerParts): Hooks {
  // By the very message that asked: a client may use an id again while what it has completed under it still runs.
  const running = new WeakMap<Socket, Map<SubscribePayload, Running>>();
  const finish = (socket: Socket, asked: SubscribePayload) => {
    const operation = running.get(socket)?.get(asked);
    if (operation === undefined) return;
    running.get(socket)?.delete(asked);
    operation.left.abort();
    if (operation.context === undefined) return;
    const logged = parts.accessLog && loggedOf(operation.context);
    if (logged !== undefined) parts.accessLog?.operation(socket.extra.request, logged);
    releaseSnapshot(operation.context);
  };
  const run = (args: ExecutionArgs): OperationResult => settle(parts, args);
  return {
    execute: run,
    subscribe: run,
    async onConnect(socket) {
      running.set(socket, new Map());
      const context: OpenContext = contextOf(parts, socket, new AbortController());
      try {
        for (const hook of parts.connectHooks) await hook({ context });
      } catch (error) {
        closeForbidden(socket.extra.socket, parts.toErrorResult(error).errors?.[0]?.message ?? '');
        return false;
      }
      const { expires } = context.caller ?? {};
      if (expires !== undefined) closeForbiddenAt(socket.extra.socket, expires, 'The credentials have expired.');
      return true;
    },
    async onSubscribe(socket, id, payload) {
      const operation: Running = { left: new AbortController() };
      const others = running.get(socket);
      if ((others?.size ?? 0) >= parts.config.limits.max_socket_operations)
        return parts.toErrorResult(tooMany(parts.config.limits.max_socket_operations)).errors;
      // Before anything is waited for: what is on its way counts.
      others?.set(payload, operation);
      const { context, prepared } = await prepare(parts, socket, payload, operation.left);
      operation.context = context;
      // The client may have left meanwhile; nobody would tell us again.
      const gone = !(id in socket.subscriptions) || socket.extra.socket.readyState !== socket.extra.socket.OPEN;
      if (gone || Array.isArray(prepared)) {
        others?.set(payload, operation);
        finish(socket, payload);
      }
      // graphql-ws would execute it all the same, of a snapshot that is no longer held.
      return gone && !Array.isArray(prepared) ? answered({ data: null }) : prepared;
    },
    onNext: (_socket, _id, _payload, _args, result) => toPublicResult(result as ExecutionResult),
    onError: (_socket, _id, _payload, errors) => toPublicResult({ errors }).errors ?? [],
    onComplete: (socket, _id, payload) => finish(socket, payload),
    onClose(socket) {
      for (const asked of [...(running.get(socket)?.keys() ?? [])]) finish(socket, asked);
    },
  };
}

function tooMany(limit: number): GatewayError {
  const message = `The socket has ${limit} operations under way, and may have no more ("limits.max_socket_operations").`;
  return new GatewayError('MAX_SOCKET_OPERATIONS_LIMIT', message);
}

interface Prepared {
  readonly context?: object;
  readonly prepared: ExecutionArgs | readonly GraphQLError[];
}

/** Parses and validates one message; its errors go back as they would over HTTP. */
async function prepare(
  parts: ServerParts,
  socket: Socket,
  payload: SubscribePayload,
  left: AbortController,
): Promise<Prepared> {
  let context: (OpenContext & Record<string, unknown>) | undefined;
  try {
    const sent = decodeParams({ ...payload });
    context = { ...contextOf(parts, socket, left), params: sent };
    const { params, result } = await runParamsHooks(parts.paramsHooks, sent, context);
    context.params = params;
    if (result !== undefined) return { context, prepared: answered(result) };
    const { schema, parse: read, validate, contextFactory, execute, subscribe } = parts.yoga.getEnveloped(context);
    const document = read(params.query ?? '');
    const errors = validate(schema, document);
    if (errors.length > 0) return { context, prepared: errors };
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
    return { context, prepared };
  } catch (error) {
    return {
      ...(context === undefined ? {} : { context }),
      prepared: parts.toErrorResult(error).errors ?? [],
    };
  }
}

const ANYTHING = parse('{ __typename }');

/** What a hook has answered goes out as if it had been executed. */
function answered(result: ExecutionResult): ExecutionArgs {
  const rootValue: Runner = { run: () => result };
  return { schema: new GraphQLSchema({}), document: ANYTHING, rootValue };
}

function contextOf(parts: ServerParts, socket: Socket, left: AbortController): OpenContext {
  const { request } = socket.extra;
  const input = {
    headers: nodeHeaders(request.headers),
    target: request.url,
    connection: request.socket,
    exchange: exchangeOf(socket),
    left,
    kind: 'ws',
    readOnly: false,
    streams: true,
    incremental: 'current',
  } as const;
  return { ...operationContext(input, parts.config), connectionParams: socket.connectionParams };
}

const EXCHANGE = Symbol('exchange');

/** One object a socket, from its `connection_init` on. */
function exchangeOf({ extra }: { readonly extra: Extra & { [EXCHANGE]?: Exchange } }): Exchange {
  extra[EXCHANGE] ??= {};
  return extra[EXCHANGE];
}

/** A throw here would close the whole socket with its message as the reason: it becomes the operation's own error. */
async function settle(parts: ServerParts, { rootValue, ...args }: ExecutionArgs): Promise<Awaited<OperationResult>> {
  try {
    return await (rootValue as Runner).run(args);
  } catch (error) {
    return parts.toErrorResult(error);
  }
}

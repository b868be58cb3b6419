import type { Plugin } from '@envelop/core';
import type { DocumentNode, ExecutionResult } from 'graphql';
import type { Exchange } from '../context.ts';
import type { Caller } from '../execute/Source.ts';
import type { TransportContext } from './TransportContext.ts';
import type { LoggedOperation } from './useAccessLog.ts';

/** The members of a GraphQL request, as the client sent them. */
export interface OperationParams {
  /** Absent where the document is known by a name, until a plugin has found it. */
  readonly query?: string | undefined;
  /** The name of a document that is known here (GraphQL over HTTP, persisted documents). */
  readonly documentId?: string | undefined;
  readonly operationName?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
  readonly extensions?: Record<string, unknown> | undefined;
}

/** Plugins that find out who asks write it down here; everything after reads it. */
export type OpenContext = Omit<TransportContext, 'caller' | 'params' | 'exchange' | 'signal' | 'giveUp'> & {
  caller?: Caller | undefined;
  exchange?: Exchange | undefined;
  /** Where operations are written down: those of the same request. */
  operations?: LoggedOperation[] | undefined;
  /** Of the HTTP answer, names in lower case; whoever has one to say makes the map. An error's own headers win. */
  responseHeaders?: Map<string, string> | undefined;
  /** Called once when the server has done with the operation, in whatever way; a stream that it has begun may still run. */
  whenOver?: (() => void) | undefined;
  params?: TransportContext['params'];
  signal?: TransportContext['signal'];
  giveUp?: TransportContext['giveUp'];
};

/** Yoga's event of the same name has these members too, so that a plugin acts in any Yoga server. */
export interface ParamsEvent {
  readonly params: OperationParams;
  setParams(params: OperationParams): void;
  /** Answers the operation without running it. */
  setResult(result: ExecutionResult): void;
  readonly context: OpenContext;
}

export interface ConnectEvent {
  /** Of the socket: its headers and `connectionParams`. What is written here every operation of the socket starts with. */
  readonly context: OpenContext;
}

export interface RecalledEvent {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly result: ExecutionResult;
  readonly context: OpenContext;
}

/** An Envelop plugin with the hooks that act before a document is read. To refuse they throw a `GatewayError`. */
export interface GatewayPlugin extends Plugin {
  /** Before anything is parsed, in every lane; in order, each awaited. */
  onParams?(event: ParamsEvent): void | Promise<void>;
  /**
   * Instead of all that follows `onParams`, where the answer is remembered. A plugin that has other hooks and not this one has its say on each
   * operation: then nothing is answered so.
   */
  onRecalled?(event: RecalledEvent): void;
  /** When a WebSocket client has sent `connection_init`; a refusal closes the socket with 4403. */
  onConnect?(event: ConnectEvent): void | Promise<void>;
}

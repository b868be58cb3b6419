import type { DocumentNode, ExecutionResult } from 'graphql';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { Source, SourceContext } from './Source.ts';

export interface OperationRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** Handed to sources as it is. */
  readonly context: SourceContext & { readonly exposePlan?: boolean | undefined };
  readonly signal?: AbortSignal | undefined;
}

/** Executes validated operations over one supergraph. Never rejects for a subgraph's fault: that is in `errors`. */
export interface Executor {
  /** Queries and mutations. Request errors (unknown operation, variables) come as `{ errors }` without `data`. */
  execute(request: OperationRequest): Promise<ExecutionResult>;
  /** Subscriptions: one result an event, or a single `{ errors }` where it could not start. */
  subscribe(request: OperationRequest): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult>;
}

export interface ExecutorOptions {
  readonly supergraph: Supergraph;
  /** By subgraph name. A missing one answers SUBGRAPH_UNAVAILABLE. */
  readonly sources: ReadonlyMap<string, Source>;
}

export function createExecutor(_options: ExecutorOptions): Executor {
  throw new Error('under construction');
}

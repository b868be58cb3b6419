import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { IncrementalFormat, Payload } from '../execute/createExecutor.ts';
import type { Costs } from '../supergraph/Costs.ts';
import type { FieldLimits } from '../supergraph/fieldLimits.ts';

export interface SnapshotOperation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly context: GatewayContext;
  readonly signal?: AbortSignal | undefined;
}

/** One generation of the graph as the plugins see it: the port to the registry and the executor. */
export interface ServedSnapshot {
  readonly schema: GraphQLSchema;
  /** Weights of the graph; absent where there is none. */
  readonly costs?: Costs | undefined;
  /** `@rateLimit`s of the graph, by `Type.field`. */
  readonly fieldLimits?: FieldLimits | undefined;
  execute(operation: SnapshotOperation): Promise<ExecutionResult>;
  /** Plans a valid operation before somebody asks for it. */
  plan(operation: SnapshotOperation): void;
  /** What `execute` would answer, where it is remembered; the document has to be valid. */
  recall(operation: SnapshotOperation): ExecutionResult | undefined;
  /** The same for a client that reads answers in parts: payloads, where something is deferred or streamed. */
  executeInParts(
    operation: SnapshotOperation,
    format: IncrementalFormat,
  ): Promise<ExecutionResult | AsyncGenerator<Payload, void, void>>;
  subscribe(operation: SnapshotOperation): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult>;
  /** Keeps the sources of this generation open until `release`. */
  retain(): void;
  release(): void;
}

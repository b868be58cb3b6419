import type { DocumentNode, ExecutionResult } from 'graphql';
import type { Source, SourceContext } from '../../execute/Source.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';

/** What resolvers can reach: the generation of the graph that they are a part of. */
export interface ResolverPorts {
  readonly supergraph: Supergraph;
  /** By name of the subgraph. */
  readonly sources: ReadonlyMap<string, Source>;
  execute(request: GraphRequest): Promise<ExecutionResult>;
  /** A fault of a resolver that clients must not read; for the log. */
  report(error: unknown): void;
}

export interface GraphRequest {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: SourceContext;
  readonly signal?: AbortSignal | undefined;
}

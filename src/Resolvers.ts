/** Resolvers of a gateway schema, as configuration code gives them (types only). */
import type { DocumentNode, ExecutionResult, GraphQLResolveInfo, GraphQLScalarType } from 'graphql';
import type { GatewayContext } from './context.ts';

/** Beside what every plugin sees of the request: ways to ask the graph. */
export interface ResolverContext extends GatewayContext {
  /** Runs an operation over the whole graph for the caller of this request. Errors are in the result. */
  execute(document: string | DocumentNode, variables?: Readonly<Record<string, unknown>>): Promise<ExecutionResult>;
  /** Asks one subgraph for one root field, hidden ones too. Calls that are made together share a request. Rejects with what the subgraph reported. */
  call(call: SubgraphCall): Promise<unknown>;
}

export interface SubgraphCall {
  readonly subgraph: string;
  /** A root type of the graph; default: its query type. */
  readonly type?: string | undefined;
  readonly field: string;
  readonly args?: Readonly<Record<string, unknown>> | undefined;
  /** What to select, `{ id name }`. Absent: what the client asked for, read from `info`. */
  readonly selectionSet?: string | undefined;
  readonly info?: GraphQLResolveInfo | undefined;
}

/** `object` has the key of its type and what `selectionSet` asks for; for the gateway's own types it is what another resolver returned. */
export type Resolve = (
  // biome-ignore lint/suspicious/noExplicitAny: What an object and arguments are is known to who writes the resolver.
  object: any,
  // biome-ignore lint/suspicious/noExplicitAny: As above.
  args: any,
  context: ResolverContext,
  info: GraphQLResolveInfo,
) => unknown;

export interface FieldResolver {
  /** What the resolver reads of its object: `{ price weight }`. It is there before the resolver runs. */
  readonly selectionSet?: string | undefined;
  readonly resolve?: Resolve | undefined;
  /** Of a field of the subscription type: an async iterable of events. */
  readonly subscribe?: Resolve | undefined;
}

export type TypeResolvers = Readonly<Record<string, Resolve | FieldResolver>>;

/** By type, then by field. `__resolveType` of an abstract type names the type of a value, `__resolveReference` completes a reference to an entity. */
export type Resolvers = Readonly<Record<string, TypeResolvers | GraphQLScalarType>>;

import type { GraphQLSchema } from 'graphql';
import type { SubgraphDefinition } from './Subgraph.ts';

/** A subgraph as the composed supergraph knows it. `id` is its index in `Supergraph.subgraphs`. */
export interface SubgraphInfo {
  readonly id: number;
  /** The name as registered; `graph` is its value in the enum `join__Graph`. */
  readonly name: string;
  readonly graph: string;
  readonly url: string;
  readonly definition: SubgraphDefinition;
}

/** The composed whole, decoded from a supergraph document; immutable. The planner's model extends this in place. */
export interface Supergraph {
  readonly sdl: string;
  /** What clients see and operations are validated against. */
  readonly clientSchema: GraphQLSchema;
  readonly subgraphs: readonly SubgraphInfo[];
}

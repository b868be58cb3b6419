import type { Config } from '../config/Config.ts';
import type { Source } from '../execute/Source.ts';
import type { Resolvers } from '../Resolvers.ts';
import type { Flights } from '../sources/createFlights.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';

/** One immutable generation of the graph. A request pins it once and never looks at the registry again. */
export interface Snapshot {
  /** Counts up by one a swap, from 1. */
  readonly id: number;
  readonly supergraph: Supergraph;
  /** Of the gateway's own schema, where it has one. */
  readonly resolvers: Resolvers;
  readonly overrideRules: Config['override_labels'];
  /** By name of the subgraph; the gateway's own schema has none here, because it asks the others. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Where equal reads meet; one for all generations, as a write through one may show in another. */
  readonly flights: Flights;
  /** What the configuration says on sharing answers among clients; undefined where it says nothing. */
  readonly sharesAnswers: boolean | undefined;
  /** Keeps the sources open until `release`, even when the generation is replaced meanwhile. */
  retain(): void;
  release(): void;
}

import type { Config } from '../config/Config.ts';
import type { Resolvers } from '../Resolvers.ts';
import type { Flights } from '../sources/createFlights.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { SourceLease } from './createSourcePool.ts';
import type { Snapshot } from './Snapshot.ts';

export interface SnapshotParts {
  readonly id: number;
  readonly supergraph: Supergraph;
  readonly resolvers: Resolvers;
  readonly overrideRules: Config['override_labels'];
  readonly flights: Flights;
  readonly sharesAnswers: boolean | undefined;
  readonly leases: ReadonlyMap<string, SourceLease>;
}

/** A generation that is retained once, by who made it: the registry, which releases it at the swap. */
export function createSnapshot({ leases, ...parts }: SnapshotParts): Snapshot {
  let holders = 1;
  return {
    ...parts,
    sources: new Map([...leases].map(([name, { source }]) => [name, source])),
    retain() {
      holders++;
    },
    release() {
      holders--;
      if (holders === 0) for (const lease of leases.values()) lease.release();
    },
  };
}

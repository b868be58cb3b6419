import type { Call } from '../../plan/Plan.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';
import { type Collector, createCollector } from '../createCollector.ts';
import { generateCollector } from './generateCollector.ts';
import { HITS_BEFORE_GENERATING } from './tierUp.ts';

/** The collector of a call: interpreted at first, generated once the operation has come back. */
export function createTieredCollector(call: Call, supergraph: Supergraph): Collector {
  let hits = 0;
  let collector = createCollector(call, supergraph);
  return (run) => {
    hits += 1;
    if (hits === HITS_BEFORE_GENERATING + 1) collector = generateCollector(call, supergraph);
    collector(run);
  };
}

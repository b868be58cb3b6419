import { checkGraph, type GraphConfig } from '../../config/checkGraph.ts';
import type { Log } from '../../lib/Log.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';

export interface GraphWarnings {
  /** This graph is served, with the newest configuration. */
  readonly check: (supergraph: Supergraph) => void;
  /** Another configuration is in force; the graph is told next. */
  readonly update: (config: GraphConfig) => void;
}

/** What the configuration names and the graph does not have, in the log: once for as long as it stays the same. */
export function createGraphWarnings(first: GraphConfig, log: Log): GraphWarnings {
  let config = first;
  let said = '';
  return {
    check({ clientSchema: schema, subgraphs }) {
      const names = subgraphs.map(({ name }) => name);
      const lines = checkGraph(config, { schema, subgraphs: names }).map(({ path, message }) => `${path}: ${message}`);
      if (lines.join('\n') === said) return;
      said = lines.join('\n');
      for (const line of lines) log.warn(line);
    },
    update(next) {
      config = next;
    },
  };
}

import type { GraphQLSchema } from 'graphql';
import { checkGraph, type GraphConfig } from '../../config/checkGraph.ts';
import type { Log } from '../../lib/Log.ts';

export interface GraphWarnings {
  /** A new generation is served. */
  readonly check: (schema: GraphQLSchema) => void;
  /** Another configuration is in force. */
  readonly update: (config: GraphConfig) => void;
}

/** What the configuration names and the graph does not have, in the log: once for each change of either of them. */
export function createGraphWarnings(first: GraphConfig, log: Log): GraphWarnings {
  let config = first;
  let newest: GraphQLSchema | undefined;
  let said = '';
  const say = (): void => {
    if (newest === undefined) return;
    const lines = checkGraph(config, newest).map(({ path, message }) => `${path}: ${message}`);
    // A reload changes both, one after the other.
    if (lines.join() === said) return;
    said = lines.join();
    for (const line of lines) log.warn(line);
  };
  return {
    check(schema) {
      newest = schema;
      say();
    },
    update(next) {
      config = next;
      say();
    },
  };
}

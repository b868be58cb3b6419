import { type DocumentNode, Kind } from 'graphql';
import { directiveArguments, stringArgument } from './directiveArguments.ts';
import type { SubgraphDefinition } from './Subgraph.ts';

/** What `@weft__subgraph` on the schema says of each graph, by its value in `join__Graph`. */
export function readDefinitions(document: DocumentNode): Map<string, SubgraphDefinition> {
  const found = new Map<string, SubgraphDefinition>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const args of directiveArguments(node, 'weft__subgraph')) {
      found.set(String(args['graph']), JSON.parse(stringArgument(args, 'definition') ?? '{}') as SubgraphDefinition);
    }
  }
  return found;
}

import { parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Sent } from './serveSubgraph.ts';
import type { World } from './World.ts';

/** All fields that subgraphs were asked for, as `Type.field` in the names of the supergraph; names of types cost nothing. */
export function coordinatesOf(sent: readonly Sent[], { graphs }: World): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { subgraph, document } of sent) {
    const graph = graphs.find(({ name }) => name === subgraph);
    if (graph === undefined) continue;
    const types = new TypeInfo(graph.schema);
    const parsed = parse(document);
    visit(
      graph.source?.document(parsed) ?? parsed,
      visitWithTypeInfo(types, {
        Field({ name }) {
          if (!name.value.startsWith('__')) found.add(`${types.getParentType()?.name}.${name.value}`);
        },
      }),
    );
  }
  return found;
}

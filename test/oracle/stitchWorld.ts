import { stitchSchemas } from '@graphql-tools/stitch';
import { type DocumentNode, type ExecutionResult, execute, Kind, print, type SelectionSetNode } from 'graphql';
import type { Store } from './createStore.ts';
import { serveSubgraph } from './serveSubgraph.ts';
import type { Graph, GraphType, Key } from './World.ts';

export type Stitched = (
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
) => Promise<ExecutionResult>;

/** The same subgraphs behind another engine: types are merged over `_entities`, by the keys of their SDL. */
export function stitchWorld(store: Store): Stitched {
  const schema = stitchSchemas({
    subschemas: store.world.graphs.map((graph) => {
      const source = serveSubgraph(graph, store, { sent: [], breaches: [] });
      return {
        schema: graph.schema,
        merge: mergeOf(graph),
        batch: true,
        executor: async ({ document, variables }: { document: DocumentNode; variables?: unknown }) =>
          (await source.fetch({
            operation: { kind: 'query', document: print(document) },
            variables: JSON.stringify(variables ?? {}),
            context: { headers: new Headers() },
          })) as never,
      };
    }),
    mergeTypes: true,
  });
  return async (document, variableValues) => execute({ schema, document, variableValues });
}

function mergeOf(graph: Graph): Record<string, object> {
  return Object.fromEntries(
    [...graph.types.values()].flatMap((type) => {
      const keys = type.kind === 'object' ? type.keys.filter((key) => key.resolvable) : [];
      return keys.length === 0 ? [] : [[type.name, { entryPoints: keys.map((key) => entryPoint(type, key)) }]];
    }),
  );
}

function entryPoint({ name }: GraphType, { selection }: Key): object {
  return {
    selectionSet: print(selection),
    fieldName: '_entities',
    key: (entity: unknown) => ({ __typename: name, ...(pick(entity, selection) as object) }),
    argsFromKeys: (representations: readonly unknown[]) => ({ representations }),
  };
}

function pick(value: unknown, { selections }: SelectionSetNode): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, { kind: Kind.SELECTION_SET, selections }));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    selections.flatMap((node) => {
      if (node.kind !== Kind.FIELD) return [];
      const own = (value as Record<string, unknown>)[node.name.value];
      return [[node.name.value, node.selectionSet === undefined ? own : pick(own, node.selectionSet)]];
    }),
  );
}

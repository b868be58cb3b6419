import type { FieldInfo, SubgraphInfo, Supergraph, TypeInfo } from './Supergraph.ts';

/**
 * A subgraph may have several interface objects that one object type implements. An entity of that type then is one of them at a time, with the
 * fields of that one only. So each of them becomes a part of the subgraph that is entered like a subgraph of its own.
 */
export function partInterfaceObjects({
  subgraphs,
  types,
}: Pick<Supergraph, 'subgraphs' | 'types'>): Pick<Supergraph, 'subgraphs' | 'types'> {
  const parts = subgraphs.flatMap(({ id }) => overlapping(id, types).map((type) => ({ of: id, type })));
  if (parts.length === 0) return { subgraphs, types };
  const all: SubgraphInfo[] = [...subgraphs];
  const parted = new Map(types);
  for (const part of parts) {
    const id = all.length;
    all.push({ ...(subgraphs[part.of] as SubgraphInfo), id, part });
    const info = parted.get(part.type);
    if (info !== undefined) parted.set(part.type, moveType(info, part.of, id));
  }
  return { subgraphs: all, types: parted };
}

/** Where a subgraph's value of this type is: in the part that has the type, else in the subgraph itself. */
export function graphOfType({ subgraphs }: Supergraph, graph: number, type: string): number {
  // Parts come last; nearly no supergraph has any.
  if (subgraphs.at(-1)?.part === undefined) return graph;
  const of = wholeGraph(subgraphs, graph);
  return subgraphs.find(({ part }) => part?.of === of && part.type === type)?.id ?? of;
}

/** The subgraph that is asked. */
export function wholeGraph(subgraphs: Supergraph['subgraphs'], graph: number): number {
  return subgraphs[graph]?.part?.of ?? graph;
}

/** Interface objects of a subgraph that share an implementation, which the subgraph does not know, with another one. */
function overlapping(graph: number, types: ReadonlyMap<string, TypeInfo>): string[] {
  const found = new Set<string>();
  for (const { kind, graphs, supertypes } of types.values()) {
    if (kind !== 'object' || graphs.has(graph)) continue;
    const objects = [...supertypes].filter((name) => types.get(name)?.graphs.get(graph)?.isInterfaceObject === true);
    if (objects.length > 1) for (const name of objects) found.add(name);
  }
  return [...found].sort();
}

function moveType(info: TypeInfo, from: number, to: number): TypeInfo {
  const fields = [...info.fields].map(([name, field]) => [name, moveField(field, from, to)] as const);
  const graphs = [...info.graphs].map(([id, inGraph]) =>
    id === from
      ? ([to, { ...inGraph, lookups: inGraph.lookups.map((lookup) => ({ ...lookup, graph: to })) }] as const)
      : ([id, inGraph] as const),
  );
  return { ...info, fields: new Map(fields), graphs: new Map(graphs) };
}

function moveField(field: FieldInfo, from: number, to: number): FieldInfo {
  const owners = [...field.owners].map(([id, owner]) =>
    id === from ? ([to, { ...owner, graph: to }] as const) : ([id, owner] as const),
  );
  return { ...field, owners: new Map(owners) };
}

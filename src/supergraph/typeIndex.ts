import { Kind, type TypeDefinitionNode } from 'graphql';
import { directiveArguments } from './directiveArguments.ts';

/** What types are to each other, read once: a supergraph may have thousands. */
export interface TypeIndex {
  /** By interface or union: its object types; by object: itself alone. */
  possible(type: string): readonly string[];
  /** Object types that a value of the type can have in one subgraph. */
  possibleIn(type: string, graph: string): readonly string[];
  /** Interfaces that the type implements, and unions that have it. */
  supertypes(type: string): ReadonlySet<string>;
  /** Arguments of each `@join__type` on the type. */
  joins(type: string): readonly Readonly<Record<string, unknown>>[];
}

export function typeIndex(nodes: ReadonlyMap<string, TypeDefinitionNode>): TypeIndex {
  const joins = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
  const possible = new Map<string, string[]>();
  const supertypes = new Map<string, Set<string>>();
  /** `A implements I in G` and `U has A in G`; a type without any mark (join 0.1) is the same everywhere. */
  const marks = new Set<string>();
  const unmarked = new Set<string>();
  const isNode = (name: string, kind: Kind) => nodes.get(name)?.kind === kind;
  const relate = (object: string, above: string) => {
    supertypes.set(object, (supertypes.get(object) ?? new Set()).add(above));
    if (!isNode(object, Kind.OBJECT_TYPE_DEFINITION)) return;
    const known = possible.get(above);
    if (known === undefined) possible.set(above, [object]);
    else known.push(object);
  };
  for (const [name, node] of nodes) {
    joins.set(name, directiveArguments(node, 'join__type'));
    if ('interfaces' in node)
      for (const { name: above } of node.interfaces ?? [])
        if (isNode(above.value, Kind.INTERFACE_TYPE_DEFINITION)) relate(name, above.value);
    if (node.kind === Kind.UNION_TYPE_DEFINITION)
      for (const member of node.types ?? []) relate(member.name.value, name);
    const own = directiveArguments(
      node,
      node.kind === Kind.UNION_TYPE_DEFINITION ? 'join__unionMember' : 'join__implements',
    );
    if (own.length === 0) unmarked.add(name);
    for (const args of own) marks.add(`${name} ${args['graph']} ${args['member'] ?? args['interface']}`);
  }
  const possibleOf = (type: string) =>
    isNode(type, Kind.OBJECT_TYPE_DEFINITION) ? [type] : (possible.get(type) ?? []);
  const graphs = new Map(
    [...joins].map(([name, all]) => [
      name,
      all.length === 0
        ? null
        : new Set(all.filter((args) => args['isInterfaceObject'] !== true).map((args) => args['graph'])),
    ]),
  );
  const isIn = (type: string, graph: string) => graphs.get(type)?.has(graph) ?? true;
  const isMarked = (type: string, graph: string, other: string) =>
    unmarked.has(type) || marks.has(`${type} ${graph} ${other}`);
  return {
    possible: possibleOf,
    possibleIn(type, graph) {
      const node = nodes.get(type);
      return possibleOf(type).filter((object) => {
        if (node === undefined || !nodes.has(object) || !isIn(object, graph)) return false;
        if (node.kind === Kind.UNION_TYPE_DEFINITION) return isMarked(type, graph, object);
        return node.kind === Kind.OBJECT_TYPE_DEFINITION || isMarked(object, graph, type);
      });
    },
    supertypes: (type) => supertypes.get(type) ?? new Set(),
    joins: (type) => joins.get(type) ?? [],
  };
}

import { type FieldDefinitionNode, Kind } from 'graphql';
import { directiveArguments } from '../directiveArguments.ts';
import { isComposite, namedTypeOf } from './checkSelection.ts';
import type { GatheredType } from './gatherTypes.ts';
import type { GraphDocument } from './readGraphDocument.ts';
import type { Additions } from './readTypeDefs.ts';
import type { ResolveTo } from './resolveTo.ts';

export interface Provided {
  /** By `Type.field`: the text of a field set. */
  readonly texts: ReadonlyMap<string, string>;
  /** Fields of entities that some path provides, by type. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * What a field with `@resolveTo` brings of the entities that it leads to: all that its subgraph has of them in simple fields, so that they
 * need not be asked for once more.
 */
export function providedBy(
  resolveTo: ReadonlyMap<string, ResolveTo>,
  {
    additions,
    graph,
    types,
  }: {
    readonly additions: Additions;
    readonly graph: GraphDocument;
    readonly types: ReadonlyMap<string, GatheredType>;
  },
): Provided {
  const texts = new Map<string, string>();
  const fields = new Map<string, Set<string>>();
  const offer = (coordinate: string, type: string, names: readonly string[]) => {
    if (names.length === 0) return;
    texts.set(coordinate, names.join(' '));
    fields.set(type, new Set([...(fields.get(type) ?? []), ...names]));
  };
  for (const [type, added] of additions.fields) {
    for (const { node } of added) {
      const coordinate = `${type}.${node.name.value}`;
      const entity = namedTypeOf(node.type);
      const target = resolveTo.get(coordinate);
      if (target !== undefined && (types.get(entity)?.keys.length ?? 0) > 0)
        offer(coordinate, entity, simpleFields(entity, target.sourceName, { graph, types }));
    }
  }
  return { texts, fields };
}

function simpleFields(
  type: string,
  subgraph: string,
  { graph, types }: { readonly graph: GraphDocument; readonly types: ReadonlyMap<string, GatheredType> },
): string[] {
  const node = graph.types.get(type);
  if (node?.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
  return (node.fields ?? []).flatMap((field) => {
    const name = field.name.value;
    const isOwn = types.get(type)?.fields.has(name) === true;
    const isSimple = (field.arguments ?? []).length === 0 && !isComposite(namedTypeOf(field.type), graph);
    return !isOwn && isSimple && isPlainly(type, field, { graph, subgraph }) ? [name] : [];
  });
}

/** The subgraph resolves the field by itself, without a requirement. */
function isPlainly(
  type: string,
  field: FieldDefinitionNode,
  { graph, subgraph }: { readonly graph: GraphDocument; readonly subgraph: string },
): boolean {
  const requires = directiveArguments(field, 'join__field').some(
    (args) => args['requires'] !== undefined && graph.graphs.get(String(args['graph'])) === subgraph,
  );
  return !requires && graph.ownersOf(type, field.name.value).includes(subgraph);
}

/** By value type that fields with `@resolveTo` lead to: the fields that all of their subgraphs have. */
export function valueFieldsOf(
  resolveTo: ReadonlyMap<string, ResolveTo>,
  additions: Additions,
  graph: GraphDocument,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [type, added] of additions.fields) {
    for (const { node } of added) {
      const target = resolveTo.get(`${type}.${node.name.value}`);
      if (target !== undefined) narrow(namedTypeOf(node.type), target.sourceName, { graph, found, seen: new Set() });
    }
  }
  return found;
}

interface Narrowing {
  readonly graph: GraphDocument;
  readonly found: Map<string, Set<string>>;
  readonly seen: Set<string>;
}

function narrow(type: string, subgraph: string, narrowing: Narrowing): void {
  const { graph, found, seen } = narrowing;
  const node = graph.types.get(type);
  if (node === undefined || seen.has(type) || graph.keysOf(type).length > 0) return;
  seen.add(type);
  if (node.kind === Kind.UNION_TYPE_DEFINITION)
    for (const member of node.types ?? []) narrow(member.name.value, subgraph, narrowing);
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return;
  const has = (node.fields ?? []).filter((field) => graph.ownersOf(type, field.name.value).includes(subgraph));
  const known = found.get(type);
  const names = has.map((field) => field.name.value);
  found.set(type, new Set(known === undefined ? names : names.filter((name) => known.has(name))));
  for (const field of has) narrow(namedTypeOf(field.type), subgraph, narrowing);
}

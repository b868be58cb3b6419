import {
  type DocumentNode,
  type FieldDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type TypeDefinitionNode,
} from 'graphql';
import { directiveArguments, stringArgument } from '../directiveArguments.ts';
import { parseFieldSet } from '../parseFieldSet.ts';

/** A supergraph document, read for what a gateway schema has to know of it. */
export interface GraphDocument {
  readonly document: DocumentNode;
  /** Without the machinery of composition. */
  readonly types: ReadonlyMap<string, TypeDefinitionNode>;
  /** Value of `join__Graph` -> name of the subgraph. */
  readonly graphs: ReadonlyMap<string, string>;
  readonly roots: Readonly<Partial<Record<'query' | 'mutation' | 'subscription', string>>>;
  isRoot(type: string): boolean;
  fieldOf(type: string, field: string): FieldDefinitionNode | undefined;
  /** Values of `join__Graph` of the subgraphs that have the type. */
  graphsOf(type: string): readonly string[];
  /** Values of `join__Graph` of the subgraphs that a field without a mark of its own belongs to. */
  implicitOwners(type: string): readonly string[];
  /** Names of the subgraphs that resolve the field. */
  ownersOf(type: string, field: string): readonly string[];
  /** Keys of an entity by which some subgraph can be asked, the first ones first; else those that are only told. */
  keysOf(type: string): readonly string[];
}

export function readGraphDocument(document: DocumentNode): GraphDocument {
  const types = new Map<string, TypeDefinitionNode>();
  const graphs = new Map<string, string>();
  const roots: Partial<Record<'query' | 'mutation' | 'subscription', string>> = {};
  for (const node of document.definitions) {
    if (isTypeDefinitionNode(node) && !/^(join|link|core|weft)__/.test(node.name.value))
      types.set(node.name.value, node);
    if (node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph') {
      for (const value of node.values ?? []) {
        const args = directiveArguments(value, 'join__graph')[0] ?? {};
        graphs.set(value.name.value, stringArgument(args, 'name') ?? value.name.value);
      }
    }
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
      for (const { operation, type } of node.operationTypes ?? []) roots[operation] = type.name.value;
  }
  if (Object.keys(roots).length === 0) {
    for (const [operation, name] of [
      ['query', 'Query'],
      ['mutation', 'Mutation'],
      ['subscription', 'Subscription'],
    ] as const)
      if (types.has(name)) roots[operation] = name;
  }
  const joinsOf = (type: string) => {
    const node = types.get(type);
    return node === undefined ? [] : directiveArguments(node, 'join__type');
  };
  const graphsOf = (type: string) => {
    const named = [...new Set(joinsOf(type).map((args) => String(args['graph'])))];
    return named.length === 0 ? [...graphs.keys()] : named;
  };
  const fieldOf = (type: string, field: string) => {
    const node = types.get(type);
    if (node?.kind !== Kind.OBJECT_TYPE_DEFINITION && node?.kind !== Kind.INTERFACE_TYPE_DEFINITION) return undefined;
    return node.fields?.find(({ name }) => name.value === field);
  };
  const implicitOwners = (type: string) => {
    const node = types.get(type);
    const owner = node === undefined ? undefined : directiveArguments(node, 'join__owner')[0]?.['graph'];
    return owner === undefined ? graphsOf(type) : [String(owner)];
  };
  return {
    document,
    types,
    graphs,
    roots,
    isRoot: (type) => Object.values(roots).includes(type),
    fieldOf,
    graphsOf,
    implicitOwners,
    ownersOf(type, field) {
      const node = fieldOf(type, field);
      const marks = node === undefined ? [] : directiveArguments(node, 'join__field');
      const owners =
        marks.length === 0
          ? implicitOwners(type)
          : marks.flatMap((args) =>
              args['external'] === true || args['usedOverridden'] === true || args['graph'] === undefined
                ? []
                : [String(args['graph'])],
            );
      const keyed = joinsOf(type).flatMap((args) => {
        const key = stringArgument(args, 'key');
        return key !== undefined &&
          parseFieldSet(key).selections.some((entry) => entry.kind === Kind.FIELD && entry.name.value === field)
          ? [String(args['graph'])]
          : [];
      });
      return [...new Set([...owners, ...keyed])].map((graph) => graphs.get(graph) ?? graph);
    },
    keysOf(type) {
      const joins = joinsOf(type).filter((args) => args['isInterfaceObject'] !== true);
      const keyed = (wanted: boolean) =>
        joins.flatMap((args) => ((args['resolvable'] !== false) === wanted ? (stringArgument(args, 'key') ?? []) : []));
      return [...new Set([...keyed(true), ...keyed(false)])];
    },
  };
}

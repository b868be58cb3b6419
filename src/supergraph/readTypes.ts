import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parseType,
  type SelectionSetNode,
  type TypeDefinitionNode,
  visit,
} from 'graphql';
import { computedFields } from './computedFields.ts';
import { directiveArguments, stringArgument } from './directiveArguments.ts';
import { normalKey } from './normalKey.ts';
import { parseFieldSet } from './parseFieldSet.ts';
import type { LookupDefinition, MergedType, SubgraphDefinition } from './Subgraph.ts';
import {
  CONTEXT_LEAF,
  type FieldInfo,
  type FieldOwner,
  type Lookup,
  type RequiredArgument,
  type SubgraphInfo,
  type TypeInfo,
  type TypeInGraph,
  type TypeKind,
} from './Supergraph.ts';
import { printTypeRef, typeRef } from './TypeRef.ts';
import { type TypeIndex, typeIndex } from './typeIndex.ts';

const KINDS: Readonly<Partial<Record<string, TypeKind>>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
  [Kind.SCALAR_TYPE_DEFINITION]: 'scalar',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'input',
};

interface Reading {
  readonly nodes: ReadonlyMap<string, TypeDefinitionNode>;
  readonly graphIds: ReadonlyMap<string, number>;
  readonly subgraphs: readonly SubgraphInfo[];
  /** By subgraph id. */
  readonly computed: readonly ReturnType<typeof computedFields>[];
  readonly index: TypeIndex;
  /** The name that `@inaccessible` goes by. */
  readonly inaccessible: string;
  /** The name that `@context` goes by. */
  readonly context: string;
}

/** The type and field tables of a supergraph document: who owns what, by which keys it is reached. */
export function readTypes(
  document: DocumentNode,
  subgraphs: readonly SubgraphInfo[],
  { inaccessible = 'inaccessible', context = 'context' }: { inaccessible?: string; context?: string } = {},
): ReadonlyMap<string, TypeInfo> {
  const nodes = new Map<string, TypeDefinitionNode>();
  for (const node of document.definitions) {
    if (KINDS[node.kind] !== undefined && !/^(join|link|core|weft)__/.test((node as TypeDefinitionNode).name.value)) {
      nodes.set((node as TypeDefinitionNode).name.value, node as TypeDefinitionNode);
    }
  }
  const graphIds = new Map(subgraphs.map((subgraph) => [subgraph.graph, subgraph.id]));
  const computed = subgraphs.map(({ definition }) => computedFields(definition));
  const reading: Reading = { nodes, graphIds, subgraphs, computed, index: typeIndex(nodes), inaccessible, context };
  return new Map([...nodes].map(([name, node]) => [name, readType(node, reading)]));
}

function readType(node: TypeDefinitionNode, reading: Reading): TypeInfo {
  const name = node.name.value;
  const graphs = readGraphs(node, reading);
  const fields = new Map<string, FieldInfo>();
  if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
    for (const field of node.fields ?? [])
      fields.set(field.name.value, readField(name, field, { node, graphs, reading }));
  }
  if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
    for (const { name: input, type } of node.fields ?? []) {
      fields.set(input.value, { name: input.value, type: typeRef(type), args: new Map(), owners: new Map() });
    }
  }
  const hidden = (value: { directives?: ObjectTypeDefinitionNode['directives'] }) =>
    directiveArguments(value, reading.inaccessible).length > 0;
  const values = node.kind === Kind.ENUM_TYPE_DEFINITION ? (node.values ?? []) : [];
  return {
    name,
    kind: KINDS[node.kind] ?? 'scalar',
    fields,
    graphs,
    possible: reading.index.possible(name),
    supertypes: reading.index.supertypes(name),
    contexts: new Set(
      [name, ...reading.index.supertypes(name)].flatMap((type) => contextsOf(reading.nodes.get(type), reading)),
    ),
    values: new Set(values.filter((value) => !hidden(value)).map((value) => value.name.value)),
    hiddenValues: new Set(values.filter(hidden).map((value) => value.name.value)),
  };
}

function contextsOf(node: TypeDefinitionNode | undefined, { context }: Reading): string[] {
  if (node === undefined) return [];
  return directiveArguments(node, context).flatMap((args) => stringArgument(args, 'name') ?? []);
}

function readGraphs(node: TypeDefinitionNode, reading: Reading): Map<number, TypeInGraph> {
  const name = node.name.value;
  const joins = reading.index.joins(name);
  const graphs = new Map<number, TypeInGraph>();
  // join 0.1: a value type carries no mark, and is then the same in each subgraph.
  const all = joins.length === 0 ? reading.subgraphs.map((subgraph) => ({ graph: subgraph.graph })) : joins;
  for (const id of new Set(all.map((args) => reading.graphIds.get(String(args['graph'])) ?? -1))) {
    const subgraph = reading.subgraphs[id];
    if (subgraph === undefined)
      throw new Error(`"@join__type" on "${name}" names a graph that "join__Graph" does not have.`);
    const mine: Readonly<Record<string, unknown>>[] = all.filter((args) => String(args['graph']) === subgraph.graph);
    const keys = mine.flatMap((args) => stringArgument(args, 'key') ?? []);
    graphs.set(id, {
      sourceName: subgraph.definition.renames?.types[name] ?? name,
      lookups: readLookups(name, subgraph, mine),
      keyFields: new Set(
        keys.flatMap((key) =>
          parseFieldSet(key).selections.flatMap((s) => (s.kind === Kind.FIELD ? s.name.value : [])),
        ),
      ),
      possible: reading.index.possibleIn(name, subgraph.graph),
      isExtension: mine.some((args) => args['extension'] === true),
      isInterfaceObject: mine.some((args) => args['isInterfaceObject'] === true),
    });
  }
  return graphs;
}

function readLookups(
  type: string,
  subgraph: SubgraphInfo,
  joins: readonly Readonly<Record<string, unknown>>[],
): Lookup[] {
  const graph = subgraph.id;
  const { merge, lookups, entities, source } = subgraph.definition;
  const byField = [
    ...(merge?.[type] ?? []).map((entry) => mergeLookup(entry, type, graph)),
    ...(lookups?.[type] ?? []).map((entry) => fieldLookup(entry, type, graph)),
  ];
  const isConverted = source.kind === 'openapi' || source.kind === 'grpc';
  if ((merge !== undefined || lookups !== undefined || isConverted) && entities !== true) return byField;
  const known = new Set((lookups?.[type] ?? []).map(({ key }) => normalKey(key)));
  const byKey = joins.flatMap((args) => {
    const key = stringArgument(args, 'key');
    return key === undefined || args['resolvable'] === false || known.has(normalKey(key))
      ? []
      : { graph, type, kind: 'entities' as const, key: parseFieldSet(key), path: [] };
  });
  return [...byKey, ...byField];
}

function mergeLookup(entry: MergedType, type: string, graph: number): Lookup {
  const base = { graph, type, key: parseFieldSet(entry.selectionSet), path: [entry.fieldName], merge: entry };
  return entry.argsFromKeys === undefined
    ? { ...base, kind: 'root' }
    : { ...base, kind: 'rootBatch', batch: { reply: entry.reply ?? 'byKey', max: entry.maxBatchSize } };
}

function fieldLookup(definition: LookupDefinition, type: string, graph: number): Lookup {
  const { key, path, batch } = definition;
  const base = { graph, type, key: parseFieldSet(key), path, definition };
  return batch === undefined ? { ...base, kind: 'root' } : { ...base, kind: 'rootBatch', batch };
}

interface FieldReading {
  readonly node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;
  readonly graphs: ReadonlyMap<number, TypeInGraph>;
  readonly reading: Reading;
}

function readField(type: string, field: FieldDefinitionNode, { node, graphs, reading }: FieldReading): FieldInfo {
  const name = field.name.value;
  const ref = typeRef(field.type);
  const joins = directiveArguments(field, 'join__field');
  const owners = new Map<number, FieldOwner>();
  const own = (id: number, args: Readonly<Record<string, unknown>>) => {
    const filled = readRequirements(reading.subgraphs[id]?.definition, `${type}.${name}`);
    const requires = reading.computed[id]?.[`${type}.${name}`] ?? stringArgument(args, 'requires');
    const contextual = readContextArguments(args['contextArguments']);
    const provides = stringArgument(args, 'provides');
    const label = stringArgument(args, 'overrideLabel');
    const inGraph = graphs.get(id);
    owners.set(id, {
      graph: id,
      sourceName: reading.subgraphs[id]?.definition.renames?.fields[`${type}.${name}`] ?? name,
      external: args['external'] === true && !(inGraph?.isExtension === true && inGraph.keyFields.has(name)),
      requires: filled?.requires ?? (requires === undefined ? contextual && NOTHING : parseFieldSet(requires)),
      arguments: filled?.arguments ?? contextual,
      provides: provides === undefined ? undefined : parseFieldSet(provides),
      override: label === undefined ? undefined : { label, when: args['override'] !== undefined },
      typeText: stringArgument(args, 'type') ?? printTypeRef(ref),
    });
  };
  if (joins.length === 0) for (const id of implicitOwners(node, graphs, reading)) own(id, {});
  for (const args of joins) {
    const id = reading.graphIds.get(String(args['graph']));
    if (id !== undefined && args['usedOverridden'] !== true) own(id, args);
  }
  // A subgraph that is keyed by a field can always give it, whether or not composition repeats that on the field.
  for (const [id, inGraph] of graphs) if (!owners.has(id) && inGraph.keyFields.has(name)) own(id, {});
  const args = new Map((field.arguments ?? []).map((argument) => [argument.name.value, typeRef(argument.type)]));
  return { name, type: ref, args, owners };
}

const NOTHING: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [] };

/** The argument's value as `evaluateValue` finds it: the one leaf that the selection leads to. */
const LEAF: RequiredArgument['value'] = { kind: 'field', key: CONTEXT_LEAF, of: { kind: 'self' } };

/** `@join__field(contextArguments: [{ context:, name:, type:, selection: }])`. */
function readContextArguments(value: unknown): readonly RequiredArgument[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.map((entry: Readonly<Record<string, unknown>>) => ({
    name: String(entry['name']),
    type: typeRef(parseType(String(entry['type']), { noLocation: true })),
    context: String(entry['context']),
    selection: parseFieldSet(String(entry['selection'])),
    value: LEAF,
  }));
}

function readRequirements(
  definition: SubgraphDefinition | undefined,
  coordinate: string,
): Required<Pick<FieldOwner, 'requires' | 'arguments'>> | undefined {
  const found = definition?.requirements?.[coordinate];
  if (found === undefined) return undefined;
  const args = found.map(({ name, type, selection, value }) => ({
    name,
    type: typeRef(parseType(type, { noLocation: true })),
    selection: parseFieldSet(selection),
    value,
  }));
  return { arguments: args, requires: unite(args.map(({ selection }) => selection)) };
}

/** All of the sets in one, for asking whether and at what cost they can be had: aliases, which are each set's own, are left out. */
function unite(sets: readonly SelectionSetNode[]): SelectionSetNode {
  const plain = visit(
    { kind: Kind.SELECTION_SET, selections: sets.flatMap((set) => set.selections) },
    { Field: (node) => ({ ...node, alias: undefined, arguments: [] }) },
  ) as SelectionSetNode;
  return plain;
}

/** A field without marks belongs to its type's owner (join 0.1), else to every subgraph that has the type. */
function implicitOwners(
  node: FieldReading['node'],
  graphs: ReadonlyMap<number, TypeInGraph>,
  reading: Reading,
): Iterable<number> {
  const owner = directiveArguments(node, 'join__owner')[0];
  const id = owner === undefined ? undefined : reading.graphIds.get(String(owner['graph']));
  return id === undefined ? graphs.keys() : [id];
}

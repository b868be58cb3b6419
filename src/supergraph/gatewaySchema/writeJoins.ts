import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  OperationTypeNode,
  parse,
  type SchemaDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql';
import { protectionsOf } from '../authorization/readRequirements.ts';
import { directiveArguments } from '../directiveArguments.ts';
import type { GatheredType } from './gatherTypes.ts';
import type { Provided } from './providedBy.ts';
import type { GraphDocument } from './readGraphDocument.ts';
import type { ResolveTo } from './resolveTo.ts';

export interface Joining {
  readonly types: ReadonlyMap<string, GatheredType>;
  /** Of the gateway as a subgraph, and its value in `join__Graph`. */
  readonly name: string;
  readonly value: string;
  /** By `Type.field`. */
  readonly requires: ReadonlyMap<string, string>;
  readonly provides: Provided;
  /** By `Type.field`. */
  readonly resolveTo: ReadonlyMap<string, ResolveTo>;
  /** What extensions say of who may read something of the graph, by `Type` and `Type.field`. */
  readonly protections: ReadonlyMap<string, readonly ConstDirectiveNode[]>;
}

const ROOTS = [
  [OperationTypeNode.MUTATION, 'Mutation'],
  [OperationTypeNode.SUBSCRIPTION, 'Subscription'],
] as const;

/** The supergraph document with one more subgraph. What belonged to every subgraph of a type says from now on which ones these were. */
export function writeJoins(graph: GraphDocument, joining: Joining): DocumentNode {
  const { types, name, value } = joining;
  const definitions = graph.document.definitions.map((node): DefinitionNode => {
    if (node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph')
      return { ...node, values: [...(node.values ?? []), ...graphValue(value, name)] };
    if (node.kind === Kind.SCHEMA_DEFINITION) return withRoots(node, graph, types);
    const type = 'name' in node ? types.get(node.name?.value ?? '') : undefined;
    return type === undefined || type.isNew || type.node !== node ? node : joinType(type, graph, joining);
  });
  const added = [...types.values()].filter(({ isNew }) => isNew).map((type) => joinType(type, graph, joining));
  return { ...graph.document, definitions: [...definitions, ...added] };
}

function graphValue(value: string, name: string) {
  const [node] = parse(`enum join__Graph { ${value} @join__graph(name: ${JSON.stringify(name)}, url: "") }`, {
    noLocation: true,
  }).definitions;
  return node?.kind === Kind.ENUM_TYPE_DEFINITION ? (node.values ?? []) : [];
}

function withRoots(
  node: SchemaDefinitionNode,
  graph: GraphDocument,
  types: ReadonlyMap<string, GatheredType>,
): SchemaDefinitionNode {
  const added = ROOTS.filter(
    ([operation, type]) => graph.roots[operation] === undefined && types.get(type)?.isNew === true,
  ).map(
    ([operation, type]) =>
      ({
        kind: Kind.OPERATION_TYPE_DEFINITION,
        operation,
        type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
      }) as const,
  );
  return { ...node, operationTypes: [...node.operationTypes, ...added] };
}

function joinType(type: GatheredType, graph: GraphDocument, joining: Joining): TypeDefinitionNode {
  const { value } = joining;
  const { node, isNew } = type;
  const name = node.name.value;
  const unmarked = !isNew && directiveArguments(node, 'join__type').length === 0 ? graph.graphsOf(name) : [];
  const joins = [...unmarked.map((graphValue) => mark('join__type', { graph: graphValue })), ...typeJoins(type, value)];
  const directives = [...plainDirectives(node.directives), ...(joining.protections.get(name) ?? []), ...joins];
  switch (node.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const known = new Set((isNew ? [] : (node.fields ?? [])).map((field) => field.name.value));
      const added = [...type.fields.values()].filter((field) => !known.has(field.name.value));
      const fields = [
        ...(isNew ? [] : (node.fields ?? [])).map((field) => keepField(field, type, { graph, joining })),
        ...added.map((field) => addField(name, field, { graph, joining })),
      ];
      return { ...node, directives: [...directives, ...implementsMarks(type, joining)], fields };
    }
    case Kind.UNION_TYPE_DEFINITION: {
      const isMarked = isNew || directiveArguments(node, 'join__unionMember').length > 0;
      const members = isMarked
        ? (node.types ?? []).map((member) =>
            mark('join__unionMember', { graph: value, member: JSON.stringify(member.name.value) }),
          )
        : [];
      return { ...node, directives: [...directives, ...members] };
    }
    case Kind.ENUM_TYPE_DEFINITION:
      return {
        ...node,
        directives,
        values: (node.values ?? []).map((entry) => ({
          ...entry,
          directives: [...(entry.directives ?? []), mark('join__enumValue', { graph: value })],
        })),
      };
    default:
      return { ...node, directives };
  }
}

function typeJoins({ keys, isExtended }: GatheredType, graph: string): ConstDirectiveNode[] {
  if (keys.length === 0) return [mark('join__type', { graph })];
  return keys.map((key) =>
    mark('join__type', { graph, key: JSON.stringify(key), ...(isExtended ? {} : { resolvable: 'false' }) }),
  );
}

function implementsMarks({ node, isNew }: GatheredType, { types, value }: Joining): ConstDirectiveNode[] {
  if (!('interfaces' in node)) return [];
  if (!isNew && directiveArguments(node, 'join__implements').length === 0) return [];
  return (node.interfaces ?? [])
    .filter(({ name }) => types.has(name.value))
    .map(({ name }) => mark('join__implements', { graph: value, interface: JSON.stringify(name.value) }));
}

/** A field of the graph: who had it so far, and the gateway where it has it, too. */
function keepField(
  field: FieldDefinitionNode,
  type: GatheredType,
  { graph, joining }: { readonly graph: GraphDocument; readonly joining: Joining },
): FieldDefinitionNode {
  const protections = joining.protections.get(`${type.node.name.value}.${field.name.value}`) ?? [];
  const directives = [...(field.directives ?? []), ...protections];
  const isMarked = directives.some((directive) => directive.name.value === 'join__field');
  const former = isMarked
    ? []
    : graph.implicitOwners(type.node.name.value).map((owner) => mark('join__field', { graph: owner }));
  const own = type.fields.has(field.name.value) ? [mark('join__field', { graph: joining.value })] : [];
  return { ...field, directives: [...directives, ...former, ...own] };
}

function addField(
  type: string,
  field: FieldDefinitionNode,
  { graph, joining }: { readonly graph: GraphDocument; readonly joining: Joining },
): FieldDefinitionNode {
  const { value, requires, provides } = joining;
  const coordinate = `${type}.${field.name.value}`;
  const needs = requires.get(coordinate);
  const brings = provides.texts.get(coordinate);
  const join = mark('join__field', {
    graph: value,
    ...(needs === undefined ? {} : { requires: JSON.stringify(needs) }),
    ...(brings === undefined ? {} : { provides: JSON.stringify(brings) }),
  });
  const target = joining.resolveTo.get(coordinate);
  const protections = target === undefined ? [] : targetProtections(target, graph);
  return { ...field, directives: [...plainDirectives(field.directives), ...protections, join] };
}

/** Who may not ask the field that answers may not ask by way of this one. */
function targetProtections({ sourceTypeName = 'Query', sourceFieldName }: ResolveTo, graph: GraphDocument) {
  const field = graph.fieldOf(sourceTypeName, sourceFieldName);
  return field === undefined ? [] : protectionsOf(field, graph.document);
}

/** What is said in federation's words or Hive's is said by the joins now. */
const SPOKEN = new Set(['resolveTo', 'requires', 'provides', 'key', 'external', 'shareable']);

function plainDirectives(directives: readonly ConstDirectiveNode[] = []): ConstDirectiveNode[] {
  return directives.filter((directive) => !SPOKEN.has(directive.name.value));
}

/** A directive; the values of its arguments are GraphQL text. */
function mark(name: string, args: Readonly<Record<string, string>>): ConstDirectiveNode {
  const text = Object.entries(args).map(([key, value]) => `${key}: ${value}`);
  const [node] = parse(`extend schema @${name}(${text.join(', ')})`, { noLocation: true }).definitions;
  const [directive] = node?.kind === Kind.SCHEMA_EXTENSION ? (node.directives ?? []) : [];
  return directive as ConstDirectiveNode;
}

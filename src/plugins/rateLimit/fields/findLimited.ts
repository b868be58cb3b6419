import {
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  type OperationDefinitionNode,
  print,
} from 'graphql';
import type { Charging } from '../Limits.ts';
import {
  createContains,
  createIsIncluded,
  fieldsAt,
  type Level,
  levelBelow,
  type Reading,
  readFragments,
  type SelectedField,
} from './selections.ts';

/** A field under the same limits, with the same arguments and under the same name, wherever the operation has it. */
export interface LimitedField {
  /** Each with its definition: types that share a limit may differ in what must not be null. */
  readonly nodes: ReadonlyMap<FieldNode, GraphQLField<unknown, unknown>>;
  readonly isOfRoot: boolean;
  readonly limits: readonly Charging[];
  /** In how many places of the operation. */
  readonly times: number;
}

export interface FieldSearch {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
  readonly variables: Readonly<Record<string, unknown>>;
  /** By `Type.field`. */
  readonly limits: ReadonlyMap<string, readonly Charging[]>;
}

interface Growing extends LimitedField {
  readonly nodes: Map<FieldNode, GraphQLField<unknown, unknown>>;
  times: number;
}

/** Places of an operation that are looked at: fragments in fragments make many of few words. What is past it is charged as so many. */
const MOST_PLACES = 10_000;

export function findLimited({ document, operation, schema, variables, limits }: FieldSearch): readonly LimitedField[] {
  const root = schema.getRootType(operation.operation);
  if (root == null) return [];
  const fragments = readFragments(document);
  const names = new Set([...limits.keys()].map((coordinate) => coordinate.slice(coordinate.indexOf('.') + 1)));
  const contains = createContains(fragments, ({ name }) => names.has(name.value));
  const reading: Reading = { schema, fragments, isIncluded: createIsIncluded(operation, variables) };
  const found = new Map<string, Growing>();
  const numbers = new Map<Charging, number>();
  const numberOf = (limit: Charging): number => {
    const known = numbers.get(limit) ?? numbers.size;
    numbers.set(limit, known);
    return known;
  };
  let places = 0;
  const note = ({ node, parent, definition }: SelectedField, seen: Set<string>): void => {
    if (!names.has(node.name.value)) return;
    const own = limitsOf(parent, node.name.value, { limits, schema });
    if (own.length === 0) return;
    const id = `${own.map(numberOf)} ${print({ ...node, directives: [], selectionSet: undefined })}`;
    const known = found.get(id) ?? { nodes: new Map(), isOfRoot: parent === root, limits: own, times: 0 };
    found.set(id, known);
    known.nodes.set(node, definition);
    // Several selections of one place are one.
    if (!seen.has(id)) known.times += 1;
    seen.add(id);
  };
  const walk = (level: Level): void => {
    places += 1;
    if (places > MOST_PLACES || !level.some(({ set }) => contains(set))) return;
    for (const fields of fieldsAt(level, reading).values()) {
      const seen = new Set<string>();
      for (const field of fields) note(field, seen);
      walk(levelBelow(fields));
    }
  };
  walk([{ set: operation.selectionSet, parent: root }]);
  if (places <= MOST_PLACES) return [...found.values()];
  return [...found.values()].map((field) => ({ ...field, times: Math.max(field.times, MOST_PLACES) }));
}

/** Of the field of this type, of the interfaces that it implements, and of the types that it may be. */
function limitsOf(
  parent: GraphQLCompositeType,
  field: string,
  { limits, schema }: Pick<FieldSearch, 'limits' | 'schema'>,
): readonly Charging[] {
  const types = [
    parent,
    ...(isAbstractType(parent) ? schema.getPossibleTypes(parent) : []),
    ...(isObjectType(parent) ? parent.getInterfaces() : []),
  ];
  return [...new Set(types.flatMap(({ name }) => limits.get(`${name}.${field}`) ?? []))];
}

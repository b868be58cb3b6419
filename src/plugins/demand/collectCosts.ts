import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Costs, ListSize } from '../../supergraph/Costs.ts';
import type { ArgumentCost, Condition, CostNode } from './CostNode.ts';

export interface CostRules {
  readonly schema: GraphQLSchema;
  readonly costs: Costs;
  /** Items of a list that nothing is known of. */
  readonly listSize: number;
}

interface Place {
  readonly type: GraphQLNamedType;
  readonly conditions: readonly Condition[];
  /** Sizes that the field above gives to fields here (`sizedFields`). */
  readonly sized: ReadonlyMap<string, Sizing>;
}

type Sizing = Pick<CostNode, 'size' | 'slices'>;
type Children = Map<string, CostNode>;

/** The fields of an operation by response key, those of all fragments together: whichever type an object turns out to have, it costs at most this. */
export function collectCosts(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  rules: CostRules,
): ReadonlyMap<string, CostNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);

  const collect = (set: SelectionSetNode, place: Place, into: Children): void => {
    for (const selection of set.selections) {
      const conditions = conditionsOf(selection.directives ?? [], place.conditions);
      if (conditions === undefined) continue;
      if (selection.kind === Kind.FIELD) {
        collectField(selection, { ...place, conditions }, into);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (fragment === undefined) continue;
      const type = rules.schema.getType(fragment.typeCondition?.name.value ?? '') ?? place.type;
      collect(fragment.selectionSet, { ...place, type, conditions }, into);
    }
  };
  const collectField = (field: FieldNode, place: Place, into: Children): void => {
    const key = field.alias?.value ?? field.name.value;
    const definition = fieldOf(place.type, field.name.value);
    if (definition === undefined) return;
    const node = into.get(key) ?? createNode(key, field, { place, definition, rules });
    into.set(key, node);
    node.weight = Math.max(node.weight, weightOf(place.type, definition, rules.costs));
    node.guards.push(place.conditions);
    if (field.selectionSet === undefined) return;
    const sized = sizedBelow(field, rules.costs.sizes.get(`${place.type.name}.${field.name.value}`), rules);
    collect(
      field.selectionSet,
      { type: getNamedType(definition.type), conditions: [], sized },
      node.children as Children,
    );
  };
  const children: Children = new Map();
  const root = rules.schema.getRootType(operation.operation);
  if (root != null) collect(operation.selectionSet, { type: root, conditions: [], sized: new Map() }, children);
  return children;
}

function createNode(
  key: string,
  field: FieldNode,
  { place, definition, rules }: { place: Place; definition: GraphQLField<unknown, unknown>; rules: CostRules },
): CostNode {
  const coordinate = `${place.type.name}.${field.name.value}`;
  const own = rules.costs.sizes.get(coordinate);
  const sizing =
    place.sized.get(field.name.value) ??
    (own === undefined || own.sizedFields.length > 0 ? undefined : sizingOf(field, own, rules.listSize));
  return {
    key,
    weight: 0,
    isList: isListType(getNullableType(definition.type)),
    size: sizing?.size ?? rules.listSize,
    slices: sizing?.slices ?? [],
    arguments: argumentCosts(field, definition, { coordinate, costs: rules.costs }),
    guards: [],
    children: new Map(),
  };
}

function sizedBelow(field: FieldNode, size: ListSize | undefined, rules: CostRules): ReadonlyMap<string, Sizing> {
  if (size === undefined || size.sizedFields.length === 0) return new Map();
  const sizing = sizingOf(field, size, rules.listSize);
  return new Map(size.sizedFields.map((name) => [name, sizing]));
}

function sizingOf(field: FieldNode, { assumedSize, slicingArguments }: ListSize, listSize: number): Sizing {
  return {
    size: assumedSize ?? listSize,
    slices: slicingArguments.map((name) => {
      const [argument, ...path] = name.split('.');
      return { value: field.arguments?.find((node) => node.name.value === argument)?.value, path };
    }),
  };
}

function argumentCosts(
  field: FieldNode,
  definition: GraphQLField<unknown, unknown>,
  { coordinate, costs }: { readonly coordinate: string; readonly costs: Costs },
): readonly ArgumentCost[] {
  return (field.arguments ?? []).flatMap(({ name, value }) => {
    const argument = definition.args.find((one) => one.name === name.value);
    if (argument === undefined) return [];
    const own = costs.weights.get(`${coordinate}(${name.value})`);
    const weigh = weigher(argument.type, costs, own);
    return weigh === undefined ? [] : [{ value, weigh }];
  });
}

/** What a value of this type costs; undefined where that is nothing in any case. An input object costs 1 with what is in it. */
function weigher(type: GraphQLInputType, costs: Costs, own: number | undefined): ArgumentCost['weigh'] | undefined {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) {
    const weight = own ?? costs.weights.get(named.name) ?? 0;
    return weight === 0
      ? undefined
      : (value) => (value == null ? 0 : weight * (Array.isArray(value) ? value.length : 1));
  }
  const weigh = (value: unknown): number => {
    if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + weigh(item), 0);
    if (typeof value !== 'object' || value === null) return 0;
    let sum = own ?? costs.weights.get(named.name) ?? 1;
    for (const [name, item] of Object.entries(value)) {
      const field = named.getFields()[name];
      if (field !== undefined)
        sum += weigher(field.type, costs, costs.weights.get(`${named.name}.${name}`))?.(item) ?? 0;
    }
    return sum;
  };
  return weigh;
}

function fieldOf(type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  // `__typename` and introspection cost nothing.
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

/** The weight of the field where it has one, or else that of its type: 1 for objects, interfaces and unions, 0 for scalars and enums. */
function weightOf(type: GraphQLNamedType, field: GraphQLField<unknown, unknown>, { weights }: Costs): number {
  const named = getNamedType(field.type);
  return weights.get(`${type.name}.${field.name}`) ?? weights.get(named.name) ?? (isCompositeType(named) ? 1 : 0);
}

/** Undefined where a literal says that the selection is not there. */
function conditionsOf(
  directives: readonly DirectiveNode[],
  above: readonly Condition[],
): readonly Condition[] | undefined {
  const found: Condition[] = [...above];
  for (const { name, arguments: args } of directives) {
    const wanted = name.value === 'include';
    if (!wanted && name.value !== 'skip') continue;
    const value = args?.find((argument) => argument.name.value === 'if')?.value;
    if (value?.kind === Kind.BOOLEAN && value.value !== wanted) return undefined;
    if (value?.kind === Kind.VARIABLE) found.push({ variable: value.name.value, wanted });
  }
  return found;
}

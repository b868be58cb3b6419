import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { ListSize } from '../../supergraph/Costs.ts';
import type { ArgumentCost, Choice, Condition, CostNode, Slice } from './CostNode.ts';
import type { PricedField, Pricing } from './Pricing.ts';

export interface CostRules {
  readonly pricing: Pricing;
  /** Items of a list that nothing is known of. */
  readonly listSize: number;
}

interface Place {
  readonly type: string;
  readonly conditions: readonly Condition[];
  /** Sizes that the field above gives to fields here (`sizedFields`). */
  readonly sized: ReadonlyMap<string, Sizing>;
}

type Sizing = Pick<CostNode, 'size' | 'slices'>;

/** A node while more of its selections may come. */
interface Draft extends Sizing {
  readonly key: string;
  weight: number;
  readonly isList: boolean;
  readonly arguments: readonly ArgumentCost[];
  readonly guards: (readonly Condition[])[];
  readonly children: Map<string, Draft>;
  readonly choice: Choice | undefined;
}

/** The fields of an operation by response key, those of all fragments together: whichever type an object turns out to have, it costs at most this. */
export function collectCosts(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  rules: CostRules,
): readonly CostNode[] {
  const { pricing } = rules;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);

  const collect = (set: SelectionSetNode, place: Place, into: Map<string, Draft>): void => {
    for (const selection of set.selections) {
      const conditions = conditionsOf(selection.directives ?? [], place.conditions);
      if (conditions === undefined) continue;
      if (selection.kind === Kind.FIELD) {
        collectField(selection, { ...place, conditions }, into);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (fragment === undefined) continue;
      const type = pricing.type(fragment.typeCondition?.name.value ?? '') ?? place.type;
      collect(fragment.selectionSet, { ...place, type, conditions }, into);
    }
  };
  const collectField = (field: FieldNode, place: Place, into: Map<string, Draft>): void => {
    const key = field.alias?.value ?? field.name.value;
    const priced = pricing.field(place.type, field.name.value);
    if (priced === undefined) return;
    const node = into.get(key) ?? createDraft(key, field, { place, priced, rules });
    into.set(key, node);
    node.weight = Math.max(node.weight, priced.isAny === true ? heaviest(field, place.type) : priced.weight);
    node.guards.push(place.conditions);
    if (field.selectionSet === undefined) return;
    const sized = sizedBelow(field, priced, rules);
    collect(field.selectionSet, { type: priced.type, conditions: [], sized }, node.children);
  };
  const heaviest = ({ selectionSet }: FieldNode, above: string): number => {
    const weights = (selectionSet?.selections ?? []).map((selection) => {
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      const condition = fragment?.kind === Kind.FIELD ? undefined : fragment?.typeCondition?.name.value;
      return condition === undefined ? 0 : pricing.weightOf(pricing.type(condition) ?? above);
    });
    return Math.max(0, ...weights);
  };
  const drafts = new Map<string, Draft>();
  const root = pricing.root(operation.operation);
  if (root !== undefined) collect(operation.selectionSet, { type: root, conditions: [], sized: new Map() }, drafts);
  return finished(drafts);
}

/** Without what costs nothing: most of the fields. */
function finished(drafts: ReadonlyMap<string, Draft>): readonly CostNode[] {
  const nodes: CostNode[] = [];
  for (const { guards, ...draft } of drafts.values()) {
    const children = finished(draft.children);
    const isFree = draft.weight === 0 && draft.arguments.length === 0 && children.length === 0;
    if (isFree && draft.choice === undefined) continue;
    const isAlways = guards.some((conditions) => conditions.length === 0);
    nodes.push({ ...draft, guards: isAlways ? undefined : guards, children });
  }
  return nodes;
}

function createDraft(
  key: string,
  field: FieldNode,
  { place, priced, rules }: { readonly place: Place; readonly priced: PricedField; readonly rules: CostRules },
): Draft {
  const { size: own, isLookup } = priced;
  const sizing =
    place.sized.get(priced.name) ??
    (isLookup === true ? keysOf(field, rules) : undefined) ??
    (own === undefined || own.sizedFields.length > 0 ? undefined : sizingOf(field, own, { priced, rules }));
  const names = own?.slicingArguments ?? [];
  return {
    key,
    weight: 0,
    isList: priced.isList,
    size: sizing?.size ?? rules.listSize,
    slices: sizing?.slices ?? [],
    arguments: (field.arguments ?? []).flatMap(({ name, value }) => {
      const weigh = priced.argument(name.value);
      return weigh === undefined ? [] : [{ value, weigh }];
    }),
    guards: [],
    children: new Map(),
    choice:
      own?.requiresOne === true
        ? { field: `${place.type}.${priced.name}`, names, slices: slicesOf(field, names, priced) }
        : undefined,
  };
}

function sizedBelow(field: FieldNode, priced: PricedField, rules: CostRules): ReadonlyMap<string, Sizing> {
  const { size } = priced;
  if (size === undefined || size.sizedFields.length === 0) return new Map();
  const sizing = sizingOf(field, size, { priced, rules });
  return new Map(size.sizedFields.map((name) => [name, sizing]));
}

function sizingOf(
  field: FieldNode,
  { assumedSize, slicingArguments }: ListSize,
  { priced, rules }: { readonly priced: PricedField; readonly rules: CostRules },
): Sizing {
  return { size: assumedSize ?? rules.listSize, slices: slicesOf(field, slicingArguments, priced) };
}

function slicesOf(field: FieldNode, names: readonly string[], priced: PricedField): readonly Slice[] {
  return names.map((name) => {
    const [argument = '', ...path] = name.split('.');
    const value = field.arguments?.find((node) => node.name.value === argument)?.value;
    return { value, fallback: priced.defaultOf?.(argument), path };
  });
}

function keysOf(field: FieldNode, { listSize }: CostRules): Sizing {
  return {
    size: listSize,
    slices: (field.arguments ?? []).map(({ value }) => ({ value, path: [], hasKeys: true })),
  };
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

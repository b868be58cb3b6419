import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** What an operation is with its fragments written out, each time that one is spread. Counts end at `MOST`: they could grow with the power of the document. */
export interface Measures {
  /** Fields below each other. */
  readonly depth: number;
  /** Fields, all together. */
  readonly height: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  /** Items of the longest list that is written in the document. */
  readonly listItems: number;
}

type Sum = { -readonly [Name in keyof Measures]: number };

/** Far beyond every limit, and far from where numbers lose their last digits. */
const MOST = 1_000_000_000;

const NOTHING: Measures = { depth: 0, height: 0, aliases: 0, directives: 0, rootFields: 0, listItems: 0 };

/** The greatest of each over all operations of the document. Takes one walk, however often a fragment is spread. */
export function measureDocument(document: DocumentNode): Measures {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const known = new Map<string, Measures>();

  const measureFragment = (name: string): Measures => {
    const found = known.get(name);
    if (found !== undefined) return found;
    // One that spreads itself is refused by validation.
    known.set(name, NOTHING);
    const fragment = fragments.get(name);
    const measures = fragment === undefined ? NOTHING : measureSet(fragment.selectionSet);
    known.set(name, measures);
    return measures;
  };
  const measureSet = ({ selections }: SelectionSetNode): Measures => {
    const sum: Sum = { ...NOTHING };
    for (const selection of selections) {
      sum.directives = add(sum.directives, selection.directives?.length ?? 0);
      if (selection.kind === Kind.FIELD) addField(sum, selection, measureSet);
      else if (selection.kind === Kind.INLINE_FRAGMENT) addSpread(sum, measureSet(selection.selectionSet));
      else addSpread(sum, measureFragment(selection.name.value));
    }
    return sum;
  };
  const whole: Sum = { ...NOTHING };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const measures = measureSet(definition.selectionSet);
    for (const name of Object.keys(whole) as (keyof Measures)[]) whole[name] = Math.max(whole[name], measures[name]);
    whole.directives = Math.max(whole.directives, add(measures.directives, definition.directives?.length ?? 0));
    for (const { defaultValue } of definition.variableDefinitions ?? [])
      if (defaultValue !== undefined) whole.listItems = Math.max(whole.listItems, longestList(defaultValue));
  }
  return whole;
}

function addField(sum: Sum, field: FieldNode, measureSet: (set: SelectionSetNode) => Measures): void {
  const below = field.selectionSet === undefined ? NOTHING : measureSet(field.selectionSet);
  sum.depth = Math.max(sum.depth, below.depth + 1);
  sum.height = add(sum.height, below.height + 1);
  sum.aliases = add(sum.aliases, below.aliases + (field.alias === undefined ? 0 : 1));
  sum.directives = add(sum.directives, below.directives);
  sum.rootFields = add(sum.rootFields, 1);
  sum.listItems = Math.max(sum.listItems, below.listItems);
  for (const { value } of field.arguments ?? []) sum.listItems = Math.max(sum.listItems, longestList(value));
}

function addSpread(sum: Sum, spread: Measures): void {
  sum.depth = Math.max(sum.depth, spread.depth);
  sum.height = add(sum.height, spread.height);
  sum.aliases = add(sum.aliases, spread.aliases);
  sum.directives = add(sum.directives, spread.directives);
  sum.rootFields = add(sum.rootFields, spread.rootFields);
  sum.listItems = Math.max(sum.listItems, spread.listItems);
}

function add(one: number, other: number): number {
  return Math.min(one + other, MOST);
}

function longestList(value: ValueNode): number {
  if (value.kind === Kind.LIST) return Math.max(value.values.length, ...value.values.map(longestList));
  if (value.kind === Kind.OBJECT) return Math.max(0, ...value.fields.map((field) => longestList(field.value)));
  return 0;
}

import { type DocumentNode, Kind, type OperationDefinitionNode, type ValueNode, valueFromASTUntyped } from 'graphql';
import type { Choice, CostNode, Slice } from './CostNode.ts';
import { type CostRules, collectCosts } from './collectCosts.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** What one operation costs. */
export interface OperationCost {
  /** Whether the estimate, and the actual cost, hang on variables at all. */
  readonly estimateReads: boolean;
  readonly actualReads: boolean;
  /** Before it runs, from sizes that are asked for or assumed. */
  estimate(variables: Variables): number;
  /** A list that it does not say the size of as it has to, in words. */
  fault(variables: Variables): string | undefined;
  /** Afterwards, from what the answer has. */
  actual(variables: Variables, data: unknown): number;
}

/** A mutation by itself. */
const MUTATION = 10;

/** Far beyond every limit, and far from where numbers lose their last digits. */
const MOST = 1_000_000_000_000;

/** By the rules of IBM's cost directive specification, with the weights that Apollo's router gives where a graph has none of its own. */
export function compileCost(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  rules: CostRules,
): OperationCost {
  const nodes = collectCosts(document, operation, rules);
  const base = operation.operation === 'mutation' ? MUTATION : 0;
  const defaults: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
    if (defaultValue !== undefined) defaults[variable.name.value] = valueFromASTUntyped(defaultValue);
  const hasDefaults = Object.keys(defaults).length > 0;
  const complete = (variables: Variables): Variables => (hasDefaults ? { ...defaults, ...variables } : variables);
  const estimateReads = nodes.some(sizeReads);
  const hasChoices = nodes.some(hasChoice);
  const fixed = estimateReads ? undefined : bounded(base + estimateOf(nodes, {}));
  return {
    estimateReads,
    actualReads: nodes.some(argumentsRead),
    estimate: (variables) => fixed ?? bounded(base + estimateOf(nodes, complete(variables))),
    fault: (variables) => (hasChoices ? faultIn(nodes, complete(variables)) : undefined),
    actual: (variables, data) => bounded(base + actualOf(nodes, complete(variables), data)),
  };
}

function bounded(cost: number): number {
  return Math.min(Math.max(cost, 0), MOST);
}

function sizeReads({ guards, slices, arguments: args, children }: CostNode): boolean {
  return (
    guards !== undefined ||
    slices.some(({ value }) => value !== undefined && hasVariable(value)) ||
    args.some(({ value }) => hasVariable(value)) ||
    children.some(sizeReads)
  );
}

function argumentsRead({ arguments: args, children }: CostNode): boolean {
  return args.some(({ value }) => hasVariable(value)) || children.some(argumentsRead);
}

function hasVariable(node: ValueNode): boolean {
  if (node.kind === Kind.LIST) return node.values.some(hasVariable);
  if (node.kind === Kind.OBJECT) return node.fields.some(({ value }) => hasVariable(value));
  return node.kind === Kind.VARIABLE;
}

function estimateOf(nodes: readonly CostNode[], variables: Variables): number {
  let sum = 0;
  for (const node of nodes) {
    if (!isWanted(node, variables)) continue;
    const items = node.isList ? sizeOf(node, variables) : 1;
    sum += argumentsOf(node, variables) + items * (node.weight + estimateOf(node.children, variables));
  }
  return sum;
}

/** Of what is there: what was skipped is not, nor what an object of another type has. */
function actualOf(nodes: readonly CostNode[], variables: Variables, object: unknown): number {
  if (typeof object !== 'object' || object === null) return 0;
  let sum = 0;
  for (const node of nodes) {
    const value = (object as Readonly<Record<string, unknown>>)[node.key];
    // What could not be had was asked for all the same, with what it was asked with.
    if (isThere(value)) sum += argumentsOf(node, variables) + valuesOf(node, variables, value);
  }
  return sum;
}

/** Not what every object of JavaScript has under a name like "constructor". */
function isThere(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && value !== Object.prototype;
}

function valuesOf(node: CostNode, variables: Variables, value: unknown): number {
  if (value === null) return 0;
  if (!Array.isArray(value))
    return node.weight + (node.children.length === 0 ? 0 : actualOf(node.children, variables, value));
  let sum = 0;
  for (const item of value) sum += valuesOf(node, variables, item);
  return sum;
}

function isWanted({ guards }: CostNode, variables: Variables): boolean {
  return (
    guards === undefined ||
    guards.some((conditions) => conditions.every(({ variable, wanted }) => (variables[variable] === true) === wanted))
  );
}

function argumentsOf(node: CostNode, variables: Variables): number {
  let sum = 0;
  for (const { value, weigh } of node.arguments) sum += weigh(read(value, variables));
  return sum;
}

/** The greatest number that the arguments ask for, or else what is assumed. */
function sizeOf({ slices, size }: CostNode, variables: Variables): number {
  let most: number | undefined;
  for (const slice of slices) {
    const value = given(slice, variables) ?? standing(slice, variables);
    const asked = slice.hasKeys === true ? keysIn(value) : value;
    // Nobody gets cheaper by asking for less than nothing: what a backend makes of that is not known.
    if (typeof asked === 'number' && asked >= 0 && Number.isFinite(asked)) most = Math.max(most ?? 0, asked);
  }
  return most ?? size;
}

/** What is given for it. */
function given({ value: node, path }: Slice, variables: Variables): unknown {
  return node === undefined ? undefined : within(read(node, variables), path);
}

/** What it is without: where null is given, that is what it is. */
function standing({ value: node, fallback, path }: Slice, variables: Variables): unknown {
  if (fallback === undefined) return undefined;
  const isGiven = node !== undefined && read(node, variables) !== undefined;
  return isGiven ? undefined : within(read(fallback, {}), path);
}

function within(value: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (at, name) => (typeof at === 'object' && at !== null ? (at as Variables)[name] : undefined),
    value,
  );
}

function hasChoice({ choice, children }: CostNode): boolean {
  return choice !== undefined || children.some(hasChoice);
}

function faultIn(nodes: readonly CostNode[], variables: Variables): string | undefined {
  for (const node of nodes) {
    if (!isWanted(node, variables)) continue;
    const fault =
      (node.choice === undefined ? undefined : faultOf(node.choice, variables)) ?? faultIn(node.children, variables);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Arguments that have a default count where none is given. */
function faultOf({ field, names, slices }: Choice, variables: Variables): string | undefined {
  const asked = slices.filter((slice) => given(slice, variables) != null).length;
  const count = asked > 0 ? asked : slices.filter((slice) => standing(slice, variables) != null).length;
  if (count === 1) return undefined;
  const expected = names.map((name) => `"${name}"`).join(', ');
  return `Expected exactly one of ${expected} to say how many items "${field}" is to have; got ${count === 0 ? 'none' : count}.`;
}

/** How many a lookup is given: the list may stand inside of an input object. */
function keysIn(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return undefined;
  let most: number | undefined;
  for (const item of Object.values(value)) {
    const count = keysIn(item);
    if (count !== undefined) most = Math.max(most ?? 0, count);
  }
  return most;
}

function read(node: ValueNode, variables: Variables): unknown {
  if (node.kind === Kind.VARIABLE)
    return Object.hasOwn(variables, node.name.value) ? variables[node.name.value] : undefined;
  return valueFromASTUntyped(node, variables as Record<string, unknown>);
}

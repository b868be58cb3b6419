import { type DocumentNode, Kind, type OperationDefinitionNode, type ValueNode, valueFromASTUntyped } from 'graphql';
import type { CostNode } from './CostNode.ts';
import { type CostRules, collectCosts } from './collectCosts.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** What one operation costs. */
export interface OperationCost {
  /** Before it runs, from sizes that are asked for or assumed. */
  estimate(variables: Variables): number;
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
  const complete = (variables: Variables): Variables => ({ ...defaults, ...variables });
  return {
    estimate(variables) {
      const all = complete(variables);
      return bounded(base + estimateOf(nodes, all));
    },
    actual(variables, data) {
      const all = complete(variables);
      return bounded(base + actualOf(nodes, all, data));
    },
  };
}

function bounded(cost: number): number {
  return Math.min(Math.max(cost, 0), MOST);
}

function estimateOf(nodes: ReadonlyMap<string, CostNode>, variables: Variables): number {
  let sum = 0;
  for (const node of nodes.values()) {
    if (!isWanted(node, variables)) continue;
    const items = node.isList ? sizeOf(node, variables) : 1;
    sum += argumentsOf(node, variables) + items * (node.weight + estimateOf(node.children, variables));
  }
  return sum;
}

function actualOf(nodes: ReadonlyMap<string, CostNode>, variables: Variables, object: unknown): number {
  if (typeof object !== 'object' || object === null) return 0;
  let sum = 0;
  for (const node of nodes.values()) {
    if (!isWanted(node, variables)) continue;
    // What is not there was of another type, or could not be had; what it was asked with was asked all the same.
    const value = (object as Readonly<Record<string, unknown>>)[node.key];
    if (value !== undefined) sum += argumentsOf(node, variables) + valuesOf(node, variables, value);
  }
  return sum;
}

function valuesOf(node: CostNode, variables: Variables, value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + valuesOf(node, variables, item), 0);
  if (value === null) return 0;
  return node.weight + (node.children.size === 0 ? 0 : actualOf(node.children, variables, value));
}

function isWanted({ guards }: CostNode, variables: Variables): boolean {
  return guards.some((conditions) =>
    conditions.every(({ variable, wanted }) => (variables[variable] === true) === wanted),
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
  for (const { value: node, path } of slices) {
    let value = node === undefined ? undefined : read(node, variables);
    for (const name of path)
      value = typeof value === 'object' && value !== null ? (value as Variables)[name] : undefined;
    // Nobody gets cheaper by asking for less than nothing: what a backend makes of that is not known.
    if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) most = Math.max(most ?? 0, value);
  }
  return most ?? size;
}

function read(node: ValueNode, variables: Variables): unknown {
  if (node.kind === Kind.VARIABLE) return variables[node.name.value];
  return valueFromASTUntyped(node, { ...variables });
}

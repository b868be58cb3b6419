import type { Supergraph } from '../supergraph/Supergraph.ts';
import { ALWAYS, type Guard } from './guards.ts';
import type { UpstreamField, UpstreamNode } from './Plan.ts';

/** What a printed selection refers to and the document has to declare. */
export interface Uses {
  readonly variables: Set<string>;
  readonly guards: Set<Guard>;
  /** Variables of collected arguments, with their types. */
  readonly collected: Map<string, string>;
}

export function createUses(): Uses {
  return { variables: new Set(), guards: new Set(), collected: new Map() };
}

/** Names for the gateway's own variables that no variable of the client has. */
export interface Names {
  readonly prefix: string;
  readonly representations: string;
}

export interface Printing {
  readonly names: Names;
  readonly uses: Uses;
  /** Of the field that the selection set stands below. */
  readonly guard?: Guard | undefined;
  /** Text of the variable that carries a collected argument. */
  readonly argument?: ((index: number) => string) | undefined;
  /** One bit for each collected argument that has no value here: fields that need it are left out. */
  readonly absent?: number | undefined;
}

/** A selection set with its braces, in the subgraph's own names. */
export function printSelection(node: UpstreamNode, supergraph: Supergraph, printing: Printing): string {
  const print = (fields: Iterable<UpstreamField>) =>
    [...fields]
      .filter(({ collected }) => collected.every(({ argument }) => ((printing.absent ?? 0) & (1 << argument)) === 0))
      .map((field) => printField(field, supergraph, printing));
  const branches = [...node.branches.values()].flatMap((branch) => {
    const own = print([...branch.fields.values()].filter((field) => !isAskedAbove(field, node)));
    return own.length === 0
      ? []
      : `... on ${sourceTypeName(supergraph, branch.type, branch.graph)} { ${own.join(' ')} }`;
  });
  const parts = [...print(node.fields.values()), ...branches];
  return parts.length === 0 ? '{ __typename }' : `{ ${parts.join(' ')} }`;
}

/** Branches share their response keys with the node: what the node always asks for, none of them needs to repeat. */
function isAskedAbove({ key, node: child }: UpstreamField, node: UpstreamNode): boolean {
  const above = node.fields.get(key);
  return child === null && above !== undefined && (above.guard ?? ALWAYS) === ALWAYS;
}

function printField(field: UpstreamField, supergraph: Supergraph, context: Printing): string {
  for (const variable of field.variables) context.uses.variables.add(variable);
  const alias = field.key === field.name ? '' : `${field.key}: `;
  const guard = field.guard ?? ALWAYS;
  // Below a field under the same condition it need not be said again.
  const isSaid = guard === ALWAYS || guard === (context.guard ?? ALWAYS);
  if (!isSaid) context.uses.guards.add(guard);
  const directive = isSaid ? '' : ` @include(if: $${context.names.prefix}g${guard})`;
  const selection = field.node === null ? '' : ` ${printSelection(field.node, supergraph, { ...context, guard })}`;
  return `${alias}${field.name}${printArguments(field, context)}${directive}${selection}`;
}

function printArguments({ args, collected }: UpstreamField, { argument }: Printing): string {
  if (collected.length === 0) return args;
  const filled = collected.map((use) => `${use.name}: ${argument?.(use.argument) ?? 'null'}`).join(', ');
  return args === '' ? `(${filled})` : `${args.slice(0, -1)}, ${filled})`;
}

export function sourceTypeName(supergraph: Supergraph, type: string, graph: number): string {
  return supergraph.subgraphs[graph]?.definition.renames?.types[type] ?? type;
}

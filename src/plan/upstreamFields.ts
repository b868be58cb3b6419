import { graphOfType } from '../supergraph/partInterfaceObjects.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { printTypeRef } from '../supergraph/TypeRef.ts';
import { ALWAYS, type Guard, type GuardTable } from './guards.ts';
import { childTypeName, fieldInfo, narrowerType, ownerIn } from './ownership.ts';
import type { CollectedUse, KeyTable, KeyUse, UpstreamField, UpstreamNode } from './Plan.ts';
import { riskOf } from './riskOf.ts';
import type { Field } from './Selection.ts';

export function createUpstreamNode(graph: number, type: string, keys = createKeyTable()): UpstreamNode {
  return { graph, type, fields: new Map(), branches: new Map(), keys };
}

/** The part of a selection set that holds for one type only. */
export function branchOf(node: UpstreamNode, type: string): UpstreamNode {
  if (node.type === type) return node;
  const known = node.branches.get(type) ?? createUpstreamNode(node.graph, type, node.keys);
  node.branches.set(type, known);
  return known;
}

interface Asked {
  readonly supergraph: Supergraph;
  readonly guards: GuardTable;
  readonly guard: Guard;
  /** Set apart from equal fields: each root field of a mutation is an act of its own. */
  readonly once?: string | undefined;
  readonly collected?: readonly CollectedUse[] | undefined;
}

/** Adds a field to an upstream selection, or widens the guard of the one that is there. */
export function addUpstreamField(
  node: UpstreamNode,
  type: string,
  field: Field,
  { supergraph, guards, guard, once = '', collected = [] }: Asked,
): UpstreamField {
  const owner = ownerIn(supergraph, type, field.name, node.graph);
  const info = fieldInfo(supergraph, type, field.name);
  const typeText = owner?.typeText ?? (info === undefined ? 'String!' : printTypeRef(info.type));
  const name = owner?.sourceName ?? field.name;
  const filled = collected.map((use) => `${use.name}=${use.argument}`).join();
  const signature = `${name}${field.args}: ${typeText} ${once}${filled}`;
  const { selection } = field;
  const childType = childTypeName(supergraph, type, field.name);
  const risk = () => (selection === null ? '' : riskOf(selection, childType, supergraph));
  const use = useOf(node, { name, signature, risk });
  const { key } = use;
  const known = node.fields.get(key);
  if (known !== undefined) {
    known.guard = known.guard === null ? guard : guards.or(known.guard, guard);
    return known;
  }
  const child =
    selection === null
      ? null
      : createUpstreamNode(
          graphOfType(supergraph, node.graph, childType),
          narrowerType(supergraph, type, field.name, node.graph) ?? childType,
          use.children,
        );
  const { args, argumentNodes, variables } = field;
  const added = { key, name, args, argumentNodes, variables, collected, guard, node: child };
  node.fields.set(key, added);
  return added;
}

/** Asks for the run-time type. */
export function addTypename(node: UpstreamNode): void {
  if (!node.fields.has('__typename')) {
    node.fields.set('__typename', {
      key: '__typename',
      name: '__typename',
      args: '',
      argumentNodes: [],
      variables: [],
      collected: [],
      guard: ALWAYS,
      node: null,
    });
  }
}

function createKeyTable(): KeyTable {
  return { uses: new Map(), taken: new Set(), numbers: new Map() };
}

interface Wanted {
  readonly name: string;
  readonly signature: string;
  /** What could make the object null; empty for leaves. */
  readonly risk: () => string;
}

/** The field's own name where nothing else has taken it at this position, else an alias. */
function useOf(node: UpstreamNode, { name, signature, risk }: Wanted): KeyUse {
  const { keys: table } = node;
  const uses = table.uses.get(signature) ?? [];
  table.uses.set(signature, uses);
  const known = uses.find((use) => isAlike(use, node, risk));
  if (known !== undefined) {
    if (!known.risks.has(node)) known.risks.set(node, risk);
    return known;
  }
  let key = name;
  let number = table.numbers.get(name) ?? 1;
  while (table.taken.has(key)) {
    key = `${name}__${number}`;
    number += 1;
  }
  table.numbers.set(name, number);
  table.taken.add(key);
  const use: KeyUse = { key, children: createKeyTable(), risks: new Map([[node, risk]]) };
  uses.push(use);
  return use;
}

/** One object for two purposes only where it is null for both or for neither: a null must not pass from one response key, key or requirement to another. */
function isAlike(use: KeyUse, node: UpstreamNode, risk: () => string): boolean {
  return [...use.risks].every(([other, known]) => {
    // Two branches never speak of one object.
    const isApart = other !== node && !other.branches.has(node.type) && !node.branches.has(other.type);
    return isApart || known() === risk();
  });
}

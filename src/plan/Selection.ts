import {
  type ArgumentNode,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { type DeferSet, type DeferTable, type DeferUsage, type StreamUsage, streamOf } from './defers.ts';
import { guarded } from './guarded.ts';
import { ALWAYS, type Guard, type GuardTable } from './guards.ts';
import { childTypeName } from './ownership.ts';
import type { PlanningBudget } from './PlanningBudget.ts';

/** One response key at one position, for the run-time types that share it. */
export interface Field {
  /** Response key. */
  readonly key: string;
  readonly name: string;
  /** Arguments as GraphQL text, `(first: $n)`, or empty. */
  readonly args: string;
  readonly argumentNodes: readonly ArgumentNode[];
  readonly variables: readonly string[];
  readonly guard: Guard;
  /** Where it stands in the document, more than once under different conditions: the first one that holds counts for its place in the order. */
  readonly occurrences: readonly Occurrence[];
  readonly selection: Selection | null;
  /** The part of the answer that it belongs to; null where that is the part of whoever asks for it. */
  readonly defer: DeferSet | null;
  readonly stream: StreamUsage | null;
  /** Set where the caller may not read it: where it stands. It has no selection then. */
  readonly denied: readonly FieldNode[] | null;
}

export interface Occurrence {
  /** Counts all fields of the selection. */
  readonly at: number;
  readonly guard: Guard;
}

/** What is selected at one position; collected for a run-time type when asked, and the same array for types that it treats alike. */
export interface Selection {
  readonly id: number;
  readonly parts: readonly Part[];
  fieldsFor(type: string): readonly Field[];
}

export interface SelectionContext {
  readonly supergraph: Supergraph;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly guards: GuardTable;
  readonly budget: PlanningBudget;
  /** Null where nothing is to be delivered later: `@defer` and `@stream` are left alone. */
  readonly defers: DeferTable | null;
  /** Whether the caller may not read a field that is selected on this type; absent where nothing is denied. */
  readonly isDenied?: IsDenied | undefined;
}

export type IsDenied = (type: string, field: string) => boolean;

/** A selection set that belongs to it, under a condition. */
interface Part {
  readonly set: SelectionSetNode;
  readonly guard: Guard;
  readonly usage: DeferUsage | null;
  /** The type that it is written for; told where fields can be denied. */
  readonly on?: string | undefined;
}

/** Steps that a response key stands for: its arguments are printed, its owner is looked for, it is read and written. */
const KEY_STEPS = 3;

let lastId = 0;

/** Merges selection sets that stand at one position; nothing is expanded before it is asked for. */
export function createSelection(
  parts: readonly Part[],
  context: SelectionContext,
  keys: readonly string[] = [],
  depth = 0,
): Selection {
  context.budget.enter(depth);
  const bySignature = new Map<string, readonly Field[]>();
  const byType = new Map<string, readonly Field[]>();
  const conditions = typeConditions(parts, context);
  lastId += 1;
  return {
    id: lastId,
    parts,
    fieldsFor(type) {
      const known = byType.get(type);
      if (known !== undefined) return known;
      context.budget.spend(1 + (conditions.length >> 3));
      const signature = conditions
        .map((condition) => (isSubtype(type, condition, context.supergraph) ? '1' : '0'))
        .join('');
      const fields = bySignature.get(signature) ?? collect(parts, { type, context, keys, depth });
      bySignature.set(signature, fields);
      byType.set(type, fields);
      return fields;
    },
  };
}

/** Whether a subgraph is asked for it. */
export function isAsked({ name, denied }: Field): boolean {
  return denied === null && !name.startsWith('__');
}

/** Whether two fields ask for the same under the same condition, though they were collected for different types. */
export function isSameField(one: Field, other: Field): boolean {
  return (
    one === other ||
    (one.key === other.key &&
      one.name === other.name &&
      one.args === other.args &&
      one.guard === other.guard &&
      one.defer === other.defer &&
      (one.denied === null) === (other.denied === null) &&
      one.stream === null &&
      other.stream === null &&
      one.occurrences.length === other.occurrences.length &&
      one.occurrences.every((entry, index) => entry.guard === other.occurrences[index]?.guard) &&
      isSameSelection(one.selection, other.selection))
  );
}

function isSameSelection(one: Selection | null, other: Selection | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.parts.length === other.parts.length &&
    one.parts.every((part, index) => {
      const same = other.parts[index];
      return part.set === same?.set && part.guard === same.guard && part.usage === same.usage;
    })
  );
}

/** Whether a value of the object type `type` can be seen as a `condition`. */
function isSubtype(type: string, condition: string, supergraph: Supergraph): boolean {
  return type === condition || supergraph.types.get(type)?.supertypes.has(condition) === true;
}

function typeConditions(parts: readonly Part[], context: SelectionContext): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const walk = (set: SelectionSetNode) => {
    for (const node of set.selections) {
      context.budget.spend(1);
      if (node.kind === Kind.INLINE_FRAGMENT) {
        if (node.typeCondition !== undefined) found.add(node.typeCondition.name.value);
        walk(node.selectionSet);
      } else if (node.kind === Kind.FRAGMENT_SPREAD && !seen.has(node.name.value)) {
        seen.add(node.name.value);
        const fragment = context.fragments.get(node.name.value);
        if (fragment === undefined) continue;
        found.add(fragment.typeCondition.name.value);
        walk(fragment.selectionSet);
      }
    }
  };
  for (const part of parts) walk(part.set);
  return [...found].sort();
}

interface Collected {
  readonly key: string;
  readonly node: FieldNode;
  guard: Guard;
  readonly occurrences: Occurrence[];
  readonly usages: Set<DeferUsage | null>;
  readonly children: Part[];
  readonly denied: FieldNode[] | null;
}

interface Collecting {
  readonly type: string;
  readonly context: SelectionContext;
  /** Response keys that lead here; filled where something is deferred. */
  readonly keys: readonly string[];
  readonly depth: number;
}

type Under = Omit<Part, 'set'>;

function collect(parts: readonly Part[], collecting: Collecting): readonly Field[] {
  const { type, context, keys } = collecting;
  const found = new Map<string, Collected>();
  const seen = createSeen();
  let at = 0;
  const walk = (set: SelectionSetNode, { guard, usage, on }: Under) => {
    for (const node of set.selections) {
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? context.fragments.get(node.name.value) : node;
      if (fragment === undefined) continue;
      const condition = fragment.kind === Kind.FIELD ? undefined : fragment.typeCondition?.name.value;
      const matches = condition === undefined || isSubtype(type, condition, context.supergraph);
      context.budget.spend(matches ? 1 : 0.1);
      const inner = matches ? guarded(node, guard, context.guards) : undefined;
      if (inner === undefined) continue;
      if (fragment.kind === Kind.FIELD) {
        add(found, fragment, { at, guard: inner, usage, on }, context);
        at += 1;
        continue;
      }
      const opened = context.defers?.open(node, usage, keys) ?? usage;
      const under = { guard: inner, usage: opened, on: on === undefined ? on : (condition ?? on) };
      if (fragment.kind === Kind.FRAGMENT_DEFINITION && seen(fragment.name.value, under)) continue;
      walk(fragment.selectionSet, under);
    }
  };
  for (const part of parts) walk(part.set, part);
  const entries = context.isDenied === undefined ? found.values() : settleDenied(found, context.guards);
  return [...entries].map((entry) => toField(entry, collecting));
}

/** Whether a fragment has been spread here before, at once or by the same `@defer`. */
function createSeen(): (fragment: string, under: Under) => boolean {
  const marks = new Map<string, Set<DirectiveNode | null>>();
  return (fragment, { guard, usage }) => {
    const mark = `${guard} ${fragment}`;
    const known = marks.get(mark) ?? new Set();
    marks.set(mark, known);
    const directive = usage?.directive ?? null;
    if (known.has(null) || known.has(directive)) return true;
    known.add(directive);
    return false;
  };
}

function add(
  found: Map<string, Collected>,
  node: FieldNode,
  { at, guard, usage, on }: Under & Pick<Occurrence, 'at'>,
  context: SelectionContext,
): void {
  const key = node.alias?.value ?? node.name.value;
  const isDenied = on !== undefined && context.isDenied?.(on, node.name.value) === true;
  const child = isDenied ? undefined : node.selectionSet;
  const allowed = context.defers?.format === 'legacy' ? `${usage?.id ?? ''} ${key}` : key;
  const name = isDenied ? `${DENIED}${allowed}` : allowed;
  const part = (set: SelectionSetNode): Part => {
    const base = { set, guard, usage };
    return on === undefined ? base : { ...base, on: childTypeName(context.supergraph, on, node.name.value) };
  };
  const known = found.get(name);
  if (known === undefined) {
    context.budget.spend(KEY_STEPS);
    const children = child === undefined ? [] : [part(child)];
    const denied = isDenied ? [node] : null;
    found.set(name, { key, node, guard, occurrences: [{ at, guard }], usages: new Set([usage]), children, denied });
    return;
  }
  if (known.guard !== ALWAYS) known.occurrences.push({ at, guard });
  known.guard = context.guards.or(known.guard, guard);
  known.usages.add(usage);
  known.denied?.push(node);
  const isNew = (entry: Part) => entry.set !== child || entry.guard !== guard || entry.usage !== usage;
  if (child !== undefined && known.children.every(isNew)) known.children.push(part(child));
}

/** No response key begins so. */
const DENIED = '!';

/**
 * What may be read where it is selected in one way is not denied for the sake of another one: that holds where the first one does not. It stands where
 * it stands first, allowed or not.
 */
function settleDenied(found: ReadonlyMap<string, Collected>, guards: GuardTable): readonly Collected[] {
  const settled = new Set<Collected>();
  for (const [name, entry] of found) {
    const allowed = entry.denied === null ? undefined : found.get(name.slice(DENIED.length));
    const [at] = entry.occurrences;
    if (allowed === undefined || at === undefined) {
      settled.add(entry);
      continue;
    }
    const guard = allowed.guard === ALWAYS ? undefined : guards.without(entry.guard, allowed.guard);
    if (guard === undefined || guards.expressions[guard]?.length === 0) {
      // It is given with the first part that asks for it, in whatever way.
      for (const usage of entry.usages) allowed.usages.add(usage);
      settled.add(allowed);
    } else settled.add({ ...entry, guard, occurrences: [{ at: at.at, guard }] });
  }
  return [...settled];
}

function toField(
  { key, node, guard, occurrences, usages, children, denied }: Collected,
  { context, keys, depth }: Collecting,
): Field {
  // A child needs its own occurrence's guard only where the field can be there without it.
  const parts = children.map((part) => ({ ...part, guard: part.guard === guard ? ALWAYS : part.guard }));
  const argumentNodes = node.arguments ?? [];
  const { defers } = context;
  return {
    key,
    name: node.name.value,
    args: printArguments(argumentNodes),
    argumentNodes,
    variables: argumentVariables(argumentNodes),
    guard,
    occurrences,
    selection:
      parts.length === 0 ? null : createSelection(parts, context, defers === null ? keys : [...keys, key], depth + 1),
    defer: defers?.setOf(usages) ?? null,
    stream: defers === null || denied !== null ? null : streamOf(node),
    denied,
  };
}

function printArguments(nodes: readonly ArgumentNode[]): string {
  if (nodes.length === 0) return '';
  const sorted = [...nodes].sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
  return `(${sorted.map((node) => print(node)).join(', ')})`;
}

function argumentVariables(nodes: readonly ArgumentNode[]): string[] {
  const names = new Set<string>();
  for (const node of nodes) {
    visit(node, {
      Variable(variable) {
        names.add(variable.name.value);
      },
    });
  }
  return [...names];
}

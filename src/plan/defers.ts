/**
 * Deferred parts of an operation, as graphql-js 17 tells them apart: each `@defer` that stands somewhere is a usage, and a field belongs to the set of
 * outermost usages that all of its occurrences stand under. Set 0 is the part that is answered at once.
 */
import { type DirectiveNode, Kind, type SelectionNode } from 'graphql';
import type { PlanningBudget } from './PlanningBudget.ts';

/** Index into `Plan.deferSets`. */
export type DeferSet = number;
export const AT_ONCE: DeferSet = 0;

export interface DeferUsage {
  readonly id: number;
  readonly label: string | undefined;
  readonly parent: DeferUsage | null;
  readonly directive: DirectiveNode;
  /** Response keys that lead from the root to the objects that the fragment stands on. */
  readonly keys: readonly string[];
}

/** `@stream` on a list field. */
export interface StreamUsage {
  readonly label: string | undefined;
  /** A literal, or the name of a variable. */
  readonly initialCount: number | { readonly variable: string };
}

/**
 * `current` is the format of graphql 17. `legacy` is the one of 2022, in which each deferred fragment is answered whole,
 * whatever of it was answered elsewhere.
 */
export type IncrementalFormat = 'current' | 'legacy';

export interface DeferTable {
  readonly format: IncrementalFormat;
  readonly sets: readonly (readonly DeferUsage[])[];
  /** The usage that a fragment with `@defer` opens; null where it has none. */
  open(node: SelectionNode, parent: DeferUsage | null, keys: readonly string[]): DeferUsage | null;
  /** The set of a field with these occurrences; null among them is one that is not deferred. */
  setOf(usages: ReadonlySet<DeferUsage | null>): DeferSet;
}

/** Steps that a usage stands for: each is a part of the answer with books of its own. */
const USAGE_STEPS = 50;

export function createDeferTable(format: IncrementalFormat, budget: PlanningBudget): DeferTable {
  const sets: (readonly DeferUsage[])[] = [[]];
  const ids = new Map<string, DeferSet>([['', AT_ONCE]]);
  let usages = 0;
  return {
    format,
    sets,
    open(node, parent, keys) {
      const directive = node.directives?.find((entry) => entry.name.value === 'defer');
      if (directive === undefined) return null;
      budget.spend(USAGE_STEPS);
      usages += 1;
      return { id: usages, label: labelOf(directive), parent, directive, keys };
    },
    setOf(occurrences) {
      const outermost = outermostOf(occurrences, budget);
      const name = outermost.map(({ id }) => id).join();
      const known = ids.get(name);
      if (known !== undefined) return known;
      ids.set(name, sets.length);
      sets.push(outermost);
      return sets.length - 1;
    },
  };
}

function outermostOf(occurrences: ReadonlySet<DeferUsage | null>, budget: PlanningBudget): readonly DeferUsage[] {
  const found: DeferUsage[] = [];
  for (const usage of occurrences) {
    if (usage === null) return [];
    let outer = usage.parent;
    while (outer !== null && !occurrences.has(outer)) {
      budget.spend(0.1);
      outer = outer.parent;
    }
    if (outer === null) found.push(usage);
  }
  return found.sort((a, b) => a.id - b.id);
}

export function streamOf(node: SelectionNode): StreamUsage | null {
  const directive = node.directives?.find((entry) => entry.name.value === 'stream');
  if (directive === undefined) return null;
  const count = directive.arguments?.find((entry) => entry.name.value === 'initialCount')?.value;
  const initialCount =
    count?.kind === Kind.VARIABLE ? { variable: count.name.value } : Number(count?.kind === Kind.INT ? count.value : 0);
  return { label: labelOf(directive), initialCount };
}

function labelOf(directive: DirectiveNode): string | undefined {
  const label = directive.arguments?.find((entry) => entry.name.value === 'label')?.value;
  return label?.kind === Kind.STRING ? label.value : undefined;
}

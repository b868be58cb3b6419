/**
 * Conditions of an operation: each distinct combination of `@skip` and `@include` is one guard, computed once a request.
 * A guard is an OR of ANDs over boolean variables; guard 0 always holds. Without alternatives it never holds.
 */

import type { PlanningBudget } from './PlanningBudget.ts';

/** Index into `Plan.guards`. */
export type Guard = number;
export const ALWAYS: Guard = 0;

/** `variable` must have the value `want`. */
export interface Condition {
  readonly variable: string;
  readonly want: boolean;
}

/** Alternatives, each a conjunction. `[[]]` always holds. */
export type GuardExpression = readonly (readonly Condition[])[];

export interface GuardTable {
  readonly expressions: readonly GuardExpression[];
  /** Both hold. Undefined where they contradict each other, so that it can never hold. */
  and(left: Guard, conditions: readonly Condition[]): Guard | undefined;
  /** Both hold; a guard that never holds where they contradict each other. */
  both(left: Guard, right: Guard): Guard;
  /** The first holds, and the second does not. */
  without(left: Guard, right: Guard): Guard;
  /** At least one holds. */
  or(left: Guard, right: Guard): Guard;
}

export function createGuardTable(budget: PlanningBudget): GuardTable {
  const expressions: GuardExpression[] = [[[]]];
  const ids = new Map<string, Guard>([[text([[]]), ALWAYS]]);
  const intern = (expression: GuardExpression): Guard => {
    const name = text(expression);
    const known = ids.get(name);
    if (known !== undefined) return known;
    ids.set(name, expressions.length);
    expressions.push(expression);
    return expressions.length - 1;
  };
  const at = (guard: Guard) => expressions[guard] ?? [[]];
  const table: GuardTable = {
    expressions,
    and(left, conditions) {
      if (conditions.length === 0) return left;
      const alternatives = at(left).flatMap((alternative) => conjunction([...alternative, ...conditions]) ?? []);
      const both = alternatives.length === 0 ? [] : simplify(alternatives, budget);
      return both.length === 0 ? undefined : intern(both);
    },
    both(left, right) {
      if (left === ALWAYS || left === right) return right;
      if (right === ALWAYS) return left;
      budget.spend(1 + (at(left).length * at(right).length) / 8);
      if (within(at(right), at(left))) return right;
      if (within(at(left), at(right))) return left;
      const alternatives = at(left).flatMap((one) =>
        at(right).flatMap((other) => conjunction([...one, ...other]) ?? []),
      );
      return intern(simplify(alternatives, budget));
    },
    without(left, right) {
      // Each alternative of the right one fails by one of its conditions.
      const none = at(right).reduce<GuardExpression>(
        (found, alternative) => {
          budget.spend(1 + (found.length * alternative.length) / 4);
          return found.flatMap((one) =>
            alternative.flatMap(({ variable, want }) => conjunction([...one, { variable, want: !want }]) ?? []),
          );
        },
        [[]],
      );
      return table.both(left, intern(none.length === 0 ? [] : simplify(none, budget)));
    },
    or: (left, right) => (left === right ? left : intern(simplify([...at(left), ...at(right)], budget))),
  };
  return table;
}

/** Values of all guards for one request's variables. */
export function evaluateGuards(
  expressions: readonly GuardExpression[],
  variables: Readonly<Record<string, unknown>>,
): boolean[] {
  return expressions.map((expression) =>
    expression.some((alternative) =>
      alternative.every(({ variable, want }) => (variables[variable] === true) === want),
    ),
  );
}

function conjunction(conditions: readonly Condition[]): [Condition[]] | undefined {
  const wanted = new Map<string, boolean>();
  for (const { variable, want } of conditions) {
    if (wanted.get(variable) === !want) return undefined;
    wanted.set(variable, want);
  }
  return [[...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([variable, want]) => ({ variable, want }))];
}

/** Drops alternatives that another one implies, and merges `a, b | a, not b` to `a`. */
function simplify(alternatives: readonly (readonly Condition[])[], budget: PlanningBudget): GuardExpression {
  budget.spend(1 + (alternatives.length * alternatives.length) / 4);
  const kept = alternatives.filter(
    (one, index) =>
      !alternatives.some((other, at) => at !== index && implies(one, other) && (!implies(other, one) || at < index)),
  );
  for (const [i, one] of kept.entries()) {
    for (const other of kept.slice(i + 1)) {
      const rest = resolvent(one, other);
      if (rest !== undefined)
        return simplify([...kept.filter((entry) => entry !== one && entry !== other), rest], budget);
    }
  }
  return [...kept].sort((a, b) => (text([a]) < text([b]) ? -1 : 1));
}

/** Whether the one holds only where the other does. */
function within(one: GuardExpression, other: GuardExpression): boolean {
  return one.every((alternative) => other.some((wider) => implies(alternative, wider)));
}

function implies(one: readonly Condition[], other: readonly Condition[]): boolean {
  return other.every((condition) =>
    one.some((entry) => entry.variable === condition.variable && entry.want === condition.want),
  );
}

function resolvent(one: readonly Condition[], other: readonly Condition[]): readonly Condition[] | undefined {
  if (one.length !== other.length) return undefined;
  const differing = one.filter(
    (entry, index) => other[index]?.variable !== entry.variable || other[index]?.want !== entry.want,
  );
  const [difference] = differing;
  if (differing.length !== 1 || difference === undefined) return undefined;
  const opposite = other.find((entry) => entry.variable === difference.variable);
  return opposite?.want === !difference.want ? one.filter((entry) => entry !== difference) : undefined;
}

function text(expression: GuardExpression): string {
  if (expression.length === 0) return 'never';
  return expression
    .map((alternative) => alternative.map(({ variable, want }) => `${want ? '' : '!'}$${variable}`).join('&'))
    .join('|');
}

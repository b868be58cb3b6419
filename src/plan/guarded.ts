import { type DirectiveNode, Kind, type SelectionNode } from 'graphql';
import type { Condition, Guard, GuardTable } from './guards.ts';

/** The guard with the node's own `@skip` and `@include`; undefined where it can never be selected. */
export function guarded(node: SelectionNode, guard: Guard, guards: GuardTable): Guard | undefined {
  const directives = node.directives;
  if (directives === undefined || directives.length === 0) return guard;
  const conditions: Condition[] = [];
  for (const directive of directives) {
    const name = directive.name.value;
    if (name !== 'skip' && name !== 'include') continue;
    const condition = conditionOf(directive, name === 'include');
    if (condition === false) return undefined;
    if (condition !== true) conditions.push(condition);
  }
  return guards.and(guard, conditions);
}

function conditionOf(directive: DirectiveNode, want: boolean): Condition | boolean {
  const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
  if (value?.kind === Kind.VARIABLE) return { variable: value.name.value, want };
  return value?.kind === Kind.BOOLEAN ? value.value === want : true;
}

import { Kind, type SelectionSetNode } from 'graphql';
import type { FieldRequirements } from '../supergraph/authorization/fieldRequirements.ts';
import type { Requirement } from '../supergraph/authorization/Requirement.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { childTypeName } from './ownership.ts';
import type { Executable } from './resolveConditions.ts';

export interface OperationRequirements {
  /** All that its fields need, each once: callers who meet the same of these have one plan. */
  readonly requirements: readonly Requirement[];
  /** Whether it asks for the schema. */
  readonly introspects: boolean;
}

export function operationRequirements(
  { operation, fragments }: Executable,
  requirements: FieldRequirements,
  supergraph: Supergraph,
): OperationRequirements {
  let introspects = false;
  const found = new Set<Requirement>();
  const seen = new Set<string>();
  const walk = (set: SelectionSetNode, on: string) => {
    for (const node of set.selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) walk(node.selectionSet, node.typeCondition?.name.value ?? on);
      else if (node.kind === Kind.FIELD) {
        const name = node.name.value;
        if (name === '__schema' || name === '__type') introspects = true;
        const requirement = requirements.of(on, name);
        if (requirement !== undefined) found.add(requirement);
        if (node.selectionSet !== undefined) walk(node.selectionSet, childTypeName(supergraph, on, name));
      } else if (!seen.has(node.name.value)) {
        seen.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment !== undefined) walk(fragment.selectionSet, fragment.typeCondition.name.value);
      }
    }
  };
  walk(operation.selectionSet, supergraph.roots[operation.operation] ?? '');
  return { requirements: [...found], introspects };
}

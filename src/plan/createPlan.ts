import { type FragmentDefinitionNode, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import { createAssigner } from './createAssigner.ts';
import { type Builder, createPosition } from './createBuilder.ts';
import { createFetches } from './createFetches.ts';
import type { Router } from './createRouter.ts';
import { AT_ONCE, createDeferTable, type IncrementalFormat } from './defers.ts';
import { findEarlier } from './findEarlier.ts';
import { ALWAYS, createGuardTable, type Guard } from './guards.ts';
import { introspectionDocument } from './introspectionDocument.ts';
import type { Plan, Position, ShapeField } from './Plan.ts';
import { createPlanningBudget, type PlanningLimits } from './PlanningBudget.ts';
import { planFields } from './planFields.ts';
import { planSelection } from './planSelection.ts';
import { createSelection, type Field, type IsDenied } from './Selection.ts';

/** Of one operation. The public benchmark's heavy query takes about 1,300 steps; the deepest selection still leaves half of the stack. */
const LIMITS: PlanningLimits = { steps: 40_000, depth: 200 };
/** For what is planned once more, whole, because it could not be planned in parts: both together have to be done soon. */
export const SECOND_LIMITS: PlanningLimits = { ...LIMITS, steps: LIMITS.steps / 2 };

export interface PlanOptions {
  /** With it, `@defer` and `@stream` are minded. */
  readonly incremental?: IncrementalFormat | undefined;
  /** Fields that the caller may not read are null, and nothing of them is fetched. */
  readonly isDenied?: IsDenied | undefined;
  readonly limits?: PlanningLimits | undefined;
}

/** Plans one validated operation. Throws a `GatewayError` where it would take too many steps. */
export function createPlan(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  router: Router,
  { incremental, isDenied, limits = LIMITS }: PlanOptions = {},
): Plan {
  const { supergraph } = router;
  const budget = createPlanningBudget(limits);
  const guards = createGuardTable(budget);
  const root = supergraph.roots[operation.operation];
  if (root === undefined)
    throw new GatewayError('GRAPHQL_VALIDATION_FAILED', `The schema has no ${operation.operation} type.`);
  const builder: Builder = {
    supergraph,
    router,
    assigner: createAssigner(router, budget),
    guards,
    budget,
    operation: operation.operation,
    calls: [],
    positions: 0,
    denies: false,
    bubbles: false,
    planFields: (position, fields, demand) => planFields(builder, position, fields, demand),
    planSelection: (position, selection, demand) => planSelection(builder, position, selection, demand),
  };
  const position = createPosition(builder, root);
  const defers = incremental === undefined ? null : createDeferTable(incremental, budget);
  const selection = createSelection(
    [{ set: operation.selectionSet, guard: ALWAYS, usage: null, on: isDenied && root }],
    {
      supergraph,
      fragments,
      guards,
      budget,
      defers,
      isDenied,
    },
  );
  const fields = selection.fieldsFor(root);
  const output = { position, fields: planRoot(builder, position, fields), branches: null };
  const fetches = createFetches(builder.calls, supergraph, guards);
  return {
    operation: operation.operation,
    fetches,
    calls: builder.calls,
    output,
    earlier: findEarlier({ operation: operation.operation, fetches, output }, supergraph),
    guards: guards.expressions,
    deferSets: defers?.sets ?? [[]],
    denies: builder.denies,
    bubbles: builder.bubbles,
    introspection: introspectionDocument(operation, fragments, fields),
  };
}

function planRoot(builder: Builder, position: Position, fields: readonly Field[]): ShapeField[] {
  if (builder.operation === OperationTypeNode.MUTATION)
    return inOrder(builder, fields).flatMap((field) =>
      builder.planFields(position, [field], { guard: ALWAYS, defer: AT_ONCE }),
    );
  return builder.planFields(position, fields, { guard: ALWAYS, defer: AT_ONCE });
}

/** Mutations in the order in which they are to be done: where it hangs on a condition, each place that a field can have is one of its own. */
function inOrder({ guards }: Builder, fields: readonly Field[]): Field[] {
  const places = fields.flatMap((field) => {
    let before: Guard | undefined;
    return field.occurrences.map(({ at, guard }) => {
      const own = before === undefined ? guard : guards.without(guard, before);
      before = before === undefined ? guard : guards.or(before, guard);
      return { at, field: { ...field, guard: own } };
    });
  });
  return places.sort((a, b) => a.at - b.at).map(({ field }) => field);
}

import { GraphQLError } from 'graphql';
import { callsRead } from '../plan/createBuilder.ts';
import type { Call, Plan } from '../plan/Plan.ts';
import { errorsBelow } from './ErrorNode.ts';
import { type Run, stateOf } from './Run.ts';
import { responsePath } from './responsePath.ts';

const known = new WeakMap<Plan, ReadonlySet<Call>>();

/** Calls that the answer is read from. What others failed to give is told at the fields that need it; where there are none, nobody missed it. */
function seenCalls(plan: Plan): ReadonlySet<Call> {
  const seen = known.get(plan) ?? callsRead(plan.output.fields, plan.output.position);
  known.set(plan, seen);
  return seen;
}

/** Errors that no null of the answer stands for: nothing that a subgraph said of it is lost. */
export function errorsLeftOver(
  { plan, run }: { readonly plan: Plan; readonly run: Run },
  isDue: (call: Call, path: readonly (string | number)[]) => boolean = () => true,
): GraphQLError[] {
  const seen = seenCalls(plan);
  return plan.calls.flatMap((call) => {
    if (call.sharedWith !== null || !seen.has(call)) return [];
    const state = stateOf(run, call);
    // A call that had nothing to look up is in the request of another one.
    if (call.lookup !== null && state.representations.length === 0) return [];
    const below = [...state.errors.children].flatMap(([entity, node]) =>
      errorsBelow(node).map(({ error, path }) => ({
        error,
        isDue: isDue(call, path),
        path: call.lookup === null && entity === 0 ? responsePath(plan.output, path, call) : undefined,
      })),
    );
    const general = state.general.map((error) => ({ error, isDue: isDue(call, []), path: undefined }));
    return [...below, ...general].flatMap(({ error, isDue: isDueNow, path }) => {
      if (error.used || !isDueNow) return [];
      error.used = true;
      const options =
        path === undefined || path.length === 0
          ? { extensions: error.extensions }
          : { path, extensions: error.extensions };
      return [new GraphQLError(error.message, options)];
    });
  });
}

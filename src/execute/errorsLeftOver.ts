import { GraphQLError } from 'graphql';
import type { Call, Plan } from '../plan/Plan.ts';
import { errorsBelow } from './ErrorNode.ts';
import { type Run, stateOf } from './Run.ts';
import { responsePath } from './responsePath.ts';

/** Errors that no null of the answer stands for: nothing that a subgraph said is lost. */
export function errorsLeftOver(
  { plan, run }: { readonly plan: Plan; readonly run: Run },
  isDue: (call: Call, path: readonly (string | number)[]) => boolean = () => true,
): GraphQLError[] {
  return plan.calls.flatMap((call) => {
    if (call.sharedWith !== null) return [];
    const state = stateOf(run, call);
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

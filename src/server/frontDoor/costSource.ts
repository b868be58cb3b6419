/**
 * What: counts what each call of a subgraph costs, and refuses what is too much for it. Where: around its source, inside of what is remembered and of
 * the limits of its calls.
 * A caller sees SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE where that subgraph's fields would be, and the rest of the answer.
 */
import { GatewayError } from '../../errors/GatewayError.ts';
import type { Source, SourceOperation, SourceRequest, SourceResult } from '../../execute/Source.ts';
import type { OperationCost, Variables } from '../../plugins/demand/compileCost.ts';
import type { SubgraphTotals } from '../../plugins/demand/DemandTotals.ts';
import { type OpenCost, sumOf } from '../../plugins/demand/OpenCost.ts';
import { withFetch } from '../../sources/withFetch.ts';

export interface SourceCostOptions {
  readonly costOf: (operation: SourceOperation) => OperationCost;
  readonly max: number | undefined;
  /** Whether what exceeds `max` is refused. */
  readonly isEnforced: boolean;
  readonly totals: SubgraphTotals;
}

/** One call that is allowed. */
interface Weighed {
  readonly cost: OperationCost;
  readonly estimated: number;
  readonly variables: Variables;
}

const NONE: Variables = {};

export function costSource(source: Source, { costOf, max, isEnforced, totals }: SourceCostOptions): Source {
  const { name } = source;
  const weigh = ({ operation, variables: text }: SourceRequest): Weighed => {
    const cost = costOf(operation);
    const variables = cost.estimateReads || cost.actualReads ? (JSON.parse(text) as Variables) : NONE;
    const estimated = cost.estimate(variables);
    if (max !== undefined && estimated > max) {
      totals.exceeding += 1;
      if (isEnforced) {
        totals.refused += 1;
        throw tooExpensive(name, estimated, max);
      }
    }
    return { cost, estimated, variables: cost.actualReads ? variables : NONE };
  };
  const note = (
    { context }: SourceRequest,
    { calls, estimated, actual }: Omit<SubgraphTotals, 'refused' | 'exceeding'>,
  ) => {
    totals.calls += calls;
    totals.estimated += estimated;
    totals.actual += actual;
    const { cost } = context as { cost?: OpenCost };
    if (cost === undefined) return;
    const sum = sumOf(cost, name);
    sum.calls += calls;
    sum.estimated += estimated;
    sum.actual += actual;
  };
  const counted = withFetch(source, async (request) => {
    const { cost, estimated, variables } = weigh(request);
    let data: unknown;
    let isShared = false;
    try {
      const result = await source.fetch(request);
      ({ data, isShared = false } = result);
      return result;
    } finally {
      // Also where it failed: it was sent.
      if (!isShared) note(request, { calls: 1, estimated, actual: cost.actual(variables, data) });
    }
  });
  if (source.subscribe === undefined) return counted;
  const subscribe = source.subscribe.bind(source);
  return {
    ...counted,
    subscribe(request) {
      let cost: Weighed | undefined;
      const begin = () => {
        cost = weigh(request);
        note(request, { calls: 1, estimated: cost.estimated, actual: 0 });
        return subscribe(request);
      };
      return tapped(begin, ({ data }) => {
        if (cost !== undefined)
          note(request, { calls: 0, estimated: 0, actual: cost.cost.actual(cost.variables, data) });
      });
    },
  };
}

/** Begins at the first `next`, where a refusal ends the stream with its error; not a generator, because these end no sooner than their next event. */
function tapped(
  begin: () => AsyncIterable<SourceResult>,
  onEvent: (event: SourceResult) => void,
): AsyncIterable<SourceResult> {
  let events: AsyncIterator<SourceResult> | undefined;
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        events ??= begin()[Symbol.asyncIterator]();
        const step = await events.next();
        if (step.done !== true) onEvent(step.value);
        return step;
      },
      async return() {
        await events?.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}

function tooExpensive(subgraph: string, estimated: number, max: number): GatewayError {
  const message = `The call of the subgraph "${subgraph}" would cost ${estimated}; at most ${max} is allowed ("demand_control.subgraph").`;
  return new GatewayError('SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE', message, {
    subgraph,
    extensions: { cost: { estimated, max } },
  });
}

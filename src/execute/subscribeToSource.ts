import { type ExecutionResult, GraphQLError } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import { createBatches } from './createBatches.ts';
import { relayFailure } from './ErrorNode.ts';
import { encodeVariables } from './encodeVariables.ts';
import type { PreparedOperation } from './prepareOperation.ts';
import { type CallState, stateOf } from './Run.ts';
import { createRun, type RunContext, sourceOperation } from './runPlan.ts';
import type { SourceResult } from './Source.ts';

interface Subscribing {
  readonly context: RunContext;
  readonly guards: readonly boolean[];
  readonly onEvent: (event: SourceResult) => Promise<ExecutionResult>;
}

/** Subscribes at the one subgraph that has the root field; each event runs the rest of the plan. */
export async function subscribeToSource(
  operation: PreparedOperation,
  { context, guards, onEvent }: Subscribing,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const [fetch] = operation.plan.fetches;
  const [document] = operation.documents;
  if (fetch === undefined || document === undefined)
    return { errors: [new GraphQLError('The subscription selects nothing that a subgraph could push.')] };
  const subgraph = context.supergraph.subgraphs[fetch.graph]?.name ?? '';
  const source = context.sources.get(subgraph);
  if (source?.subscribe === undefined) {
    const failure =
      source === undefined
        ? new GatewayError('SUBGRAPH_UNAVAILABLE', `The subgraph "${subgraph}" cannot be reached at the moment.`)
        : new GatewayError('SUBSCRIPTION_NOT_SUPPORTED', `The subgraph "${subgraph}" cannot push events.`);
    return { errors: [failed(failure, subgraph)] };
  }
  const run = createRun(operation, { guards, maxObjects: 0 });
  for (const call of fetch.calls) (run.calls[call.id] as CallState).batches = createBatches(call, stateOf(run, call));
  const variables = encodeVariables({ document, run, variables: context.variables });
  const events = source.subscribe({
    operation: sourceOperation(fetch, document, run),
    variables,
    context: context.context,
    signal: context.signal,
  });
  return relayEvents(events, subgraph, onEvent);
}

async function* relayEvents(
  events: AsyncIterable<SourceResult>,
  subgraph: string,
  onEvent: Subscribing['onEvent'],
): AsyncGenerator<ExecutionResult, void, void> {
  try {
    for await (const event of events) yield await onEvent(event);
  } catch (error) {
    // A subscription that breaks ends with an error, not with silence.
    yield { errors: [failed(error, subgraph)] };
  }
}

function failed(error: unknown, subgraph: string): GraphQLError {
  const { message, extensions } = relayFailure(error, subgraph);
  return new GraphQLError(message, { extensions });
}

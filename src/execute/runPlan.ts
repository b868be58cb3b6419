import { GatewayError } from '../errors/GatewayError.ts';
import type { FetchDocument } from '../plan/createFetchDocument.ts';
import type { Call, Fetch } from '../plan/Plan.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { createBatches } from './createBatches.ts';
import { createErrorNode, relayFailure } from './ErrorNode.ts';
import { encodeVariables } from './encodeVariables.ts';
import type { PreparedOperation } from './prepareOperation.ts';
import type { CallState, Run } from './Run.ts';
import { receiveReply } from './receiveReply.ts';
import type { Source, SourceContext, SourceOperation, SourceResult } from './Source.ts';

export interface RunContext {
  readonly supergraph: Supergraph;
  readonly sources: ReadonlyMap<string, Source>;
  readonly context: SourceContext;
  readonly signal?: AbortSignal | undefined;
  /** Coerced, by name; those that the client did not send are absent, as documents carry their defaults. */
  readonly variables: Readonly<Record<string, unknown>>;
}

export function createRun(
  prepared: PreparedOperation,
  {
    guards,
    introspection = {},
    variables = {},
    maxObjects,
    freshness,
  }: Pick<Run, 'guards' | 'maxObjects'> & Partial<Pick<Run, 'introspection' | 'variables' | 'freshness'>>,
): Run {
  const calls = prepared.plan.calls.map(
    (): CallState => ({
      entities: [],
      isUnfit: false,
      index: new Map(),
      lacking: new Set(),
      representations: [],
      tuples: [],
      batches: [],
      reached: new Map(),
      errors: createErrorNode(),
      general: [],
    }),
  );
  return { calls, guards, introspection, variables, maxObjects, given: new Map(), freshness };
}

/**
 * Runs the fetches of a plan as a dataflow: each starts when those that it reads from are in, never at a barrier.
 * `given` holds replies that are there already: the event of a subscription is the reply of its first fetch.
 */
export async function runPlan(
  prepared: PreparedOperation,
  run: Run,
  context: RunContext,
  given: ReadonlyMap<number, SourceResult> = new Map(),
): Promise<void> {
  await Promise.all(startFetches(prepared, run, context, given));
}

/** The ends of all fetches, by their ids. */
export function startFetches(
  prepared: PreparedOperation,
  run: Run,
  context: RunContext,
  given: ReadonlyMap<number, SourceResult> = new Map(),
): readonly Promise<void>[] {
  const { fetches } = prepared.plan;
  const started: Promise<void>[] = [];
  // Fetches are in the order of their levels, so that a dependency always has its promise by now.
  for (const fetch of fetches) {
    const step = () => runFetch(fetch, { prepared, run, context, given, started });
    const deps = fetch.deps.map((dep) => started[dep]);
    const [first] = deps;
    started[fetch.id] =
      first === undefined ? step() : deps.length === 1 ? first.then(step) : Promise.all(deps).then(step);
  }
  return started;
}

interface Running {
  /** The ends of fetches, by their ids. */
  readonly started: readonly Promise<void>[];
  readonly prepared: PreparedOperation;
  readonly run: Run;
  readonly context: RunContext;
  readonly given: ReadonlyMap<number, SourceResult>;
}

async function runFetch(fetch: Fetch, running: Running): Promise<void> {
  const { prepared, run, context, given } = running;
  const document = prepared.documents[fetch.id] as FetchDocument;
  for (const call of fetch.calls) if (isWanted(call, run.guards)) prepared.collectors.get(call)?.(run);
  const subgraph = context.supergraph.subgraphs[fetch.graph]?.name ?? '';
  const source = context.sources.get(subgraph);
  const waiting = source?.reusesEntities === true ? takeGiven(fetch, running) : undefined;
  if (waiting !== undefined) await waiting;
  for (const { call } of document.calls) {
    const state = run.calls[call.id] as CallState;
    state.batches = createBatches(call, state);
  }
  const wanted = fetch.calls.some((call) =>
    call.lookup === null
      ? isWanted(call, run.guards)
      : (run.calls[call.id]?.batches ?? []).some(({ entities }) => entities.length > 0),
  );
  if (!wanted) return;
  try {
    const reply = given.get(fetch.id) ?? (await ask(fetch, { document, run, context, subgraph, source }));
    run.freshness?.add(reply);
    receiveReply(reply, { document, run, subgraph });
  } catch (error) {
    run.freshness?.add({});
    const failure = relayFailure(error, subgraph);
    for (const call of fetch.calls) run.calls[call.id]?.general.push(failure);
  }
}

/** Takes what the subgraph has given; where all that is missing has been asked for already, once that is in. */
function takeGiven(fetch: Fetch, { prepared, run, started }: Running): Promise<void> | undefined {
  const reuses = fetch.calls.flatMap((call) => prepared.reuses.get(call) ?? []);
  if (reuses.length === 0) return undefined;
  const take = (): void => {
    for (const reuse of reuses) reuse.take(run);
  };
  take();
  const isOpen = (call: Call) => {
    const { representations, entities } = run.calls[call.id] as CallState;
    return representations.some((_, index) => entities[index] === undefined);
  };
  const open = fetch.calls.filter(isOpen);
  const awaited = open.map((call) => prepared.reuses.get(call)?.awaited(run));
  const isAsking =
    open.length === 0 || awaited.includes(undefined) || fetch.calls.some(({ lookup }) => lookup === null);
  if (isAsking) return undefined;
  return Promise.all(awaited.map((id) => started[id ?? -1])).then(take);
}

interface Asking {
  readonly document: FetchDocument;
  readonly run: Run;
  readonly context: RunContext;
  readonly subgraph: string;
  readonly source: Source | undefined;
}

function ask(fetch: Fetch, { document, run, context, subgraph, source }: Asking): Promise<SourceResult> {
  if (source === undefined) {
    throw new GatewayError('SUBGRAPH_UNAVAILABLE', `The subgraph "${subgraph}" cannot be reached at the moment.`, {
      subgraph,
    });
  }
  const variables = encodeVariables({ document, run, variables: context.variables });
  return source.fetch({
    operation: sourceOperation(fetch, document, run),
    variables,
    context: context.context,
    signal: context.signal,
  });
}

const operations = new WeakMap<FetchDocument, Map<string, SourceOperation>>();

/** The same object for the same document, so that sources can keep what they derive from it. */
export function sourceOperation(fetch: Fetch, document: FetchDocument, run: Run): SourceOperation {
  const known = operations.get(document) ?? new Map<string, SourceOperation>();
  operations.set(document, known);
  const text = document.text(
    document.calls.map(({ call }) => (run.calls[call.id]?.batches ?? []).map(({ tuple }) => tuple.absent)),
  );
  const operation = known.get(text) ?? { kind: fetch.operation, document: text };
  if (known.size < 16) known.set(text, operation);
  return operation;
}

/** Whether any field of the call is to be asked for in this request. */
function isWanted(call: Call, guards: readonly boolean[]): boolean {
  return call.guard === null || call.guard === 0 || guards[call.guard] === true;
}

import { type DocumentNode, type ExecutionResult, executeSync, GraphQLError } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import { sharedDocument } from '../lib/sharedDocument.ts';
import type { IncrementalFormat } from '../plan/defers.ts';
import { evaluateGuards } from '../plan/guards.ts';
import { printPlan } from '../plan/printPlan.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { AnswerMemory } from './AnswerMemory.ts';
import { answerFrom } from './answerFrom.ts';
import { answerTooLarge } from './answerTooLarge.ts';
import { type AuthorizationOptions, admit, inOwnText, type Planned, wouldBeDenied } from './authorization/admit.ts';
import { createAccess, type Decision } from './authorization/createAccess.ts';
import type { VisibleSchema } from './authorization/createVisibleSchemas.ts';
import { countIntrospection } from './countIntrospection.ts';
import { createOperationCache, type PreparingOptions } from './createOperationCache.ts';
import { createPlanStore, type PlanStore } from './createPlanStore.ts';
import { createVariants, type Variant } from './createVariants.ts';
import { type FlightKeys, flightKeys } from './flightKeys.ts';
import { createFreshnessSum, withFreshness } from './freshness.ts';
import { generateProjection } from './generate/generateProjection.ts';
import { HITS_BEFORE_GENERATING } from './generate/tierUp.ts';
import { answerInParts } from './incremental/answerInParts.ts';
import type { Payload } from './incremental/PayloadFormat.ts';
import type { OverrideContext, OverrideRules } from './overrideLabels.ts';
import { type PreparedOperation, readExecutable } from './prepareOperation.ts';
import { projectResult } from './projectResult.ts';
import type { Run } from './Run.ts';
import { readVariables } from './readVariables.ts';
import { createRun, type RunContext, runPlan } from './runPlan.ts';
import type { Source, SourceResult } from './Source.ts';
import { subscribeToSource } from './subscribeToSource.ts';

export type { IncrementalFormat, Payload };

export interface OperationRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** Handed to sources as it is. */
  readonly context: OverrideContext & { readonly exposePlan?: boolean | undefined };
  readonly signal?: AbortSignal | undefined;
}

/** Executes validated operations over one supergraph. Never rejects for a subgraph's fault: that is in `errors`. */
export interface Executor {
  /**
   * Queries and mutations. Request errors (unknown operation, variables) come as `{ errors }` without `data`. What is deferred comes with the
   * rest. Rejects with the signal's reason where the client of a query has left.
   */
  execute(request: OperationRequest): Promise<ExecutionResult>;
  /** Plans an operation as most callers ask for it, so that the first of them does not wait for that. Throws a `GatewayError` where it cannot be. */
  plan(request: OperationRequest): void;
  /** The answer that `execute` would give, where it is remembered and nothing has to be waited for to know whose it is. */
  recall(request: OperationRequest): ExecutionResult | undefined;
  /** The same for a client that reads answers in parts: payloads in its format, where something is deferred or streamed. */
  executeInParts(
    request: OperationRequest,
    format: IncrementalFormat,
  ): Promise<ExecutionResult | AsyncGenerator<Payload, void, void>>;
  /** Subscriptions: one result an event, or a single `{ errors }` where it could not start. */
  subscribe(request: OperationRequest): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult>;
}

/** Who asks for a key while it is being answered waits for that answer; whoever leaves takes nothing from the others. */
export interface SharedAnswers {
  join<T>(key: string, answer: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export interface ExecutorOptions {
  readonly supergraph: Supergraph;
  /** By subgraph name. A missing one answers SUBGRAPH_UNAVAILABLE. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Objects that one answer may have; default 200,000. */
  readonly maxObjects?: number | undefined;
  /** Decide which labels of progressive overrides are active. */
  readonly overrideRules?: OverrideRules | undefined;
  /** Where equal queries under way meet and share one answer; absent where each is executed by itself. */
  readonly flights?: SharedAnswers | undefined;
  readonly authorization?: AuthorizationOptions | undefined;
  /** Where answers are remembered, and say how long they are good (`freshnessOf`). */
  readonly memory?: AnswerMemory | undefined;
  /** Whether answers say how long they are good; they do with `memory`. */
  readonly tellsFreshness?: boolean | undefined;
  /** Whether errors of variables tell no names of the schema that a client has not written. */
  readonly hideSuggestions?: boolean | undefined;
}

export function createExecutor({
  supergraph,
  sources,
  maxObjects = 200_000,
  overrideRules,
  flights,
  authorization,
  memory,
  tellsFreshness = memory !== undefined,
  hideSuggestions,
}: ExecutorOptions): Executor {
  const variantFor = createVariants(supergraph, overrideRules);
  const access = createAccess(supergraph, authorization);
  const isRejecting = authorization?.mode === 'reject';
  const plans = createPlanStore();
  const contextOf = ({ context, signal }: OperationRequest, { given }: Ready): RunContext => ({
    supergraph,
    sources,
    context,
    signal,
    variables: given,
  });
  const start = (request: OperationRequest, ready: Ready) => ({
    context: contextOf(request, ready),
    run: createRun(ready.operation, {
      guards: ready.guards,
      introspection: introspect(ready, supergraph, maxObjects),
      variables: ready.variables,
      maxObjects,
      freshness: tellsFreshness ? createFreshnessSum() : undefined,
    }),
  });
  const answerAlone = async (request: OperationRequest, ready: Ready) => {
    const { run, context } = start(request, ready);
    await runPlan(ready.operation, run, context);
    // Nobody reads it, and it has an error at every place that was still to come. What a write has done is told to plugins all the same.
    if (ready.operation.definition.operation === 'query') request.signal?.throwIfAborted();
    const result = resultOf(ready, run, supergraph);
    const freshness = result.errors === undefined ? run.freshness?.sum : undefined;
    return freshness === undefined ? result : withFreshness(result, freshness);
  };
  const answerNew = (request: OperationRequest, ready: Ready, key: string | undefined): Promise<ExecutionResult> => {
    if (flights === undefined || key === undefined) return answerAlone(request, ready);
    return flights.join(key, (signal) => answerAlone({ ...request, signal }, ready), request.signal);
  };
  /** A remembered answer is told apart by what the gateway itself knows of who asks, too. */
  const ofCaller = ({ context: { caller } }: OperationRequest, { shared, own }: FlightKeys): FlightKeys =>
    caller === undefined ? { shared, own } : { shared, own: `${own}\n${JSON.stringify(caller.key)}` };
  const answerShared = (request: OperationRequest, ready: Ready): Promise<ExecutionResult> => {
    const isAsked = flights !== undefined || memory !== undefined;
    const keys = isAsked ? flightKeys(request, ready, sources) : undefined;
    if (memory === undefined || keys === undefined) return answerNew(request, ready, keys?.own);
    const remembered = ofCaller(request, keys);
    return answerFrom(memory, remembered, () => answerNew(request, ready, remembered.own));
  };
  // Policies may have to be asked, and dice are thrown once a request.
  const recalls = access === undefined && supergraph.overrideLabels.length === 0 ? memory : undefined;
  const answer = (request: OperationRequest, ready: Ready): Promise<ExecutionResult> =>
    ready.operation.plan.denies
      ? answerShared(request, ready).then((result) => inOwnText(result, ready))
      : answerShared(request, ready);
  /** Awaited only where something has to be waited for. */
  const readyFor = (request: OperationRequest, format?: IncrementalFormat): Prepared | Promise<Prepared> => {
    const variant = variantFor(request.context);
    if (access === undefined) return prepare(request, variant, plans, { format, hideSuggestions });
    try {
      const { operationName, context } = request;
      const document = sharedDocument(request.document);
      const decision = access.decide({
        document,
        operationName: document === request.document ? operationName : null,
        context,
      });
      const proceed = (decided: Decision) => {
        const prepared = prepare(request, variant, plans, { format, hideSuggestions, ...decided });
        if ('errors' in prepared) return prepared;
        if (authorization?.onDenied === undefined) return admit(prepared, { caller: context.caller, isRejecting });
        if (decided.denials !== undefined) authorization.onDenied(wouldBeDenied(prepared, context.caller));
        return prepare(request, variant, plans, { format, hideSuggestions });
      };
      return decision instanceof Promise ? decision.then(proceed) : proceed(decision);
    } catch (error) {
      return failed(error);
    }
  };
  return {
    async execute(request) {
      const prepared = readyFor(request);
      const ready = prepared instanceof Promise ? await prepared : prepared;
      return 'errors' in ready ? ready : answer(request, ready);
    },
    plan({ document, operationName, context }) {
      const { operations, isOwn } = operationsOf(document, variantFor(context), plans);
      operations.prepare(isOwn ? operationName : null, {});
    },
    recall(request) {
      if (recalls === undefined) return undefined;
      const ready = prepare(request, variantFor(request.context), plans, { hideSuggestions });
      const keys = 'errors' in ready ? undefined : flightKeys(request, ready, sources);
      if (keys === undefined) return undefined;
      const { shared, own } = ofCaller(request, keys);
      return recalls.find([shared, own]);
    },
    async executeInParts(request, format) {
      const ready = await readyFor(request, format);
      if ('errors' in ready) return ready;
      if (!ready.operation.isInParts) return answer(request, ready);
      const extensions = extensionsOf(ready, supergraph);
      return answerInParts(ready.operation, { ...start(request, ready), format, extensions });
    },
    async subscribe(request) {
      const ready = await readyFor(request);
      if ('errors' in ready) return ready;
      const context = contextOf(request, ready);
      const onEvent = async (event: SourceResult) => {
        const run = createRun(ready.operation, { guards: ready.guards, maxObjects });
        // Sources keep what they have read for as long as a context lives: each event gets its own.
        await runPlan(ready.operation, run, { ...context, context: { ...request.context } }, new Map([[0, event]]));
        return inOwnText(resultOf(ready, run, supergraph), ready);
      };
      return subscribeToSource(ready.operation, { context, guards: ready.guards, onEvent });
    },
  };
}

type Prepared = Ready | { readonly errors: readonly GraphQLError[] };

interface Ready extends Planned {
  readonly variables: Readonly<Record<string, unknown>>;
  /** Those that the client sent. */
  readonly given: Readonly<Record<string, unknown>>;
  /** What introspection shows, where that is not everything. */
  readonly visible: VisibleSchema | undefined;
  readonly exposePlan: boolean;
}

function prepare(
  request: OperationRequest,
  variant: Variant,
  plans: PlanStore,
  options: PreparingOptions & Pick<Decision, 'visible'> & Pick<ExecutorOptions, 'hideSuggestions'>,
): Prepared {
  try {
    const { operations, isOwn } = operationsOf(request.document, variant, plans);
    // What is shared has one operation, under any name; this document's own says where its variables stand.
    const definition = isOwn
      ? operations.definition(request.operationName)
      : readExecutable(request.document, request.operationName).operation;
    const values = readVariables(definition, request.variables, {
      schema: variant.router.supergraph.clientSchema,
      hideSuggestions: options.hideSuggestions === true,
    });
    if ('errors' in values) return values;
    const { variables, given } = values;
    const operation = operations.prepare(isOwn ? request.operationName : null, variables, options);
    const guards = evaluateGuards(operation.plan.guards, variables);
    const { visible } = options;
    return {
      definition,
      operation,
      variables,
      given,
      guards,
      visible,
      exposePlan: request.context.exposePlan === true,
    };
  } catch (error) {
    return failed(error);
  }
}

function operationsOf(document: DocumentNode, { router, prepared }: Variant, plans: PlanStore) {
  const shared = sharedDocument(document);
  const operations = prepared.get(shared) ?? createOperationCache(shared, router, plans);
  prepared.set(shared, operations);
  return { operations, isOwn: shared === document };
}

function failed(error: unknown): { readonly errors: readonly GraphQLError[] } {
  if (!(error instanceof GatewayError)) throw error;
  return { errors: [new GraphQLError(error.message, { extensions: error.extensions, originalError: error })] };
}

function introspect(
  { operation, variables, visible }: Ready,
  supergraph: Supergraph,
  maxObjects: number,
): Run['introspection'] {
  const document = operation.plan.introspection;
  if (document === null) return {};
  const schema = visible?.schema ?? supergraph.clientSchema;
  if (countIntrospection({ schema, document, variables, most: maxObjects }) > maxObjects)
    throw answerTooLarge(maxObjects);
  const result = executeSync({
    schema,
    document,
    variableValues: { ...variables },
  });
  return JSON.parse(JSON.stringify(result.data ?? {})) as Run['introspection'];
}

function resultOf(ready: Ready, run: Run, supergraph: Supergraph): ExecutionResult {
  const result = answerOf(ready.operation, run, supergraph);
  const extensions = extensionsOf(ready, supergraph);
  return extensions === undefined ? result : { ...result, extensions };
}

function extensionsOf({ operation, exposePlan }: Ready, supergraph: Supergraph): ExecutionResult['extensions'] {
  return exposePlan ? { plan: printPlan(operation.plan, operation.documents, supergraph) } : undefined;
}

function answerOf(operation: PreparedOperation, run: Run, supergraph: Supergraph): ExecutionResult {
  try {
    return shortCut(operation, run, supergraph) ?? project(operation, run, supergraph);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return {
      errors: [new GraphQLError(error.message, { extensions: error.extensions, originalError: error })],
      data: null,
    };
  }
}

function project(operation: PreparedOperation, run: Run, supergraph: Supergraph): ExecutionResult {
  const { data, errors } = projectResult(operation.plan, run, supergraph);
  return errors.length > 0 ? { errors, data } : { data };
}

/** Generated code answers where nothing went wrong, for operations that come more than once. */
function shortCut(operation: PreparedOperation, run: Run, supergraph: Supergraph): ExecutionResult | undefined {
  operation.hits += 1;
  if (operation.hits <= HITS_BEFORE_GENERATING || operation.plan.bubbles) return undefined;
  operation.generated ??= generateProjection(operation.plan, supergraph);
  const clean = run.calls.every(
    (call) => call.general.length === 0 && call.errors.children.size === 0 && call.lacking.size === 0,
  );
  return clean ? operation.generated(run) : undefined;
}

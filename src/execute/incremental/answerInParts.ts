/**
 * What: answers an operation with deferred parts. Where: instead of one run and one projection; same plan, same fetches, same projection.
 * A caller sees a first payload once all that is not deferred is in, and one more whenever a part can be given; leaving (`return()`) aborts what is under way.
 */
import { type ExecutionResult, GraphQLError } from 'graphql';
import { GatewayError } from '../../errors/GatewayError.ts';
import { AT_ONCE, type DeferSet, type IncrementalFormat } from '../../plan/defers.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';
import { errorsLeftOver } from '../errorsLeftOver.ts';
import type { PreparedOperation } from '../prepareOperation.ts';
import { projectFirst } from '../projectResult.ts';
import type { Run } from '../Run.ts';
import { type RunContext, startFetches } from '../runPlan.ts';
import { type Batch, createDelivery } from './createDelivery.ts';
import { formatCurrent } from './formatCurrent.ts';
import { formatLegacy } from './formatLegacy.ts';
import type { Payload } from './PayloadFormat.ts';

export interface Answering {
  readonly run: Run;
  readonly context: RunContext;
  readonly format: IncrementalFormat;
  /** Goes with the first payload. */
  readonly extensions: ExecutionResult['extensions'];
}

/** The payloads; or one plain result, where nothing of it has to come later. */
export async function answerInParts(
  operation: PreparedOperation,
  { run, context, format: name, extensions }: Answering,
): Promise<ExecutionResult | AsyncGenerator<Payload, void, void>> {
  const { plan } = operation;
  const { supergraph } = context;
  const left = new AbortController();
  // Not `AbortSignal.any`: a server's signal need not be the platform's own.
  if (context.signal?.aborted === true) left.abort();
  context.signal?.addEventListener('abort', () => left.abort(), { once: true });
  const progress = follow(operation, startFetches(operation, run, { ...context, signal: left.signal }));
  await progress.wait(AT_ONCE);
  const { later, ...first } = firstPart(operation, run, supergraph);
  const result = toResult(first, extensions);
  if (later.length === 0) {
    left.abort();
    return result;
  }
  const delivery = createDelivery({ sets: plan.deferSets, isReady: progress.isIn, toErrors });
  const format = name === 'legacy' ? formatLegacy() : formatCurrent();
  const opening = format.first(result, delivery.open(later));
  const step = async (): Promise<Payload> => {
    for (;;) {
      const change = progress.change();
      const batch = delivery.advance();
      const { isDone } = delivery;
      if (isDone) addLeftOver(batch, errorsLeftOver({ plan, run }));
      if (isDone || batch.completed.length > 0) return format.next(batch, !isDone);
      await change;
    }
  };
  return iterate(opening, step, () => left.abort());
}

function firstPart(operation: PreparedOperation, run: Run, supergraph: Supergraph): ReturnType<typeof projectFirst> {
  try {
    return projectFirst(operation.plan, run, supergraph);
  } catch (fault) {
    return { data: null, errors: toErrors(fault), later: [] };
  }
}

function toResult(
  { data, errors }: Pick<ReturnType<typeof projectFirst>, 'data' | 'errors'>,
  extensions: ExecutionResult['extensions'],
): ExecutionResult {
  return {
    ...(errors.length > 0 ? { errors } : {}),
    data,
    ...(extensions === undefined ? {} : { extensions }),
  };
}

function toErrors(fault: unknown): readonly GraphQLError[] {
  if (!(fault instanceof GatewayError)) throw fault;
  return [new GraphQLError(fault.message, { extensions: fault.extensions, originalError: fault })];
}

/** What no null stands for goes with the last part that has a place for it. */
function addLeftOver({ given, completed }: Batch, errors: readonly GraphQLError[]): void {
  if (errors.length === 0) return;
  const target = given.at(-1) ?? completed.findLast((entry) => entry.errors.length > 0);
  if (target !== undefined) Object.assign(target, { errors: [...target.errors, ...errors] });
}

interface Progress {
  isIn(defer: DeferSet): boolean;
  wait(defer: DeferSet): Promise<void>;
  /** Resolves when one more part is in; rejects with a fault of the gateway. */
  change(): Promise<void>;
}

/** Which parts of the answer have all of their fetches in. */
function follow({ plan }: PreparedOperation, fetches: readonly Promise<void>[]): Progress {
  const parts = plan.deferSets.map((_, defer) =>
    Promise.all(plan.fetches.filter((fetch) => fetch.defer === defer).map((fetch) => fetches[fetch.id])),
  );
  const isIn = plan.deferSets.map(() => false);
  let changed = Promise.withResolvers<void>();
  changed.promise.catch(() => undefined);
  for (const [defer, part] of parts.entries()) {
    part.then(
      () => {
        isIn[defer] = true;
        changed.resolve();
        changed = Promise.withResolvers();
      },
      (fault) => changed.reject(fault),
    );
  }
  return {
    isIn: (defer) => isIn[defer] === true,
    wait: async (defer) => {
      await parts[defer];
    },
    change: () => changed.promise,
  };
}

/** Not a generator function: its `return()` would wait for a backend that may never answer. */
function iterate(
  opening: Payload,
  step: () => Promise<Payload>,
  abort: () => void,
): AsyncGenerator<Payload, void, void> {
  const over = Promise.withResolvers<IteratorReturnResult<void>>();
  let isOpen = true;
  let last: Promise<unknown> = Promise.resolve();
  let payload: (() => Promise<Payload>) | null = () => Promise.resolve(opening);
  const end = () => {
    isOpen = false;
    abort();
    over.resolve({ done: true, value: undefined });
  };
  const pull = async (): Promise<IteratorResult<Payload, void>> => {
    if (payload === null || !isOpen) return { done: true, value: undefined };
    const value = await payload();
    payload = value.hasNext ? step : null;
    return { done: false, value };
  };
  return {
    next() {
      const result = last.then(pull);
      last = result.catch(() => undefined);
      return Promise.race([over.promise, result]);
    },
    async return() {
      end();
      return { done: true, value: undefined };
    },
    throw(error) {
      end();
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      end();
    },
  };
}

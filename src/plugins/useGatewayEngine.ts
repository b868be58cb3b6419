/**
 * What: the four engine functions. Where: innermost, so that every other plugin wraps them.
 * A caller sees answers of the snapshot pinned to its request; subscriptions keep that snapshot until their end and end with the gateway.
 */
import { type Plugin, useEngine } from '@envelop/core';
import { type DocumentNode, type ExecutionResult, GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Payload } from '../execute/createExecutor.ts';
import { createNameless } from './createNameless.ts';
import { createParse } from './createParse.ts';
import type { StreamSet } from './createStreamSet.ts';
import { createValidate } from './createValidate.ts';
import type { DocumentLimits } from './limits/DocumentLimits.ts';
import type { ServedSnapshot, SnapshotOperation } from './ServedSnapshot.ts';
import type { TransportContext } from './TransportContext.ts';
import { pinnedSnapshot } from './useSnapshot.ts';

interface EngineArguments {
  readonly document: DocumentNode;
  readonly contextValue?: unknown;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
}

export interface EngineOptions {
  readonly limits: DocumentLimits;
  readonly introspection: boolean;
  /** Whether introspection shows a caller only what he may read: then no error suggests a name either. */
  readonly hidesNames?: boolean | undefined;
  readonly streams: StreamSet;
}

export function useGatewayEngine({ limits, introspection, hidesNames = false, streams }: EngineOptions): Plugin {
  const nameless = createNameless();
  return useEngine({
    parse: createParse(limits, nameless),
    validate: createValidate({ hideSuggestions: !introspection || hidesNames, onValid: nameless.confirm }),
    execute: async (args: EngineArguments) => {
      const snapshot = pinnedSnapshot(args.contextValue as object);
      const format = (args.contextValue as TransportContext).transport?.incremental;
      if (format === undefined) return withInputCode(await snapshot.execute(toOperation(args)));
      const result = await snapshot.executeInParts(toOperation(args), format);
      return Symbol.asyncIterator in result ? holdSnapshot(snapshot, result) : withInputCode(result);
    },
    subscribe: async (args: EngineArguments) => {
      const snapshot = pinnedSnapshot(args.contextValue as object);
      snapshot.retain();
      const release = () => snapshot.release();
      try {
        const events = await snapshot.subscribe(toOperation(args));
        if (Symbol.asyncIterator in events) return streams.add(events, release);
        release();
        return withInputCode(events);
      } catch (error) {
        release();
        throw error;
      }
    },
  });
}

/** The parts of an answer are made of one generation, and a request ends for the server before they do. */
function holdSnapshot(snapshot: ServedSnapshot, parts: AsyncGenerator<Payload, void, void>): typeof parts {
  snapshot.retain();
  let isHeld = true;
  const release = () => {
    if (isHeld) snapshot.release();
    isHeld = false;
  };
  return {
    async next() {
      try {
        const step = await parts.next();
        if (step.done === true || !step.value.hasNext) release();
        return step;
      } catch (error) {
        release();
        throw error;
      }
    },
    return() {
      release();
      return parts.return();
    },
    throw(error) {
      release();
      return parts.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return();
    },
  };
}

function toOperation(args: EngineArguments): SnapshotOperation {
  const context = args.contextValue as GatewayContext;
  return {
    document: args.document,
    operationName: args.operationName,
    variables: args.variableValues,
    context,
    signal: context.signal,
  };
}

/** A request error of execution (no `data`, no path, no code of its own) is one of variables: everything before has its code. */
function withInputCode(result: ExecutionResult): ExecutionResult {
  if (result.errors === undefined || 'data' in result) return result;
  return { ...result, errors: result.errors.map(toInputError) };
}

function toInputError(error: GraphQLError): GraphQLError {
  if (!(error instanceof GraphQLError) || error.extensions['code'] !== undefined) return error;
  // Coercion wraps its own GraphQLErrors; anything else inside is a fault, which masking must see.
  if (error.originalError != null && !(error.originalError instanceof GraphQLError)) return error;
  const { nodes, source, positions, path } = error;
  return new GraphQLError(error.message, {
    nodes,
    source,
    positions,
    path,
    extensions: { ...error.extensions, code: 'BAD_USER_INPUT' },
  });
}

import type { ExecutionResult, GraphQLError, OperationDefinitionNode } from 'graphql';
import type { PreparedOperation } from '../prepareOperation.ts';
import type { Caller } from '../Source.ts';
import type { AccessOptions } from './createAccess.ts';
import { placeErrors } from './placeErrors.ts';
import { deniedFields, refuseDenied } from './refuseDenied.ts';

/** What introspection shows is everything unless told; without `decidePolicies` no policy is met. */
export interface AuthorizationOptions extends AccessOptions {
  /** `filter` (default): what the caller may not read is null, each with its error. `reject`: then nothing of the operation is executed. */
  readonly mode?: 'filter' | 'reject' | undefined;
  /** With it nothing is denied: it is told what would be. */
  readonly onDenied?: ((denied: WouldBeDenied) => void) | undefined;
}

export interface WouldBeDenied {
  /** `Type.field`, as the operation reads them under the conditions of the request. */
  readonly coordinates: readonly string[];
  /** Empty where it has none. */
  readonly operationName: string;
  readonly caller: Caller | undefined;
}

/** An operation as one request asks for it. */
export interface Planned {
  readonly operation: PreparedOperation;
  readonly guards: readonly boolean[];
  /** In the document of this request. */
  readonly definition: OperationDefinitionNode;
}

export interface Admitting {
  readonly caller: Caller | undefined;
  readonly isRejecting: boolean;
}

/** Refuses what may not be read as a whole; a subscription cannot do without its root field. */
export function admit<Ready extends Planned>(
  ready: Ready,
  { caller, isRejecting }: Admitting,
): Ready | { readonly errors: readonly GraphQLError[] } {
  const { plan, definition } = ready.operation;
  if (!isRejecting && definition.operation !== 'subscription') return ready;
  const errors = refuseDenied(plan, { guards: ready.guards, caller, isRootOnly: !isRejecting });
  return errors.length > 0 ? inOwnText({ errors }, ready) : ready;
}

/** The result with its errors at their places in the text of this request. */
export function inOwnText<Result extends Pick<ExecutionResult, 'errors'>>(
  result: Result,
  { operation, definition }: Planned,
): Result {
  const isOwn = operation.definition.name?.value === definition.name?.value;
  return isOwn ? result : placeErrors(result, definition, operation.definition);
}

export function wouldBeDenied({ operation, guards, definition }: Planned, caller: Caller | undefined): WouldBeDenied {
  const coordinates = [...deniedFields(operation.plan, guards, false).keys()];
  return { coordinates, operationName: definition.name?.value ?? '', caller };
}

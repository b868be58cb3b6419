import type { Call, ObjectsGiven, Position } from '../plan/Plan.ts';
import type { ErrorNode, RelayedError } from './ErrorNode.ts';
import type { FreshnessSum } from './freshness.ts';

/** One object a slot, in the order of `Position.slots`. */
export type Frame = unknown[];

/** What is known of a call while one request runs. */
export interface CallState {
  /** The reply's part for the call is not of the shape that was asked for. */
  isUnfit: boolean;
  /** By index of the representation; of a root selection one object: the reply's data. Before the reply is in: what was given earlier. */
  entities: readonly unknown[];
  /** Where each representation went: by key values, or by the position's first object where a key is not made of scalars. */
  readonly index: KeyMap;
  /** Representations whose requirement could not be read: the fields that need it must not be answered. */
  readonly lacking: Set<number>;
  readonly representations: unknown[];
  /** Parallel to `representations`: values of the call's collected arguments; empty where it has none. */
  readonly tuples: Tuple[];
  /** What each alias of the call asks for; made when its fetch starts. */
  batches: readonly Batch[];
  /** Of a call that several positions share: the entities that each of them has. */
  readonly reached: Map<Position, Set<number>>;
  /** Errors with a path, below the index of their entity. */
  readonly errors: ErrorNode;
  /** Errors that concern the whole call. */
  readonly general: RelayedError[];
}

export interface Tuple {
  readonly values: readonly unknown[];
  /** One bit for each argument that has no value, or a null where the subgraph takes none: fields that need it are not asked for. */
  readonly absent: number;
  /** One of them could not be had: what stands against it is told where the field is missed. */
  readonly isMissing: boolean;
  /** Without its arguments there is nothing to ask of the entity. */
  readonly isIdle: boolean;
}

/** Representations that one alias of a call asks for, by index. */
export interface Batch {
  readonly entities: readonly number[];
  /** The collected arguments that they share. */
  readonly tuple: Tuple;
}

/** Nested by key part; the last level holds the index. */
export type KeyMap = Map<unknown, unknown>;

/** The state of one request. Plans never carry it. */
export interface Run {
  /** Objects that one answer may have: a short query can mean a very long answer, for entities that lead to each other. */
  readonly maxObjects: number;
  readonly calls: readonly CallState[];
  readonly guards: readonly boolean[];
  /** Objects that subgraphs have given, by their keys; made where somebody looks. */
  readonly given: Map<ObjectsGiven, KeyMap>;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Answers to `__schema` and `__type`, by response key. */
  readonly introspection: Readonly<Record<string, unknown>>;
  /** Of all replies; absent where nobody wants to know. */
  readonly freshness?: FreshnessSum | undefined;
}

/** The call that does this one's work. */
export function workingCall(call: Call): Call {
  return call.sharedWith ?? call;
}

export function stateOf(run: Run, call: Call): CallState {
  return run.calls[workingCall(call).id] as CallState;
}

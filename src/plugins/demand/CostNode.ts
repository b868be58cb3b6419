import type { ValueNode } from 'graphql';

/** One field of an operation under its response key, with all that its cost hangs on. */
export interface CostNode {
  readonly key: string;
  /** Of one value that it has: of one object, of one scalar. */
  weight: number;
  readonly isList: boolean;
  /** Items of the list, where nothing tells more. */
  readonly size: number;
  /** Variables and literals that say how many items are asked for. */
  readonly slices: readonly Slice[];
  readonly arguments: readonly ArgumentCost[];
  /** Any of them being true makes the field part of the operation; each is a list of conditions that all have to hold. */
  readonly guards: (readonly Condition[])[];
  readonly children: ReadonlyMap<string, CostNode>;
}

export interface Slice {
  /** Undefined where the argument is not given. */
  readonly value: ValueNode | undefined;
  /** Into an input object. */
  readonly path: readonly string[];
}

export interface ArgumentCost {
  readonly value: ValueNode;
  readonly weigh: (value: unknown) => number;
}

export interface Condition {
  readonly variable: string;
  readonly wanted: boolean;
}

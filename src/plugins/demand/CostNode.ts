import type { ValueNode } from 'graphql';
import type { Weigh } from './Pricing.ts';

/** One field of an operation under its response key, with all that its cost hangs on. What costs nothing in any case has none. */
export interface CostNode {
  readonly key: string;
  /** Of one value that it has: of one object, of one scalar. */
  readonly weight: number;
  readonly isList: boolean;
  /** Items of the list, where nothing tells more. */
  readonly size: number;
  /** Variables and literals that say how many items are asked for. */
  readonly slices: readonly Slice[];
  readonly arguments: readonly ArgumentCost[];
  /** Any of them being true makes the field part of the operation; each is a list of conditions that all have to hold. Undefined: it always is. */
  readonly guards: readonly (readonly Condition[])[] | undefined;
  readonly children: readonly CostNode[];
  /** Where exactly one of several arguments has to say how many items are asked for. */
  readonly choice: Choice | undefined;
}

export interface Choice {
  /** As `Type.field`, and its arguments as `@listSize` has them. */
  readonly field: string;
  readonly names: readonly string[];
  readonly slices: readonly Slice[];
}

export interface Slice {
  /** Undefined where the argument is not given. */
  readonly value: ValueNode | undefined;
  /** What it is without. */
  readonly fallback?: ValueNode | undefined;
  /** Into an input object. */
  readonly path: readonly string[];
  /** It is the keys of a lookup that count, wherever they stand in it. */
  readonly hasKeys?: boolean | undefined;
}

export interface ArgumentCost {
  readonly value: ValueNode;
  readonly weigh: Weigh;
}

export interface Condition {
  readonly variable: string;
  readonly wanted: boolean;
}

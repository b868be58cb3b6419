import type { OperationTypeNode, ValueNode } from 'graphql';
import type { ListSize } from '../../supergraph/Costs.ts';

/** What the fields that documents speak of cost. Types go by their names in the graph, whatever the documents call them. */
export interface Pricing {
  root(kind: OperationTypeNode): string | undefined;
  /** The type of a condition, by its name in documents. */
  type(name: string): string | undefined;
  /** Undefined where it costs nothing, whatever is below: introspection. */
  field(type: string, name: string): PricedField | undefined;
  weightOf(type: string): number;
}

export interface PricedField {
  /** In the graph. */
  readonly name: string;
  readonly type: string;
  readonly weight: number;
  readonly isList: boolean;
  readonly size?: ListSize | undefined;
  /** Its values are of the types of the fragments below, and weigh what the heaviest of these does. */
  readonly isAny?: boolean | undefined;
  /** An item for each key that it is given, in whatever argument. */
  readonly isLookup?: boolean | undefined;
  /** What an argument is where it is not given. */
  defaultOf?(argument: string): ValueNode | undefined;
  /** What is given for an argument costs; undefined where that is nothing in any case. */
  argument(name: string): Weigh | undefined;
}

export type Weigh = (value: unknown) => number;

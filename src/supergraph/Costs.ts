/** How many items a list is taken to have, before it is known (`@listSize`). */
export interface ListSize {
  readonly assumedSize?: number | undefined;
  /** Arguments that say how many are asked for; of several the greatest counts. A dot leads into an input object. */
  readonly slicingArguments: readonly string[];
  /** Whether exactly one of these has to be given. */
  readonly requiresOne: boolean;
  /** The lists are not the field itself but these fields below it. */
  readonly sizedFields: readonly string[];
}

/** Weights that a graph's own `@cost` and `@listSize` give. */
export interface Costs {
  /** By `Type`, `Type.field`, `Type.field(argument)` and `Input.field`. */
  readonly weights: ReadonlyMap<string, number>;
  /** By `Type.field`. */
  readonly sizes: ReadonlyMap<string, ListSize>;
}

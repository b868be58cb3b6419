/**
 * How an argument's value is made of an object that was read. Plain data, so that a supergraph document can carry it:
 * a `FieldSelectionMap` of the Composite Schemas specification, decoded.
 */
export type ValueMap =
  /** The object itself. */
  | { readonly kind: 'self' }
  /** The value under a response key, and what is made of it. */
  | { readonly kind: 'field'; readonly key: string; readonly of: ValueMap }
  /** A list made of the object's (list's) items. */
  | { readonly kind: 'list'; readonly of: ValueMap }
  | { readonly kind: 'object'; readonly fields: readonly ObjectEntry[] }
  /** The first of them that is whole. */
  | { readonly kind: 'choice'; readonly of: readonly ValueMap[] }
  | { readonly kind: 'constant'; readonly value: unknown };

export interface ObjectEntry {
  readonly name: string;
  readonly value: ValueMap;
  /** The input field takes no null: without a value for it there is no object. */
  readonly nonNull?: boolean | undefined;
  /** Left out where the object that was read does not have it. */
  readonly optional?: boolean | undefined;
}

/** The text of `@is(field:)` and `@require(field:)` as appendix A of the Composite Schemas specification has it, parsed. */
export type FieldSelectionMap =
  | PathNode
  | { readonly kind: 'list'; readonly of: FieldSelectionMap }
  | { readonly kind: 'object'; readonly fields: readonly MemberNode[] }
  /** `a | b`: the first that there is. */
  | { readonly kind: 'choice'; readonly of: readonly FieldSelectionMap[] };

/** A field, and what is selected of its value; absent where it is a leaf. */
export interface PathNode {
  readonly kind: 'path';
  /** `<Book>.title`: the type that has the field. */
  readonly on?: string | undefined;
  readonly name: string;
  /** As GraphQL text with parentheses, or empty. */
  readonly args: string;
  readonly of?: FieldSelectionMap | undefined;
}

export interface MemberNode {
  readonly name: string;
  readonly value: FieldSelectionMap;
}

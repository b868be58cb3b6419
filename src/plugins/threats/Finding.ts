/** A rule that a value of a request breaks. */
export interface Finding {
  /** `max_characters` where there is more than is looked through. */
  readonly rule: string;
  /** `variables.input.text`, or `Query.search.text` for what stands in the document. */
  readonly place: string;
  /** The variable; undefined for what stands in the document. */
  readonly variable?: string | undefined;
  /** The arguments that the value goes to (`Query.search.text`). */
  readonly arguments: readonly string[];
}

/** What is past it nobody has looked through. */
export const TOO_MUCH = 'max_characters';

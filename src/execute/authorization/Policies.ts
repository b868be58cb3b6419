import type { SourceContext } from '../Source.ts';

/** What is asked of whoever decides on `@policy`. */
export interface PolicyQuestion {
  /** Those that the operation needs; each once. */
  readonly policies: readonly string[];
  readonly context: SourceContext;
  readonly operation: { readonly name: string; readonly kind: string };
}

/** The policies that the caller meets. A policy that is not among them is not met. */
export type DecidePolicies = (question: PolicyQuestion) => ReadonlySet<string> | Promise<ReadonlySet<string>>;

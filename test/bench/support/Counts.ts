import type { Code } from './watchCode.ts';

type Calls = Readonly<Record<string, number>>;

export interface OperationCounts {
  /** Names of the subgraphs that one answer asks, sorted. */
  readonly upstream: readonly string[];
  /** Of them, the most that wait for one another. */
  readonly rounds: number;
  /** Generated functions. */
  readonly functions: number;
  /** Characters of generated code. */
  readonly size: number;
}

interface Held {
  readonly plans: number;
  readonly code: Code;
}

/** What a gateway does, in numbers that are the same on every machine. */
export interface Counts {
  /** By letter of the workload. */
  readonly operations: Readonly<Record<string, OperationCounts>>;
  /** Calls while an operation came under 1,000 names, while it came under the same once more, and under 1,000 other ones. */
  readonly names: { readonly first: Calls; readonly again: Calls; readonly fresh: Calls };
  /** Calls while the heavy query came 20 times with other variables. */
  readonly variables: Calls;
  /** Bytes an answer to the heavy query that stay until the whole heap is collected. */
  readonly promoted: number;
  /** What is held after 5,000 operations that differ in their name alone, and after 5,000 of which each is another one. */
  readonly held: { readonly otherNames: Held; readonly others: Held };
}

import type { ReplyCaching, SourceContext } from '../../execute/Source.ts';

/** A root field that is to be answered by the backend. */
export interface RootCall {
  readonly type: 'Query' | 'Mutation' | 'Subscription';
  readonly field: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly context: SourceContext;
  readonly signal: AbortSignal | undefined;
  /** To be told, of each reply of the backend, what it says on caching. */
  readonly note?: ((caching: ReplyCaching | undefined) => void) | undefined;
}

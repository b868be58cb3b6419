import type { SourceContext } from '../../execute/Source.ts';

/** A root field that is to be answered by the backend. */
export interface RootCall {
  readonly type: 'Query' | 'Mutation' | 'Subscription';
  readonly field: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly context: SourceContext;
  readonly signal: AbortSignal | undefined;
}

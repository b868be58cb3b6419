import type { Caller } from '../../execute/Source.ts';

/** What a policy service is told; the caller without what only the gateway needs. */
export interface PolicyInput {
  readonly policies: readonly string[];
  readonly caller: Pick<Caller, 'id' | 'method' | 'scopes' | 'claims' | 'plan'> | null;
  readonly operation: { readonly name: string; readonly kind: string };
}

/** The policies that are met, as a service elsewhere sees it. Rejects where it cannot be had. */
export type PolicyService = (input: PolicyInput) => Promise<ReadonlySet<string>>;

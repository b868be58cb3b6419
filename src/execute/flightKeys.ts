import type { OverrideContext } from './overrideLabels.ts';
import type { PreparedOperation } from './prepareOperation.ts';
import type { Source } from './Source.ts';

export interface FlightKeys {
  /** Of what is asked, and nothing of who asks. */
  readonly shared: string;
  /** With all that a subgraph can see of who asks. */
  readonly own: string;
}

/**
 * The names under which equal queries share one answer. Undefined where the answer cannot be shared: of a mutation, and where a source does not
 * tell what it sees.
 */
export function flightKeys(
  { context }: { readonly context: OverrideContext },
  { operation, given, visible, exposePlan }: Seen,
  sources: ReadonlyMap<string, Source>,
): FlightKeys | undefined {
  if (operation.definition.operation !== 'query' || operation.subgraphs.length === 0) return undefined;
  // Override labels, and what the caller may not read, need no place here: with others, it is another prepared operation.
  const shared = `${operation.id} ${exposePlan} ${visible?.key ?? ''} ${JSON.stringify(given)}`;
  let own = shared;
  for (const name of operation.subgraphs) {
    const source = sources.get(name);
    if (source === undefined) continue;
    if (source.visible === undefined) return undefined;
    own += `\n${source.visible(context)}`;
  }
  return { shared, own };
}

interface Seen {
  readonly operation: PreparedOperation;
  /** Coerced variables that the client sent. */
  readonly given: Readonly<Record<string, unknown>>;
  /** What introspection shows, where that is not everything. */
  readonly visible?: { readonly key: string } | undefined;
  readonly exposePlan: boolean;
}

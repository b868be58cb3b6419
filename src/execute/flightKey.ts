import type { OverrideContext } from './overrideLabels.ts';
import type { PreparedOperation } from './prepareOperation.ts';
import type { Source } from './Source.ts';

/**
 * The name under which equal queries share one answer: all that a subgraph or a rule of the gateway can see. Undefined where the answer
 * cannot be shared: of a mutation, and where a source does not tell what it sees.
 */
export function flightKey(
  { context }: { readonly context: OverrideContext },
  { operation, given, visible, exposePlan }: Seen,
  sources: ReadonlyMap<string, Source>,
): string | undefined {
  if (operation.definition.operation !== 'query' || operation.subgraphs.length === 0) return undefined;
  // Override labels, and what the caller may not read, need no place here: with others, it is another prepared operation.
  let key = `${operation.id} ${exposePlan} ${visible?.key ?? ''} ${JSON.stringify(given)}`;
  for (const name of operation.subgraphs) {
    const source = sources.get(name);
    if (source === undefined) continue;
    if (source.visible === undefined) return undefined;
    key += `\n${source.visible(context)}`;
  }
  return key;
}

interface Seen {
  readonly operation: PreparedOperation;
  /** Coerced variables that the client sent. */
  readonly given: Readonly<Record<string, unknown>>;
  /** What introspection shows, where that is not everything. */
  readonly visible?: { readonly key: string } | undefined;
  readonly exposePlan: boolean;
}

import { GraphQLError } from 'graphql';
import { relayedExtensions } from '../../errors/relayedExtensions.ts';
import type { SourceError, SourceResult } from '../../execute/Source.ts';

/** Objects that came from a subgraph have their values by response key, not by field. */
export interface Delegated {
  isDelegated(object: object): boolean;
}

interface Placing {
  readonly aliases: readonly string[];
  readonly subgraph: string;
  readonly delegated: WeakSet<object>;
  typeName(sourceName: unknown): unknown;
}

/**
 * The value of each alias, with the subgraph's errors put where they belong: as an `Error` in place of the null, which graphql-js reports at
 * that very field. What names no alias is `unplaced`.
 */
export function placeErrors(
  { data, errors = [] }: SourceResult,
  { aliases, subgraph, delegated, typeName }: Placing,
): { readonly values: unknown[]; readonly unplaced: readonly SourceError[] } {
  const adopt = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(adopt);
    const own = Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, key === '__typename' ? typeName(member) : adopt(member)]),
    );
    delegated.add(own);
    return own;
  };
  const values = aliases.map((alias) => adopt(data?.[alias] ?? null));
  const unplaced: SourceError[] = [];
  for (const error of errors) {
    const [first, ...rest] = error.path ?? [];
    const index = aliases.indexOf(String(first));
    if (index < 0) unplaced.push(error);
    else values[index] = withError(values[index], rest, toCallError(error, subgraph));
  }
  return { values, unplaced };
}

export function toCallError(error: SourceError, subgraph: string): GraphQLError {
  return new GraphQLError(error.message, { extensions: relayedExtensions(error.extensions, subgraph) });
}

/** Puts the error at the end of the path, or at the null that has swallowed it. */
function withError(value: unknown, path: readonly (string | number)[], error: GraphQLError): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null || value instanceof Error)
    return value instanceof Error ? value : error;
  const holder = value as Record<string | number, unknown>;
  holder[step] = withError(holder[step], rest, error);
  return value;
}

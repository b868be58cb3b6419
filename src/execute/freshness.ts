import type { ExecutionResult } from 'graphql';
import type { Freshness, SourceResult } from './Source.ts';

/** How long a whole answer is good: as long as all replies that it is made of. */
export interface FreshnessSum {
  add(reply: SourceResult): void;
  /** Undefined where one of them may not be remembered, or there is none. */
  readonly sum: Freshness | undefined;
}

export function createFreshnessSum(): FreshnessSum {
  let sum: Freshness | undefined;
  let isOver = false;
  return {
    add({ freshness, errors }) {
      if (freshness === undefined || (errors !== undefined && errors.length > 0)) isOver = true;
      else sum = sum === undefined ? freshness : least(sum, freshness);
    },
    get sum() {
      return isOver ? undefined : sum;
    },
  };
}

function least(one: Freshness, other: Freshness): Freshness {
  return {
    stored: Math.min(one.stored, other.stored),
    expires: Math.min(one.expires, other.expires),
    isPrivate: one.isPrivate || other.isPrivate,
    tags: [...new Set([...one.tags, ...other.tags])],
    hits: one.hits + other.hits,
    misses: one.misses + other.misses,
  };
}

/** A result that plugins make out of this one by a spread keeps it, and JSON does not show it. */
const FRESHNESS = Symbol('freshness');

type Marked = ExecutionResult & { readonly [FRESHNESS]?: Freshness | undefined };

export function withFreshness(result: ExecutionResult, freshness: Freshness): ExecutionResult {
  return Object.assign(result, { [FRESHNESS]: freshness });
}

export function freshnessOf(result: ExecutionResult): Freshness | undefined {
  return (result as Marked)[FRESHNESS];
}

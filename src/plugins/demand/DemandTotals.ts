/** What was counted since the start. */
export interface DemandTotals {
  readonly operations: Totals & { count: number };
  /** By name; of all that have been served. */
  readonly subgraphs: Map<string, SubgraphTotals>;
}

interface Totals {
  estimated: number;
  /** Of what was answered, and not in parts. */
  actual: number;
  /** Refused: neither asked nor counted in the others. */
  refused: number;
  /** More than the maximum, refused or, where it is only measured, not. */
  exceeding: number;
}

export type SubgraphTotals = Totals & { calls: number };

export function createTotals(): DemandTotals {
  return { operations: { count: 0, ...none() }, subgraphs: new Map() };
}

export function totalsOf({ subgraphs }: DemandTotals, name: string): SubgraphTotals {
  const known = subgraphs.get(name) ?? { calls: 0, ...none() };
  subgraphs.set(name, known);
  return known;
}

function none(): Totals {
  return { estimated: 0, actual: 0, refused: 0, exceeding: 0 };
}

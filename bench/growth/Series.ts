import type { Document } from '../subgraphs/composeGraph.ts';

/** How cost grows with one thing, everything else staying as it is. */
export interface Series {
  readonly name: string;
  readonly title: string;
  /** What grows. */
  readonly axis: string;
  readonly sizes: readonly number[];
  /** Connections of the load; one where nothing in flight is to be shared. */
  readonly connections: (size: number) => number;
  readonly graph: (size: number) => Graph;
  readonly figures: readonly Figure[];
  /** Files in `bench/plots`, each with the figures of one unit. */
  readonly plots: readonly Plot[];
}

export interface Graph {
  readonly documents: readonly Document[];
  /** One operation without a name, `{ … }`. */
  readonly query: string;
}

export interface Plot {
  readonly unit: string;
  readonly figures: readonly (keyof Point)[];
}

export interface Figure {
  readonly key: keyof Point;
  readonly title: string;
}

/** What was measured at one size. */
export interface Point {
  /** Microseconds of CPU time a request of the gateway's process tree. */
  readonly cpu: number;
  /** The same where no text came before: with parsing, validation and planning. */
  readonly fresh: number;
  /** Of a request that needs no subgraph. */
  readonly bare: number;
  readonly upstream: number;
  /** Megabytes. */
  readonly peak: number;
  readonly idle: number;
  /** Kilobytes of an open connection that is idle. */
  readonly connection: number;
  /** Milliseconds from the start of the process to its first answer, and of the first answer to this operation. */
  readonly started: number;
  readonly first: number;
}

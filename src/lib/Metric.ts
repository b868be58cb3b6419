/** A number that whoever watches the gateway may read, as Prometheus names such. */
export interface Metric {
  /** In snake case, with its unit; a counter ends in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  /** Names of the labels that each reading has. */
  readonly labels?: readonly string[] | undefined;
  /** As it is now; asked only when somebody reads. */
  read(): Iterable<Reading>;
}

export interface Reading {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

export interface Ports {
  readonly gateway: number;
  readonly subgraphs: number;
  readonly events: number;
  /** The demo's counts; its five services are on the five after it. */
  readonly demo: number;
}

/** Every port of the benchmark is one of the thirty from `first` on. */
export function portsFrom(first: number): Ports {
  return { gateway: first, subgraphs: first + 10, events: first + 11, demo: first + 20 };
}

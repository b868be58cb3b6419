/** How a workload is put to a gateway. */
export interface Driver {
  /** Asks once, as one client, and throws where the answer is not the right one. Milliseconds until it was there. */
  ask(): Promise<number>;
  /** As much as is answered in so many seconds. */
  load(seconds: number): Promise<Loaded>;
  close(): Promise<void>;
}

export interface Loaded {
  /** Answers; of a subscription, delivered events. */
  readonly requests: number;
  /** What was asked but not answered when the time was over: the gateway works on it all the same. */
  readonly unanswered: number;
  readonly microseconds: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
}

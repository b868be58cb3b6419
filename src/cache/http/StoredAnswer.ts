import type { HttpAnswer } from '../../upstream/HttpClient.ts';

/** An answer to GET as it is remembered. Times in milliseconds since 1970. */
export interface StoredAnswer {
  readonly answer: HttpAnswer;
  /** When the origin made it. */
  readonly made: number;
  readonly freshUntil: number;
  /** Until when it may be given though it is stale: while it is asked for anew, and where that fails. */
  readonly whileRevalidating: number;
  readonly ifError: number;
}

/** What stands under a URL whose answers hang on headers: their names. */
export interface VaryMark {
  readonly vary: readonly string[];
}

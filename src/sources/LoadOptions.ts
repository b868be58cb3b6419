import type { Credentials } from '../upstream/credentials/Credentials.ts';
import type { HttpClient } from '../upstream/HttpClient.ts';

/** How schemas are reached. */
export interface LoadOptions {
  readonly http: HttpClient;
  /** Of the subgraph; they go to its own origin only. */
  readonly credentials?: Credentials | undefined;
  /** UTF-8 text of a file by its absolute path; rejects where it cannot be read. */
  readonly readFile: (path: string) => Promise<string>;
  /** What of a specification was left out, one sentence each; for the log. */
  readonly warn?: ((message: string) => void) | undefined;
}

import type { Scene } from '../scenes/Scene.ts';
import type { Workload } from '../workloads.ts';

/** What equal requests that are in flight at the same time share: whole answers, only requests to subgraphs, or nothing. */
export type Shares = 'answers' | 'requests' | 'nothing' | 'not known';

/** Who is asked: a row of the tables. */
export interface Gateway {
  /** Its word on the command line. */
  readonly id: string;
  readonly name: string;
  readonly shares: Shares;
  /** Package and version. */
  readonly version: string;
  /** Whatever is not as it comes, in words. */
  readonly settings: string;
  /** What its clients send along. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  asks(workload: Workload): boolean;
  /** May write files of its own into `work`. */
  start(place: Place): Start;
}

export interface Place {
  readonly port: number;
  readonly scene: Scene;
  /** A folder for what is written. */
  readonly work: string;
  /** Of the workload. */
  readonly letter: string;
  /** The file with the right answer. */
  readonly answerFile: string;
}

export interface Start {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

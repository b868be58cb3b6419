import type { Issue } from '../errors/Issue.ts';
import type { Snapshot } from './Snapshot.ts';

/** Holds the generation that is served, and replaces it when configuration or schemas change. */
export interface Registry {
  /** Undefined until a first graph could be composed. */
  readonly current: Snapshot | undefined;
  status(): RegistryStatus;
  /** Reads configuration and schemas again. Never rejects: what is wrong is in `issues` and in the log, and the current generation stays. */
  reload(reason: string): Promise<ReloadResult>;
  /** Called after each swap; returns how to stop that. */
  onSwap(listener: (snapshot: Snapshot) => void): () => void;
  /** Ends watching and polling and closes every source, retained ones too. May be called again. */
  close(): Promise<void>;
}

export interface ReloadResult {
  /** Whether another generation is served now. */
  readonly changed: boolean;
  readonly issues: readonly Issue[];
}

export interface RegistryStatus {
  /** Whether a graph is served. */
  readonly ready: boolean;
  readonly subgraphs: readonly SubgraphStatus[];
  /** What the last reload found wrong; empty when it was clean. */
  readonly lastIssues: readonly Issue[];
}

export interface SubgraphStatus {
  readonly name: string;
  readonly state: SubgraphState;
  /** ISO 8601; when it came into this state. */
  readonly since: string;
  /** Why it is not live. */
  readonly reason?: string | undefined;
}

/** `last_good`: its schema could not be loaded, an earlier one stands in. `missing`: there is none, the rest is served without it. */
export type SubgraphState = 'live' | 'last_good' | 'missing';

import type { ServedSnapshot } from '../plugins/ServedSnapshot.ts';

/** What the server needs of the registry. */
export interface SnapshotStore {
  readonly current: ServedSnapshot | undefined;
  status(): unknown;
  reload(reason: string): Promise<void>;
  close(): Promise<void>;
}

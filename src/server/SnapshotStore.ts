import type { ServedSnapshot } from '../plugins/ServedSnapshot.ts';

/** What the server needs of the registry. */
export interface SnapshotStore {
  readonly current: ServedSnapshot | undefined;
  status(): unknown;
  /** Called whenever another generation is served. */
  onSwap?(listener: () => void): void;
  reload(reason: string): Promise<void>;
  close(): Promise<void>;
}

import { createExecutor } from '../execute/createExecutor.ts';
import type { Source } from '../execute/Source.ts';
import type { ServedSnapshot } from '../plugins/ServedSnapshot.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { SnapshotStore } from './SnapshotStore.ts';

/** One generation as the registry has it. */
export interface RegisteredSnapshot {
  readonly supergraph: Supergraph;
  readonly sources: ReadonlyMap<string, Source>;
  retain(): void;
  release(): void;
}

/** What is needed of a registry. */
export interface RegistryPort {
  readonly current: RegisteredSnapshot | undefined;
  status(): unknown;
  reload(reason: string): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * A registry's generations, each with its executor: one a generation, so that its caches live as long as the plans are valid.
 * `own` sources stand in front of the registry's.
 */
export function createSnapshotStore(registry: RegistryPort, own: Readonly<Record<string, Source>> = {}): SnapshotStore {
  const served = new WeakMap<RegisteredSnapshot, ServedSnapshot>();
  return {
    get current() {
      const snapshot = registry.current;
      if (snapshot === undefined) return undefined;
      const known = served.get(snapshot);
      if (known !== undefined) return known;
      const made = toServed(snapshot, own);
      served.set(snapshot, made);
      return made;
    },
    status: () => registry.status(),
    async reload(reason) {
      await registry.reload(reason);
    },
    close: () => registry.close(),
  };
}

function toServed(snapshot: RegisteredSnapshot, own: Readonly<Record<string, Source>>): ServedSnapshot {
  const sources = new Map([...snapshot.sources, ...Object.entries(own)]);
  const { execute, subscribe } = createExecutor({ supergraph: snapshot.supergraph, sources });
  return {
    schema: snapshot.supergraph.clientSchema,
    execute,
    subscribe,
    retain: () => snapshot.retain(),
    release: () => snapshot.release(),
  };
}

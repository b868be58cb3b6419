import type { AnswerMemory } from '../execute/AnswerMemory.ts';
import { createExecutor } from '../execute/createExecutor.ts';
import type { OverrideRules } from '../execute/overrideLabels.ts';
import type { Source } from '../execute/Source.ts';
import type { Log } from '../lib/Log.ts';
import type { ServedSnapshot } from '../plugins/ServedSnapshot.ts';
import type { Resolvers } from '../Resolvers.ts';
import { closingDoors } from '../sources/closingDoors.ts';
import type { Flights } from '../sources/createFlights.ts';
import { createResolverSource } from '../sources/resolvers/createResolverSource.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { OpenAuthorization } from './authorization/openAuthorization.ts';
import { warnOfPolicies } from './authorization/warnOfPolicies.ts';
import { reportFailures } from './reportFailures.ts';
import type { SnapshotStore } from './SnapshotStore.ts';

/** One generation as the registry has it. */
export interface RegisteredSnapshot {
  readonly supergraph: Supergraph;
  readonly resolvers?: Resolvers | undefined;
  readonly overrideRules?: OverrideRules | undefined;
  readonly sources: ReadonlyMap<string, Source>;
  readonly flights?: Flights | undefined;
  readonly sharesAnswers?: boolean | undefined;
  retain(): void;
  release(): void;
}

/** What is needed of a registry. */
export interface RegistryPort {
  readonly current: RegisteredSnapshot | undefined;
  status(): unknown;
  /** Called after each swap. */
  onSwap?(listener: () => void): () => void;
  reload(reason: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface SnapshotCache {
  /** Stands around each source, outermost: what is remembered is no call of the subgraph. */
  wrap(source: Source, supergraph: Supergraph): Source;
  readonly memory?: AnswerMemory | undefined;
}

export interface SnapshotStoreOptions {
  /** Stand in front of the registry's, by subgraph name. */
  readonly sources?: Readonly<Record<string, Source>> | undefined;
  /** Whether equal queries under way share one answer where the snapshot does not say; default false. */
  readonly sharesAnswers?: boolean | undefined;
  /** Objects that one answer may have. */
  readonly maxObjects?: number | undefined;
  readonly authorization?: OpenAuthorization | undefined;
  /** Whether errors of variables suggest no names. */
  readonly hideSuggestions?: boolean | undefined;
  /** Stands around each source, inside of what remembers. */
  readonly wrapSource?: ((source: Source, supergraph: Supergraph) => Source) | undefined;
  /** What remembers answers and their parts. */
  readonly cache?: SnapshotCache | undefined;
  /** Where a subgraph that stops answering is told. */
  readonly log?: Log | undefined;
}

/** A registry's generations, each with its executor: one a generation, so that its caches live as long as the plans are valid. */
export function createSnapshotStore(registry: RegistryPort, options: SnapshotStoreOptions = {}): SnapshotStore {
  const served = new WeakMap<RegisteredSnapshot, ServedSnapshot>();
  return {
    get current() {
      const snapshot = registry.current;
      if (snapshot === undefined) return undefined;
      const known = served.get(snapshot);
      if (known !== undefined) return known;
      const made = toServed(snapshot, options);
      served.set(snapshot, made);
      return made;
    },
    status: () => registry.status(),
    onSwap: (listener) => registry.onSwap?.(listener),
    async reload(reason) {
      await registry.reload(reason);
    },
    async close() {
      await registry.close();
      await options.authorization?.close?.();
    },
  };
}

function toServed(
  snapshot: RegisteredSnapshot,
  { sources: own = {}, maxObjects, wrapSource, cache, log, ...options }: SnapshotStoreOptions,
): ServedSnapshot {
  const { supergraph, resolvers = {}, overrideRules, flights } = snapshot;
  const { authorization, hideSuggestions } = options;
  if (log !== undefined) warnOfPolicies(supergraph, authorization?.decides ?? (() => false), log);
  const sharesAnswers = snapshot.sharesAnswers ?? options.sharesAnswers ?? false;
  const closing = (source: Source) => (flights === undefined ? source : closingDoors(source, flights));
  const plain = [...snapshot.sources, ...Object.entries(own).map(([name, source]) => [name, closing(source)] as const)];
  const reported = (source: Source) => (log === undefined ? source : reportFailures(source, log));
  const wrapped = (source: Source) => (wrapSource === undefined ? source : wrapSource(source, supergraph));
  // What is remembered is asked of nobody: it counts for no limit of a subgraph and costs it nothing.
  const cached = (source: Source) => (cache === undefined ? source : cache.wrap(source, supergraph));
  const sources = new Map(plain.map(([name, source]) => [name, cached(wrapped(reported(source)))]));
  const { execute, plan, recall, executeInParts, subscribe } = createExecutor({
    supergraph,
    sources,
    maxObjects,
    overrideRules,
    authorization,
    hideSuggestions,
    flights: sharesAnswers ? flights : undefined,
    memory: cache?.memory,
    tellsFreshness: cache !== undefined,
  });
  for (const { name, definition } of supergraph.subgraphs) {
    if (definition.source.kind !== 'resolvers' || sources.has(name)) continue;
    // Made last: it asks the same sources, and the whole graph by the same executor.
    const report = (error: unknown) => log?.error('A fault of a resolver was hidden from the client:', error);
    const ports = { supergraph, sources, execute, report };
    sources.set(name, closing(createResolverSource({ name, sdl: definition.source.sdl, resolvers, ports })));
  }
  return {
    schema: supergraph.clientSchema,
    costs: supergraph.costs,
    fieldLimits: supergraph.fieldLimits,
    execute,
    plan,
    recall,
    executeInParts,
    subscribe,
    retain: () => snapshot.retain(),
    release: () => snapshot.release(),
  };
}

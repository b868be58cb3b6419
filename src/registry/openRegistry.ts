/**
 * What: keeps one generation of the graph served and replaces it when configuration, files or backends change. Where: opened once by a gateway.
 * A caller sees `current` change by one assignment; requests that retained the old generation finish on it.
 */
import { readFile } from 'node:fs/promises';
import { IssuesError } from '../errors/Issue.ts';
import { createSourceFactory } from '../sources/createSourceFactory.ts';
import { createCredentialStore } from '../sources/credentials/createCredentialStore.ts';
import { loadSubgraph } from '../sources/loadSubgraph.ts';
import { createHttpClient } from '../upstream/createHttpClient.ts';
import { systemClock } from './Clock.ts';
import { createGenerations } from './createGenerations.ts';
import { createLoader } from './createLoader.ts';
import { createReloader } from './createReloader.ts';
import { createStateStore, readingOnly } from './createStateStore.ts';
import { createStatusBoard } from './createStatusBoard.ts';
import { createTurns, type Turn } from './createTurns.ts';
import { isRemote } from './isRemote.ts';
import type { Registry, ReloadResult } from './Registry.ts';
import type { RegistryOptions } from './RegistryOptions.ts';
import { watchFiles } from './watchFiles.ts';

/**
 * Loads and composes all subgraphs, or reads the finished supergraph. Backends that are down do not keep it from opening.
 * Rejects with an `IssuesError` where documents or their composition are wrong and no earlier supergraph of the same subgraphs is on disk.
 */
export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const { log, clock = systemClock } = options;
  const http = options.http ?? createHttpClient();
  const state = createStateStore(options.config.state_directory);
  const store = options.siblings?.writesState === false ? readingOnly(state) : state;
  const board = createStatusBoard(log, clock);
  const warn = (name: string, message: string): void => log.warn(`Subgraph "${name}": ${message}`);
  const credentials = createCredentialStore({ http, readFile: (path) => readFile(path, 'utf8') });
  const credentialsOf = credentials.of;
  const own = { loadSubgraph: options.loadSubgraph ?? loadSubgraph, credentialsOf, warn };
  const loader = createLoader({ http, store, ...own });
  const generations = createGenerations({
    http,
    cachedHttp: options.cacheHttp?.(http),
    siblings: options.siblings,
    credentialsOf,
    report: (message, error) => log.error(message, error),
  });
  const reloader = createReloader({
    ...options,
    loader,
    store,
    board,
    generations,
    credentials,
    sourceFactory: async ({ subgraphs }) =>
      options.createSource ?? createSourceFactory(new Set(subgraphs.map(({ definition }) => definition.source.kind))),
  });
  const turns = createTurns<ReloadResult>(async (turn) => {
    if (closed) return { changed: false, issues: [] };
    const readAt = clock.now();
    const result = await reloader.run(turn);
    if (!closed) plan(readAt);
    return result;
  });
  /** A turn that nobody waits for: what goes wrong is said, and the next turn tries again. */
  const look = (turn: Turn): void => {
    turns
      .take(turn)
      .catch((error: unknown) => log.error(`The graph could not be looked at again (${turn.reason}).`, error));
  };
  const watch = watchFiles({
    clock,
    onChange: () => look({ reason: 'a file changed', full: true }),
    onError: (folder, error) => log.warn(`The folder "${folder}" cannot be watched: ${String(error)}`),
  });
  let closed = false;
  let closing: Promise<void> | undefined;
  let cancelPoll: (() => void) | undefined;

  /** What comes after a turn: the files that it has read are watched, backends are asked again in a while. */
  const plan = (readAt: Date): void => {
    const { config } = reloader;
    const own = config.supergraph === undefined ? loader.files() : [config.supergraph];
    if (config.watch) watch.update(new Set([...config.files, ...own, ...credentials.files()]), readAt);
    cancelPoll?.();
    const isPolled = config.supergraph === undefined && config.poll_interval > 0 && config.subgraphs.some(isRemote);
    if (isPolled) {
      const poll = (): void => look({ reason: 'poll', full: false });
      cancelPoll = clock.after(config.poll_interval * 1000, poll);
    }
  };
  const stop = async (): Promise<void> => {
    closed = true;
    cancelPoll?.();
    watch.close();
    // A load in flight fails at once where its connections are ours.
    const ended = options.http === undefined ? http.close() : undefined;
    await turns.idle();
    await generations.close();
    await ended;
  };

  const registry: Registry = {
    get current() {
      return generations.current;
    },
    status: () => ({ ready: generations.current !== undefined, subgraphs: board.subgraphs, lastIssues: board.issues }),
    reload: (reason) => turns.take({ reason, full: true }),
    onSwap: generations.onSwap,
    close: () => (closing ??= stop()),
  };
  try {
    await turns.take({ reason: 'start', full: true });
    const refusal = await reloader.settleStart();
    if (refusal !== undefined) throw new IssuesError('The graph cannot be served.', refusal);
  } catch (error) {
    await registry.close();
    throw error;
  }
  return registry;
}

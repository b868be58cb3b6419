import type { Config } from '../config/Config.ts';
import { type Issue, IssuesError } from '../errors/Issue.ts';
import type { Log } from '../lib/Log.ts';
import type { CreateSource } from '../sources/createSourceFactory.ts';
import type { CredentialStore } from '../sources/credentials/createCredentialStore.ts';
import { parseSupergraph } from '../supergraph/parseSupergraph.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { Generations } from './createGenerations.ts';
import type { Loader } from './createLoader.ts';
import type { StateStore } from './createStateStore.ts';
import type { StatusBoard } from './createStatusBoard.ts';
import type { Turn } from './createTurns.ts';
import type { ReloadResult } from './Registry.ts';
import { type ReadGraph, readGraph } from './readGraph.ts';

export interface ReloaderOptions {
  readonly config: Config;
  readonly readConfig?: (() => Promise<Config>) | undefined;
  readonly log: Log;
  readonly onGraph?: ((supergraph: Supergraph) => void) | undefined;
  readonly loader: Loader;
  readonly store: StateStore;
  readonly board: StatusBoard;
  readonly generations: Generations;
  /** Loads what makes the sources of a graph. */
  readonly credentials: CredentialStore;
  readonly sourceFactory: (supergraph: Supergraph) => Promise<CreateSource>;
}

export interface Reloader {
  /** The newest valid configuration. */
  readonly config: Config;
  /** Reads everything again and serves what came out; never rejects. */
  run(turn: Turn): Promise<ReloadResult>;
  /** After the first run: where nothing is served, takes the last good supergraph. Resolves with the issues where the start must fail. */
  settleStart(): Promise<readonly Issue[] | undefined>;
}

const namesOf = (subgraphs: readonly { readonly name: string }[]): readonly string[] =>
  subgraphs.map(({ name }) => name);

export function createReloader(options: ReloaderOptions): Reloader {
  const { log, loader, store, board, generations, credentials, sourceFactory } = options;
  let { config } = options;
  let isFirst = true;
  let last: ReadGraph | undefined;

  const readConfig = async (): Promise<void> => {
    if (options.readConfig !== undefined && !isFirst) config = await options.readConfig();
    isFirst = false;
  };
  const attempt = async ({ reason, full }: Turn): Promise<ReloadResult> => {
    if (full) await readConfig();
    if (config.supergraph === undefined && full) await credentials.open(config, namesOf(config.subgraphs));
    const graph = await readGraph(config, { loader, full, last });
    last = graph;
    if (graph.observations.length > 0) board.observe(graph.observations);
    if (graph.supergraph === undefined) return refuse(graph.issues);
    if (config.supergraph !== undefined) await credentials.open(config, namesOf(graph.supergraph.subgraphs));
    const changed = generations.serve(graph.supergraph, config, await sourceFactory(graph.supergraph));
    board.accept(graph.issues);
    if (changed || full) options.onGraph?.(graph.supergraph);
    if (changed && reason !== 'start') log.info(`A new graph is served (${reason}).`);
    // A full reload too: the same graph may come from another place now, or could not be kept before.
    if (changed || full) await keep(graph, graph.supergraph.sdl);
    return { changed, issues: graph.issues };
  };
  const refuse = (issues: readonly Issue[]): ReloadResult => {
    const kept = generations.current !== undefined;
    const missing = (last?.loaded ?? []).flatMap(({ state, config: { name } }) =>
      state === 'missing' ? [`"${name}"`] : [],
    );
    const without = missing.length === 0 ? '' : ` Missing: ${missing.join(', ')}.`;
    board.refuse(
      kept ? 'A new graph is refused, the current one stays.' : `There is no graph to serve.${without}`,
      issues,
    );
    return { changed: false, issues };
  };
  /** A full disk is no reason not to serve. */
  const keep = async ({ loaded }: ReadGraph, sdl: string): Promise<void> => {
    try {
      const live = loaded.flatMap(({ config: own, subgraph, state }) =>
        subgraph !== undefined && state === 'live' ? [{ own, subgraph }] : [],
      );
      await Promise.all(live.map(({ own, subgraph }) => store.writeSubgraph(own, subgraph)));
      // Of a part of the subgraphs it would be less than what is there.
      if (loaded.length > 0 && loaded.every(({ subgraph }) => subgraph !== undefined)) {
        await store.writeSupergraph(config, sdl);
      }
    } catch (error) {
      log.warn(`The last good schemas cannot be kept in "${config.state_directory}": ${String(error)}`);
    }
  };

  return {
    get config() {
      return config;
    },
    async run(turn) {
      try {
        return await attempt(turn);
      } catch (error) {
        if (error instanceof IssuesError) return refuse(error.issues);
        log.error('A fault while the graph was read again:', error);
        return refuse([{ message: error instanceof Error ? error.message : String(error) }]);
      }
    },
    async settleStart() {
      if (generations.current !== undefined) return undefined;
      const sdl = config.supergraph === undefined ? await store.readSupergraph(config) : undefined;
      if (sdl !== undefined && (await serveKept(sdl))) return undefined;
      // Backends that are down may be all that is wrong: they come back.
      const isWaiting = last?.loaded.some(({ state }) => state === 'missing') === true;
      const isBlocked = last?.loaded.some(({ blocks }) => blocks) === true;
      return isWaiting && !isBlocked ? undefined : board.issues;
    },
  };

  async function serveKept(sdl: string): Promise<boolean> {
    try {
      const supergraph = parseSupergraph(sdl);
      generations.serve(supergraph, config, await sourceFactory(supergraph));
      options.onGraph?.(supergraph);
    } catch (error) {
      log.warn(`The last good supergraph cannot be used: ${String(error)}`);
      return false;
    }
    log.warn('The last good supergraph is served.');
    return true;
  }
}

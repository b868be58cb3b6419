import { readFile } from 'node:fs/promises';
import { validateSchema } from 'graphql';
import type { Config } from '../config/Config.ts';
import { type Issue, IssuesError } from '../errors/Issue.ts';
import { parseSupergraph } from '../supergraph/parseSupergraph.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { LoadedSubgraph, Loader } from './createLoader.ts';
import type { Observation } from './createStatusBoard.ts';
import { extendGraph, gatewaySchema } from './extendGraph.ts';

export interface ReadGraph {
  readonly supergraph?: Supergraph | undefined;
  /** Why there is no `supergraph`, or what is wrong though there is one. */
  readonly issues: readonly Issue[];
  readonly observations: readonly Observation[];
  /** What it was composed of; empty for a finished supergraph. */
  readonly loaded: readonly LoadedSubgraph[];
  readonly composed?: Composed | undefined;
}

/** The outcome of a composition, with all that it depends on. */
interface Composed extends Parsed {
  readonly of: string;
}

interface Parsed {
  readonly supergraph?: Supergraph | undefined;
  readonly issues: readonly Issue[];
}

export interface ReadGraphOptions {
  readonly loader: Loader;
  readonly full: boolean;
  /** Its composition is taken over where nothing changed: polls mostly find nothing new. */
  readonly last?: ReadGraph | undefined;
}

/** The graph as configuration, files and backends have it now: a finished document, or composed of all subgraphs that are there. */
export async function readGraph(config: Config, { loader, full, last }: ReadGraphOptions): Promise<ReadGraph> {
  if (config.supergraph !== undefined) return readFinished(config.supergraph, config);
  const loaded = await loader.load(config, full);
  const observations = loaded.map(({ config: { name }, state, issues }) => ({ name, state, issues }));
  const wrong = loaded.flatMap(({ issues, config: { name } }) =>
    issues.map((issue) => ({ subgraphs: [name], ...issue })),
  );
  if (loaded.some(({ blocks }) => blocks)) return { issues: wrong, observations, loaded };
  const { typeDefs, resolvers } = gatewaySchema(config);
  const parts = loaded.map(({ subgraph, config: { transforms } }) => [subgraph, transforms]);
  const of = JSON.stringify([parts, typeDefs, [...resolvers]]);
  const composed = last?.composed?.of === of ? last.composed : { of, ...(await composeAndParse(loaded, config)) };
  const { supergraph, issues } = composed;
  return { supergraph, issues: [...issues, ...wrong], observations, loaded, composed };
}

async function composeAndParse(loaded: readonly LoadedSubgraph[], config: Config): Promise<Parsed> {
  // A finished supergraph needs no composer, which takes longer to load than all else.
  const { composeLoaded } = await import('./composeLoaded.ts');
  const composed = composeLoaded(loaded);
  return 'issues' in composed ? composed : extendAndParse(composed.sdl, config);
}

function extendAndParse(sdl: string, config: Config, file?: string): Parsed {
  const extended = extendGraph(sdl, config);
  return 'issues' in extended ? extended : tryParse(extended.sdl, file);
}

async function readFinished(file: string, config: Config): Promise<ReadGraph> {
  let sdl: string;
  try {
    sdl = await readFile(file, 'utf8');
  } catch (error) {
    const message = `The supergraph cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return { issues: [{ file, message }], observations: [], loaded: [] };
  }
  const { supergraph, issues } = extendAndParse(sdl, config, file);
  const observations = (supergraph?.subgraphs ?? []).map(({ name }) => ({ name, state: 'live' as const, issues: [] }));
  return { supergraph, issues, observations, loaded: [] };
}

function tryParse(sdl: string, file?: string): Parsed {
  try {
    const supergraph = parseSupergraph(sdl, file);
    // Otherwise every operation would fail by it.
    const invalid = validateSchema(supergraph.clientSchema);
    if (invalid.length > 0)
      return { issues: invalid.map(({ message }) => ({ file, message, code: 'INVALID_GRAPHQL' })) };
    return { supergraph, issues: [] };
  } catch (error) {
    if (!(error instanceof IssuesError)) throw error;
    return { issues: error.issues };
  }
}

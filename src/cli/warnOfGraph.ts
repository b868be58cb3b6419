import { readFile } from 'node:fs/promises';
import type { Config, SchemaLocation } from '../config/Config.ts';
import { checkGraph, namesGraph } from '../config/checkGraph.ts';
import { formatIssue, type Issue, IssuesError } from '../errors/Issue.ts';

/** What the configuration names and a supergraph document does not have, on standard error. */
export async function warnOfGraph(config: Config, sdl: string): Promise<void> {
  if (!namesGraph(config)) return;
  const { parseSupergraph } = await import('../supergraph/parseSupergraph.ts');
  const { clientSchema: schema, subgraphs } = parseSupergraph(sdl);
  for (const issue of checkGraph(config, { schema, subgraphs: subgraphs.map(({ name }) => name) }))
    console.error(`Warning:\n${formatIssue(issue)}`);
}

/** The same where the graph is at hand: its documents lie here. What is wrong with these "weft compose" says. */
export async function warnOfLocalGraph(config: Config): Promise<void> {
  const { subgraphs, supergraph } = config;
  if (!namesGraph(config) || (supergraph === undefined && !subgraphs.every(({ schema }) => isLocal(schema)))) return;
  const { composeConfig, extendConfigured } = await import('./composeConfig.ts');
  try {
    const sdl =
      supergraph === undefined
        ? await composeConfig(config)
        : extendConfigured(await readFile(supergraph, 'utf8'), config);
    await warnOfGraph(config, sdl);
  } catch (error) {
    if (!(error instanceof IssuesError)) throw error;
    const issue: Issue = {
      message: 'The graph cannot be made, so that what the configuration names of it is not checked.',
    };
    console.error(`Warning:\n${formatIssue(issue)}`);
  }
}

function isLocal(schema: SchemaLocation | undefined): boolean {
  switch (schema?.kind) {
    case 'file':
    case 'sdl':
    case 'proto':
      return true;
    case 'openapi':
      return !/^https?:/.test(schema.location);
    default:
      return false;
  }
}

import { readFile } from 'node:fs/promises';
import { formatIssue } from '../errors/Issue.ts';
import type { CommandValues } from './commands.ts';
import { openConfig } from './openConfig.ts';
import { warnOfGraph } from './warnOfGraph.ts';

/** The supergraph SDL that a command line means: the finished one, or the one composed of the configuration's subgraphs. */
export async function supergraphSdl(values: CommandValues): Promise<string> {
  const config = await openConfig(values);
  const { composeConfig, extendConfigured } = await import('./composeConfig.ts');
  const sdl =
    config.supergraph === undefined
      ? await composeConfig(config, (hint) => process.stderr.write(`hint${formatIssue(hint).slice('  -'.length)}\n`))
      : extendConfigured(await readFile(config.supergraph, 'utf8'), config);
  await warnOfGraph(config, sdl);
  return sdl;
}

import { readFile } from 'node:fs/promises';
import type { CommandValues } from './commands.ts';
import { openConfig } from './openConfig.ts';

/** The supergraph SDL that a command line means: the finished one, or the one composed of the configuration's subgraphs. */
export async function supergraphSdl(values: CommandValues): Promise<string> {
  const config = await openConfig(values);
  if (config.supergraph !== undefined) return readFile(config.supergraph, 'utf8');
  const { composeConfig } = await import('./composeConfig.ts');
  return composeConfig(config);
}

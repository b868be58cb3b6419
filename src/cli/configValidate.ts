import { relative } from 'node:path';
import type { CommandValues } from './commands.ts';
import { openConfig } from './openConfig.ts';
import { warnOfLocalGraph } from './warnOfGraph.ts';

/** Says that the configuration is valid, or rejects with all issues. */
export async function configValidate(values: CommandValues): Promise<number> {
  const config = await openConfig(values);
  const { files, subgraphs, supergraph } = config;
  const names = files.map((file) => relative(process.cwd(), file)).join(', ') || 'The configuration';
  const what =
    supergraph === undefined
      ? `${subgraphs.length} ${subgraphs.length === 1 ? 'subgraph' : 'subgraphs'}`
      : 'a supergraph';
  await warnOfLocalGraph(config);
  process.stdout.write(`${names} is valid: ${what}.\n`);
  return 0;
}

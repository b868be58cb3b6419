import { relative } from 'node:path';
import type { CommandValues } from './commands.ts';
import { openConfig } from './openConfig.ts';

/** Says that the configuration is valid, or rejects with all issues. */
export async function configValidate(values: CommandValues): Promise<number> {
  const { files, subgraphs, supergraph } = await openConfig(values);
  const names = files.map((file) => relative(process.cwd(), file)).join(', ') || 'The configuration';
  const what =
    supergraph === undefined
      ? `${subgraphs.length} ${subgraphs.length === 1 ? 'subgraph' : 'subgraphs'}`
      : 'a supergraph';
  process.stdout.write(`${names} is valid: ${what}.\n`);
  return 0;
}

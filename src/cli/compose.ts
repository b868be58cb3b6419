import { writeFile } from 'node:fs/promises';
import type { CommandValues } from './commands.ts';
import { supergraphSdl } from './supergraphSdl.ts';

/** Writes the composed supergraph SDL to `--output` or standard output. Rejects with an `IssuesError` and writes nothing where it can't be composed. */
export async function compose(values: CommandValues): Promise<number> {
  const sdl = (await supergraphSdl(values)).trimEnd();
  const { output } = values;
  if (typeof output === 'string') await writeFile(output, `${sdl}\n`);
  else process.stdout.write(`${sdl}\n`);
  return 0;
}

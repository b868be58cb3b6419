import { cpus, release, totalmem } from 'node:os';
import type { Args } from '../readArgs.ts';
import { withoutFolders } from './withoutFolders.ts';

/** What a reader has to know of a run: when, where, for how long, and the command that makes it again. */
export function describeRun({ repeat, seconds, warmUp }: Args, argv: readonly string[]): string {
  const [cpu] = cpus();
  // A run that was gone on with is the run itself.
  const quoted = argv
    .filter((arg) => arg !== '--resume')
    .map(withoutFolders)
    .map((arg) => (/^[\w@,=./:…-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`));
  const lines = [
    `\`${['npm run bench --', ...quoted].join(' ')}\``,
    `${new Date().toISOString().slice(0, 10)}; ${cpu?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB; Linux ${release()}; Node ${process.versions.node}.`,
    `Gateway alone on one core, in one process as a user would start it for production; load, subgraphs and this benchmark on another. ${warmUp} s warm-up, ${seconds} s measured, medians of ${repeat} interleaved repetitions, a fresh process each. Each gateway's answer was compared with the right one before and after.`,
  ];
  return lines.join('\n\n');
}

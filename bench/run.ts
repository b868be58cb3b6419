/**
 * `npm run bench`: Weft, the floors under it and, with `--peers`, other gateways on the workloads of `workloads.ts`, each alone on one core;
 * prints tables in Markdown. `--compare REV` measures two revisions of Weft instead. README.md has all options.
 * Exit code 1 where it cannot run, or where Weft itself has no figure.
 */
import { compareRevisions } from './compareRevisions.ts';
import { openBench } from './openBench.ts';
import { readArgs } from './readArgs.ts';
import { writeSection } from './results/writeSection.ts';
import { runTable } from './runTable.ts';

// `exit` ends the servers that were started, too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

async function run(argv: readonly string[]): Promise<void> {
  const args = readArgs(argv);
  const bench = await openBench(args);
  try {
    if (args.compare !== undefined) {
      console.log(await compareRevisions(bench, args, args.compare));
      return;
    }
    const [text, misses] = await runTable(bench, args, argv);
    console.log(text);
    if (args.write) writeSection('table', text);
    if (misses.some(({ gateway }) => gateway.startsWith('weft'))) process.exitCode = 1;
  } finally {
    await bench.close();
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/**
 * `npm test`: every test/**\/*.test.ts (or the files and options given), the coverage of src/ behind it. Exit code of the run.
 * With `CI` set a skipped test is a failure: there everything that a suite needs is installed.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const whole = args.every((arg) => arg.startsWith('-'));
const files = whole ? globSync('test/**/*.test.ts', { cwd: root }).toSorted() : [];
const coverage = whole ? ['--experimental-test-coverage', '--test-coverage-include=src/**'] : [];

const child = spawn(
  process.execPath,
  [
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    ...coverage,
    ...args,
    ...files,
  ],
  {
    cwd: root,
    stdio: ['inherit', 'pipe', 'inherit'],
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
  },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));

let skipped = 0;
const exited = new Promise<number>((resolve) => {
  child.on('close', (code) => resolve(code ?? 1));
});
for await (const line of createInterface({ input: child.stdout })) {
  console.log(line);
  // The summary of the spec reporter, the only line of this form.
  const count = /^(?:\S\[\d+m)*ℹ skipped (\d+)/.exec(line)?.[1];
  if (count !== undefined) skipped = Number(count);
}
const code = await exited;
const skipFails = Boolean(process.env['CI']) && skipped > 0;
if (skipFails) console.error(`${skipped} tests are skipped; with CI set, all have to run.`);
process.exitCode = code === 0 && skipFails ? 1 : code;

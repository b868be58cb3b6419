import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { askSplits, type Range, type Tally } from './runOracle.ts';

/** WEFT_ORACLE=1000000 looks longer, in two workers; a failure names its seed, and WEFT_ORACLE_SEED begins there. */
const CASES = Number(process.env['WEFT_ORACLE'] ?? 3000);
const FIRST = Number(process.env['WEFT_ORACLE_SEED'] ?? 1);
const OPERATIONS = 25;
/** Below this many, workers take longer to start than they save. */
const WORTH_WORKERS = 20_000;
const END = FIRST + Math.ceil(CASES / OPERATIONS);

test(`${CASES} random operations over schemas that are split by chance are answered as one server answers them`, async (context) => {
  const step = CASES < WORTH_WORKERS ? 1 : 2;
  const ranges = Array.from(
    { length: step },
    (_, n): Range => ({ first: FIRST + n, end: END, step, operations: OPERATIONS }),
  );
  const tallies = await Promise.all(ranges.map(step === 1 ? askSplits : inWorker));
  const sum = (name: keyof Tally) => tallies.reduce((total, tally) => total + tally[name], 0);
  context.diagnostic(
    `${sum('asked')} operations over ${sum('worlds')} splits, of which ${sum('refused')} were refused`,
  );
  // A split that does not compose says nothing; over many it is one in twenty.
  assert.ok(sum('refused') <= sum('worlds') / 10);
});

async function inWorker(range: Range): Promise<Tally> {
  const worker = new Worker(new URL('./splitWorker.ts', import.meta.url), { workerData: range });
  const [tally] = (await once(worker, 'message')) as [Tally];
  return tally;
}

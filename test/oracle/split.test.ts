import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from './random.ts';
import { randomSplit } from './randomSplit.ts';
import { askAll, type Tally } from './runOracle.ts';

/** WEFT_ORACLE=1000000 looks longer; a failure names its seed, and WEFT_ORACLE_SEED begins there. */
const CASES = Number(process.env['WEFT_ORACLE'] ?? 3000);
const FIRST = Number(process.env['WEFT_ORACLE_SEED'] ?? 1);
const OPERATIONS = 25;

test(`${CASES} random operations over schemas that are split by chance are answered as one server answers them`, async () => {
  const tally: Tally = { asked: 0, refused: 0, worlds: 0 };
  for (let seed = FIRST; seed < FIRST + CASES / OPERATIONS; seed += 1)
    await askAll(randomSplit(createRandom(seed)), { seed, operations: OPERATIONS, tally });
  // A split that does not compose says nothing.
  assert.ok(tally.refused <= tally.worlds / 15, `${tally.refused} of ${tally.worlds} splits were refused`);
});

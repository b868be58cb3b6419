import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSupergraph } from '../support/planSupergraph.ts';
import { readSubgraphs } from '../support/readSubgraphs.ts';
import { askAll, type Tally } from './runOracle.ts';

/** WEFT_ORACLE=100000 looks longer; a failure names its seed, and WEFT_ORACLE_SEED begins there. */
const CASES = Number(process.env['WEFT_ORACLE'] ?? 300);
const FIRST = Number(process.env['WEFT_ORACLE_SEED'] ?? 1);
const OPERATIONS = 30;

for (const name of ['shop', 'keys', 'provides', 'abstract', 'requires', 'override', 'roots']) {
  test(`${CASES} random operations over "${name}" are answered as one server answers them`, async () => {
    const tally: Tally = { worlds: 0, refused: 0, asked: 0 };
    const subgraphs = readSubgraphs(planSupergraph(name));
    for (let seed = FIRST; seed < FIRST + CASES / OPERATIONS; seed += 1)
      await askAll(subgraphs, { seed, operations: OPERATIONS, tally });
    assert.equal(tally.refused, 0);
  });
}

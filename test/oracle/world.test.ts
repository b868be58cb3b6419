import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compose } from '../../src/supergraph/compose/compose.ts';
import type { Subgraph } from '../../src/supergraph/Subgraph.ts';
import { planSupergraph } from '../support/planSupergraph.ts';
import { readSubgraphs } from '../support/readSubgraphs.ts';
import { askAll, type Tally } from './runOracle.ts';
import { subgraphsOf } from './subgraphsOf.ts';

/** WEFT_ORACLE=100000 looks longer; a failure names its seed, and WEFT_ORACLE_SEED begins there. */
const CASES = Number(process.env['WEFT_ORACLE'] ?? 300);
const FIRST = Number(process.env['WEFT_ORACLE_SEED'] ?? 1);
const OPERATIONS = 30;

for (const name of ['shop', 'keys', 'provides', 'abstract', 'requires', 'override', 'roots']) {
  test(`${CASES} random operations over "${name}" are answered as one server answers them`, async () => {
    await askSeeds(readSubgraphs(planSupergraph(name)));
  });

  test(`${CASES} random operations over the supergraph of "${name}" alone are answered so, too`, async () => {
    const composed = compose(readSubgraphs(planSupergraph(name)));
    assert.ok('sdl' in composed);
    await askSeeds(subgraphsOf(composed.sdl), composed.sdl);
  });
}

async function askSeeds(subgraphs: readonly Subgraph[], supergraph?: string): Promise<void> {
  const tally: Tally = { worlds: 0, refused: 0, asked: 0 };
  for (let seed = FIRST; seed < FIRST + CASES / OPERATIONS; seed += 1)
    await askAll(subgraphs, { seed, operations: OPERATIONS, tally, supergraph });
  assert.equal(tally.refused, 0);
}

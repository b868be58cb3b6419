import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OperationTypeNode, print } from 'graphql';
import { prepareOperation } from '../../src/execute/prepareOperation.ts';
import { createRouter } from '../../src/plan/createRouter.ts';
import type { Subgraph } from '../../src/supergraph/Subgraph.ts';
import { planSupergraph } from '../support/planSupergraph.ts';
import { readSubgraphs } from '../support/readSubgraphs.ts';
import { createTrial, NOTHING_WRONG, NotComposed } from './createTrial.ts';
import { planFaults } from './planFaults.ts';
import { createRandom } from './random.ts';
import { randomOperation } from './randomOperation.ts';
import { randomSplit } from './randomSplit.ts';
import { ALL_FEATURES } from './Split.ts';

const OPERATIONS = 25;
const SPLITS = Number(process.env['WEFT_ORACLE'] ?? 1500) / OPERATIONS;
const FIRST = Number(process.env['WEFT_ORACLE_SEED'] ?? 1);
/** Where subgraphs disagree on the types of a value, what they alone have counts for the choice of a way though it is not asked for. */
const FEATURES = { ...ALL_FEATURES, partialAbstracts: false };

/** Of random operations over one world: what is wrong with their plans. */
function faultsOf(subgraphs: readonly Subgraph[], seed: number): string[] {
  const random = createRandom(seed);
  const { supergraph, schema } = createTrial(subgraphs, NOTHING_WRONG);
  const router = createRouter(supergraph);
  return Array.from({ length: OPERATIONS }, () => randomOperation(schema, random).document).flatMap((document) => {
    const { plan } = prepareOperation(document, null, router);
    if (plan.operation !== OperationTypeNode.QUERY) return [];
    return planFaults(plan, router).map((fault) => `seed ${seed}: ${fault}: ${print(document)}`);
  });
}

test('no fetch of a plan could be merged, dropped or started earlier: random splits', () => {
  for (let seed = FIRST; seed < FIRST + SPLITS; seed += 1) {
    const subgraphs = randomSplit(createRandom(seed), FEATURES);
    try {
      assert.deepEqual(faultsOf(subgraphs, seed), []);
    } catch (error) {
      if (!(error instanceof NotComposed)) throw error;
    }
  }
});

for (const name of ['shop', 'keys', 'provides', 'abstract', 'requires', 'override', 'roots']) {
  test(`no fetch of a plan could be merged, dropped or started earlier: "${name}"`, () => {
    for (let seed = FIRST; seed < FIRST + SPLITS / 5; seed += 1)
      assert.deepEqual(faultsOf(readSubgraphs(planSupergraph(name)), seed), []);
  });
}

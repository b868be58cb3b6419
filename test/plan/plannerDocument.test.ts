import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'graphql';
import { prepareOperation } from '../../src/execute/prepareOperation.ts';
import { createRouter } from '../../src/plan/createRouter.ts';
import { printPlan } from '../../src/plan/printPlan.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import { planSupergraph } from '../support/planSupergraph.ts';
import { readSubgraphs } from '../support/readSubgraphs.ts';

test('the example of docs/planner.md is planned as it says', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/planner.md'), 'utf8');
  const [operation = '', plan = ''] = [...page.matchAll(/^```\w*\n(.*?)\n```$/gms)].map((match) => match[1]);
  const composed = compose(readSubgraphs(planSupergraph('shop')));
  assert.ok('sdl' in composed);
  const router = createRouter(parseSupergraph(composed.sdl));
  const prepared = prepareOperation(parse(operation), null, router);
  assert.equal(plan, printPlan(prepared.plan, prepared.documents, router.supergraph));
});

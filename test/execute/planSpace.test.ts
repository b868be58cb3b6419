import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { createOperationCache } from '../../src/execute/createOperationCache.ts';
import { createPlanStore, planSize } from '../../src/execute/createPlanStore.ts';
import { createRouter } from '../../src/plan/createRouter.ts';
import { createPair } from '../support/monolith.ts';

const { supergraph } = createPair('# subgraph: a\ntype Query { one: Int two: Int three: Int }', { roots: {} });
const router = createRouter(supergraph);

test('plans are kept for as long as there is room for them, by what they take', () => {
  const size = planSize(createOperationCache(parse('{ one }'), router, createPlanStore()).prepare(null, {}));
  const plans = createPlanStore(size * 2);
  const [first, second, third] = ['{ a: one }', '{ b: one }', '{ c: one }'].map((text) =>
    createOperationCache(parse(text), router, plans),
  );
  assert.ok(first && second && third);
  const ids = [first, second, third, first, second].map((operations) => operations.prepare(null, {}).id);
  assert.notEqual(ids[3], ids[0], 'Three have no room: what was not asked for longest is planned again.');
  assert.notEqual(ids[4], ids[1]);
  assert.equal(first.prepare(null, {}).id, ids[3], 'Two have.');
  assert.equal(second.prepare(null, {}).id, ids[4]);
});

test('a plan with more fields takes more room', () => {
  const sizeOf = (text: string) =>
    planSize(createOperationCache(parse(text), router, createPlanStore()).prepare(null, {}));
  assert.ok(sizeOf('{ one two three }') > sizeOf('{ one }'));
});

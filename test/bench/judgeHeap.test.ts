import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeHeap } from '../../bench/soak/judgeHeap.ts';

const samples = (heaps: readonly number[]) => heaps.map((heap, index) => ({ minutes: index + 1, heap }));

test('a heap that fills in the warm-up and then stays is flat', () => {
  const { isFlat, middle, grown } = judgeHeap(samples([40, 70, 100, 102, 99, 101, 100]), 3, 0.05);
  assert.deepEqual([isFlat, middle], [true, 100]);
  assert.ok(Math.abs(grown) < 0.02);
});

test('one that grows a little each time is not', () => {
  const { isFlat, grown } = judgeHeap(samples([40, 70, 100, 104, 108, 112, 116]), 3, 0.05);
  assert.equal(isFlat, false);
  assert.ok(grown > 0.05);
});

test('too few samples say nothing', () => {
  assert.throws(() => judgeHeap(samples([1, 1, 1]), 3, 0.05), /three samples/);
});

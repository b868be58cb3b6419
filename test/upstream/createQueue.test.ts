import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQueue } from '../../src/upstream/createQueue.ts';

test('Values that wait come in order, then the failure once, then the end.', async () => {
  const queue = createQueue<number>();
  queue.push(1);
  queue.push(2);
  queue.end({ error: new Error('broken') });
  queue.push(3);
  assert.equal(queue.size, 2);
  assert.deepEqual(await queue.iterator.next(), { done: false, value: 1 });
  assert.deepEqual(await queue.iterator.next(), { done: false, value: 2 });
  await assert.rejects(queue.iterator.next(), /broken/);
  assert.deepEqual(await queue.iterator.next(), { done: true, value: undefined });
});

test('Readers that wait are served in order; at the end the first one gets the failure.', async () => {
  const queue = createQueue<string>();
  const [first, second, third] = [queue.iterator.next(), queue.iterator.next(), queue.iterator.next()];
  queue.push('a');
  queue.end({ error: new Error('broken') });
  assert.deepEqual(await first, { done: false, value: 'a' });
  await assert.rejects(second, /broken/);
  assert.equal((await third).done, true);
});

test('A reader that leaves is told of once, and never after the end.', async () => {
  let left = 0;
  const leaves = createQueue<number>({ onLeave: () => left++ });
  leaves.push(1);
  await leaves.iterator.return?.();
  await leaves.iterator.return?.();
  assert.equal(left, 1);
  assert.equal((await leaves.iterator.next()).done, true);
  const ends = createQueue<number>({ onLeave: () => left++ });
  ends.end();
  await ends.iterator.return?.();
  assert.equal(left, 1);
});

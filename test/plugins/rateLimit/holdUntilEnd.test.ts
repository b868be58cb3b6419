import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdUntilEnd } from '../../../src/plugins/rateLimit/holdUntilEnd.ts';

async function* numbers() {
  yield 1;
  yield 2;
}

test('results are held until the last, until the reader leaves or until they fail', async () => {
  let ends = 0;
  const ended = () => {
    ends += 1;
  };
  const read = holdUntilEnd(numbers(), ended);
  assert.deepEqual([(await read.next()).value, (await read.next()).value, ends], [1, 2, 0]);
  assert.deepEqual([(await read.next()).done, ends], [true, 1]);
  const left = holdUntilEnd(numbers(), ended);
  await left.next();
  await left.return();
  assert.deepEqual([(await left.next()).done, ends > 1], [true, true]);
  ends = 0;
  await assert.rejects(holdUntilEnd(numbers(), ended).throw(new Error('no')), /no/);
  assert.equal(ends, 1);
  const failing: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('broken')) }),
  };
  await assert.rejects(holdUntilEnd(failing, ended).next(), /broken/);
  assert.equal(ends, 2);
});

test('a reader that leaves does not wait for a result that never comes', async () => {
  const silent: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => undefined),
      return: () => new Promise(() => undefined),
    }),
  };
  let ends = 0;
  const results = holdUntilEnd(silent, () => {
    ends += 1;
  });
  results.next();
  results.return();
  assert.equal(ends, 1);
});

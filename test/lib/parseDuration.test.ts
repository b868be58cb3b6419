import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from '../../src/lib/parseDuration.ts';

test('durations are milliseconds, hours at most; anything else is none', () => {
  assert.deepEqual(['500ms', '30s', '1.5m', '2h'].map(parseDuration), [500, 30_000, 90_000, 7_200_000]);
  assert.deepEqual(['', '30', 's', '-1s', '1d', '1s 2ms'].map(parseDuration), Array(6).fill(undefined));
});

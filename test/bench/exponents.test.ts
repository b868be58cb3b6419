import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exponents } from '../../bench/growth/exponents.ts';

test('an exponent says how a figure grows from one size to the next', () => {
  const grown = exponents([10, 100, 1000, 2000], [5, 5, 50, 200]).map((one) => one?.toFixed(6));
  assert.deepEqual(grown, [undefined, '0.000000', '1.000000', '2.000000']);
});

test('what was not measured, or is nothing, has no exponent', () => {
  assert.deepEqual(exponents([1, 2, 4], [Number.NaN, 3, 0]), [undefined, undefined, undefined]);
});

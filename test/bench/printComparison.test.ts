import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Pair, printComparison } from '../../bench/results/printComparison.ts';
import { measured } from './measured.ts';

const pair = (letter: string, before: number, now: number, other = 0): Pair => ({
  letter,
  gateway: 'Weft',
  before: measured({ cpu: before }),
  now: measured({ cpu: now, alone: 2, other }),
});

test('ratios are taken within pairs, so that a slower machine later does not count', () => {
  const text = printComparison([pair('A', 100, 90), pair('A', 1000, 800), pair('A', 10, 11, 20), pair('B', 4, 4)], {
    before: 'aaaaaaa',
    now: 'bbbbbbb',
  });
  const lines = text.split('\n');
  assert.match(text, /^bbbbbbb in relation to aaaaaaa/);
  assert.equal(lines.length, 6);
  assert.match(lines[4] ?? '', /^\| A \| Weft \| 3 \| 0\.900 \(0\.800 – 1\.100\) \| 1\.000 .* \| 3 → 2 \| 1 \|$/);
  assert.match(lines[5] ?? '', /^\| B \| Weft \| 1 \| 1\.000 \(1\.000 – 1\.000\) /);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScale } from '../../bench/plots/createScale.ts';
import { drawLines } from '../../bench/plots/drawLines.ts';

test('a logarithmic scale has its values between ticks, and equal factors are equal lengths', () => {
  const { ticks, place } = createScale([7, 340], { log: true, pixels: [0, 200] });
  assert.deepEqual(ticks, [5, 10, 20, 50, 100, 200, 500]);
  assert.ok(Math.abs(place(50) - place(5) - (place(500) - place(50))) < 1e-9);
});

test('a linear scale may begin at zero', () => {
  const { ticks, place } = createScale([83, 86], { log: false, from: 0, pixels: [100, 0] });
  assert.deepEqual(ticks, [0, 20, 40, 60, 80, 100]);
  assert.deepEqual([place(0), place(100), place(50)], [100, 0, 50]);
});

test('a single value has a place', () => {
  for (const log of [true, false]) {
    const { ticks, place } = createScale([10], { log, pixels: [0, 100] });
    assert.ok(ticks.length > 1 && Number.isFinite(place(10)));
  }
});

test('each line is drawn with what the axes have a place for, and its title cannot break the picture', () => {
  const axis = { title: 'x', log: true };
  const lines = [
    {
      title: 'a < b & "c"',
      points: [
        [1, 0],
        [1, 1],
        [10, 100],
      ] as const,
    },
  ];
  const picture = drawLines({ title: 'T', x: axis, y: axis, lines });
  assert.equal(picture.match(/<polyline points="([^"]*)"/)?.[1]?.split(' ').length, 2);
  assert.match(picture, /a &#60; b &#38; &#34;c&#34;/);
  assert.doesNotMatch(picture, /NaN|Infinity|undefined/);
});

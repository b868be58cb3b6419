import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyTime, otherWork } from '../../bench/measure/otherWork.ts';

const STAT = `cpu  100 0 100 1000 0 0 0 0 0 0
cpu0 40 1 30 500 9 2 3 4 5 0
cpu1 60 0 70 500 0 0 0 0 0 0
cpu10 7 0 0 0 0 0 0 0 0 0`;

test('a core is busy in every mode but idle and waiting', () => {
  assert.equal(busyTime(0, STAT), 80 * 10_000);
  assert.equal(busyTime(1, STAT), 130 * 10_000);
  assert.throws(() => busyTime(2, STAT), /no core 2/);
});

test('this machine’s first core was busy', () => {
  assert.ok(busyTime(0) > 0);
});

test('other work is what the gateway had not, and never below nothing', () => {
  assert.equal(otherWork(900, 800, 1000), 10);
  assert.equal(otherWork(790, 800, 1000), 0);
});

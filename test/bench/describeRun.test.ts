import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArgs } from '../../bench/readArgs.ts';
import { describeRun } from '../../bench/results/describeRun.ts';

test('a run is told by the command that makes it again, whole and anywhere', () => {
  const argv = ['--only', 'A@1,B', '--gateway', 'router=/opt/router -c $X', '--seconds', '7', '--resume'];
  const [command, machine, method] = describeRun(readArgs(argv), argv).split('\n\n');
  assert.equal(command, "`npm run bench -- --only A@1,B --gateway 'router=…/router -c $X' --seconds 7`");
  assert.match(machine ?? '', /^\d{4}-\d\d-\d\d; .*, \d+ cores, \d+ GB; Linux \S+; Node \d+\./);
  assert.match(method ?? '', /5 s warm-up, 7 s measured, medians of 3/);
});

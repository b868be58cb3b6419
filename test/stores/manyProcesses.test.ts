import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { hasRedis, startRedis } from './support/startRedis.ts';

const options = { skip: hasRedis ? false : 'needs redis-server', timeout: 30_000 };

test('three processes on one Redis allow together what one may, and no less', options, async (t) => {
  await using server = await startRedis();
  const program = join(import.meta.dirname, 'support', 'takeInProcess.ts');
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, [program, server.url, '2000'], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  t.after(() => children.forEach((child) => void child.kill()));
  const outputs = children.map((child) => createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  for (const output of outputs) assert.equal((await output.next()).value, 'ready');
  for (const child of children) child.stdin.write('go\n');
  const results = await Promise.all(outputs.map(async (output) => JSON.parse(String((await output.next()).value))));
  await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
  const sum = (kind: string) => results.reduce((total, result) => total + result[kind], 0);
  // A day's quota does not come back while the test runs.
  assert.equal(sum('quota'), 1_000);
  const elapsed = Math.max(...results.map(({ last }) => last)) - Math.min(...results.map(({ first }) => first));
  const most = 200 + elapsed;
  t.diagnostic(`${sum('rate')} of ${most} in ${elapsed} ms`);
  assert.ok(sum('rate') <= most * 1.01, `${sum('rate')} of ${most}`);
  assert.ok(sum('rate') >= most * 0.9, `${sum('rate')} of ${most}`);
  for (const { rate } of results) assert.ok(rate > 0);
});

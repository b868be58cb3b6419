import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createDeadlines } from '../../src/plugins/createDeadlines.ts';

it('deadlines expire in their order, and not where they were stopped', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const pass = (milliseconds: number) => {
    now += milliseconds;
    t.mock.timers.tick(milliseconds);
  };
  const expired: string[] = [];
  const deadlines = createDeadlines(100);
  deadlines.start(() => expired.push('a'));
  pass(60);
  const stop = deadlines.start(() => expired.push('b'));
  deadlines.start(() => expired.push('c'));
  stop();
  pass(39);
  assert.equal(expired.join(), [].join());
  pass(2);
  assert.equal(expired.join(), ['a'].join());
  pass(58);
  assert.equal(expired.join(), ['a'].join());
  pass(2);
  assert.equal(expired.join(), ['a', 'c'].join());
  pass(1_000);
  deadlines.start(() => void expired.push('d'));
  pass(99);
  assert.equal(expired.join(), ['a', 'c'].join());
  pass(3);
  assert.equal(expired.join(), 'a,c,d');
});

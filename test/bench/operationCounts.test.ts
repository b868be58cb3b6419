import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Counts } from './support/Counts.ts';

const script = join(import.meta.dirname, 'support/countOperations.ts');

/** Heavy: what it needs a second time of a subgraph has been given by then. */
const HEAVY = ['accounts', 'inventory', 'products', 'reviews'];

describe("the benchmark's operations, counted", () => {
  let counts: Counts;
  before(async () => {
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script], { env });
    counts = JSON.parse(stdout) as Counts;
  });

  it('ask subgraphs as often as they have to, and wait as seldom', () => {
    const asked = Object.entries(counts.operations).map(([letter, { upstream, rounds }]) => [letter, upstream, rounds]);
    assert.deepEqual(asked, [
      ['A', HEAVY, 4],
      ['B', ['accounts'], 1],
      ['C', ['accounts', 'reviews'], 2],
      ['F', HEAVY, 4],
      ['G', ['accounts', 'reviews'], 2],
    ]);
  });

  it('are answered by code that does not grow', () => {
    const most: Readonly<Record<string, readonly [functions: number, size: number]>> = {
      A: [135, 24_800],
      B: [6, 650],
      C: [15, 2_400],
      F: [138, 25_100],
      G: [13, 2_100],
    };
    for (const [letter, { functions, size }] of Object.entries(counts.operations)) {
      const [mostFunctions, mostSize] = most[letter] ?? [0, 0];
      assert.ok(functions > 0 && functions <= mostFunctions, `${letter}: ${functions} functions`);
      assert.ok(size > 0 && size <= mostSize, `${letter}: ${size} characters of code`);
    }
  });

  it('are parsed and planned once, however they are named', () => {
    const { first, again, fresh } = counts.names;
    assert.deepEqual([first['parse'], again['parse'], fresh['parse']], [1, 0, 0]);
    assert.deepEqual([first['createPlan'], again['createPlan'], fresh['createPlan']], [1, 0, 0]);
    assert.deepEqual(
      [first['generateProjection'], again['generateProjection'], fresh['generateProjection']],
      [1, 0, 0],
    );
  });

  it('are validated once, whatever their name', () => {
    const { first, again, fresh } = counts.names;
    assert.equal(first['validate'], 1);
    assert.equal(again['validate'], 0);
    assert.equal(fresh['validate'], 0);
  });

  it('are not looked at again for other variables', () => {
    assert.deepEqual(counts.variables, { parse: 0, validate: 0, createPlan: 0, generateProjection: 0 });
  });

  it('do not outlive their answers', () => {
    // Measured: 3 to 19 KB. A reply of 75 KB that something long-lived still holds after its request makes it 160.
    assert.ok(counts.promoted < 60_000, `${counts.promoted} bytes an answer stay until the whole heap is collected`);
  });

  it('leave few plans and little code behind, whatever comes', () => {
    const { otherNames, others } = counts.held;
    // The letters, the one that was named, and this one.
    assert.ok(otherNames.plans > 0 && otherNames.plans <= 8, `${otherNames.plans} plans`);
    // As many as texts are remembered.
    assert.ok(others.plans > 0 && others.plans <= 3000, `${others.plans} plans`);
    assert.ok(others.code.held <= 21, `${others.code.held} pieces of generated code`);
    assert.equal(
      others.code.texts,
      otherNames.code.texts,
      'An operation that comes once is not worth code of its own.',
    );
  });
});

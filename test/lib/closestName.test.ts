import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closestName } from '../../src/lib/closestName.ts';

test('the name that was probably meant is near, whatever the case; a far one is none', () => {
  assert.equal(closestName('Supergrph', ['subgraphs', 'supergraph']), 'supergraph');
  assert.equal(closestName('sevre', ['serve', 'dev']), 'serve');
  assert.equal(closestName('x', ['serve', 'dev']), undefined);
  assert.equal(closestName('feature_flags', ['path', 'port']), undefined);
});

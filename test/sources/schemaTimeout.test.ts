import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaTimeout } from '../../src/sources/schemaTimeout.ts';

test('a schema is waited for as long as a call, but no longer than five seconds', () => {
  assert.equal(schemaTimeout(300), 300);
  assert.equal(schemaTimeout(30_000), 5_000);
});

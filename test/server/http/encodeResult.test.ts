import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeResult } from '../../../src/server/http/encodeResult.ts';

const bodyOf = (result: Parameters<typeof encodeResult>[0]) => String(encodeResult(result, 'application/json').body);

test('a result that is made out of a sent one has a text of its own', () => {
  const sent = { data: { a: 1 } };
  assert.equal(bodyOf(sent), '{"data":{"a":1}}');
  assert.equal(bodyOf({ ...sent, data: { a: 2 } }), '{"data":{"a":2}}');
  assert.equal(bodyOf(sent), '{"data":{"a":1}}');
  assert.deepEqual(Object.keys(sent), ['data']);
});

test('a frozen result is sent too', () => {
  const sent = Object.freeze({ data: { a: 1 } });
  assert.equal(bodyOf(sent), bodyOf(sent));
});

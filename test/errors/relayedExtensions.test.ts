import assert from 'node:assert/strict';
import { it } from 'node:test';
import { relayedExtensions } from '../../src/errors/relayedExtensions.ts';

it('keeps the code that a subgraph gave, names the subgraph and drops stacks', () => {
  const reported = { code: 'NOT_FOUND', id: 7, stacktrace: ['at x'], exception: { stack: 'y' } };
  assert.deepEqual(relayedExtensions(reported, 'accounts'), { code: 'NOT_FOUND', id: 7, subgraph: 'accounts' });
});

it('gives a code to an error without one, or with one that is no text', () => {
  assert.deepEqual(relayedExtensions(undefined, 'a'), { code: 'SUBGRAPH_ERROR', subgraph: 'a' });
  assert.deepEqual(relayedExtensions({ code: { a: 1 } }, 'a'), { code: 'SUBGRAPH_ERROR', subgraph: 'a' });
});

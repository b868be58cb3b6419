import assert from 'node:assert/strict';
import { it } from 'node:test';
import { relayError } from '../../src/errors/relayError.ts';

it('relayError keeps the code that a subgraph gave, names the subgraph and drops stacks', () => {
  const reported = {
    message: 'No such user.',
    extensions: { code: 'NOT_FOUND', id: 7, stacktrace: ['at x'], exception: { stack: 'y' } },
  };
  assert.equal(
    JSON.stringify(relayError(reported, { subgraph: 'accounts', path: ['me', 0] })),
    '{"message":"No such user.","path":["me",0],"extensions":{"code":"NOT_FOUND","id":7,"subgraph":"accounts"}}',
  );
});

it('relayError gives a code to an error without one', () => {
  assert.deepEqual(relayError({ message: 'x' }, { subgraph: 'a' }).extensions, {
    code: 'SUBGRAPH_ERROR',
    subgraph: 'a',
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphQLError } from 'graphql';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import { maskError } from '../../src/errors/maskError.ts';

function mask(error: unknown): { readonly masked: GraphQLError; readonly reported: unknown[] } {
  const reported: unknown[] = [];
  return { masked: maskError(error, (original) => reported.push(original)), reported };
}

describe('maskError', () => {
  it('passes gateway errors with their extensions', () => {
    const { masked, reported } = mask(
      new GatewayError('SUBGRAPH_TIMEOUT', 'Too slow.', { subgraph: 'a', cause: new Error('secret') }),
    );
    assert.equal(
      JSON.stringify(masked),
      '{"message":"Too slow.","extensions":{"code":"SUBGRAPH_TIMEOUT","subgraph":"a"}}',
    );
    assert.deepEqual(reported, []);
  });

  it('passes GraphQL errors that were made on purpose', () => {
    const error = new GraphQLError('No.', { path: ['a'] });
    assert.equal(mask(error).masked, error);
    const wrapped = new GraphQLError('No.', { originalError: error });
    assert.equal(mask(wrapped).masked, wrapped);
  });

  it('takes a gateway error out of a located one', () => {
    const located = new GraphQLError('Too slow.', {
      path: ['a', 0],
      originalError: new GatewayError('SUBGRAPH_TIMEOUT', 'Too slow.'),
    });
    assert.equal(
      JSON.stringify(mask(located).masked),
      '{"message":"Too slow.","path":["a",0],"extensions":{"code":"SUBGRAPH_TIMEOUT"}}',
    );
  });

  it('hides the rest, keeps its place, reports the original', () => {
    const located = new GraphQLError('secret', { path: ['a'], originalError: new Error('secret') });
    const { masked, reported } = mask(located);
    assert.equal(
      JSON.stringify(masked),
      '{"message":"Unexpected error.","path":["a"],"extensions":{"code":"INTERNAL_SERVER_ERROR"}}',
    );
    assert.deepEqual(reported, [located]);
    const fake = Object.assign(new Error('secret'), { name: 'GraphQLError' });
    assert.equal(mask(fake).masked.message, 'Unexpected error.');
    assert.equal(mask('secret').masked.message, 'Unexpected error.');
  });
});

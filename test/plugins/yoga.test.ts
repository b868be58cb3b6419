import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import {
  type Caller,
  createApiKeyMethod,
  createListedKeys,
  createMemoryDocuments,
  hashOf,
  useAuthentication,
  usePersistedDocuments,
  useVariableLimits,
} from '../../src/yoga.ts';

function yogaWith(...plugins: Plugin[]) {
  const schema = createSchema<{ caller?: Caller }>({
    typeDefs: 'type Query { me: String }',
    resolvers: { Query: { me: (_root: unknown, _args: unknown, { caller }) => caller?.id ?? 'nobody' } },
  });
  const yoga = createYoga({ schema, plugins, logging: false });
  return async (body: object, headers: Readonly<Record<string, string>> = {}) => {
    const all = { 'content-type': 'application/json', ...headers };
    const init = { method: 'POST', headers: all, body: JSON.stringify(body) };
    const response = await yoga.fetch('http://any.example/graphql', init);
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
}

describe('in a Yoga server of somebody else', () => {
  it('authentication lets in who shows a key, and nobody else', async () => {
    const stores = [createListedKeys([{ hash: await hashOf('weft_key'), consumer: 'ann' }])];
    const sources = [{ type: 'header', name: 'x-api-key' }] as const;
    const methods = [createApiKeyMethod({ sources, stores, now: Date.now })];
    const ask = yogaWith(useAuthentication({ methods }));
    assert.equal((await ask({ query: '{ me }' }, { 'x-api-key': 'weft_key' })).body, '{"data":{"me":"ann"}}');
    const refused = await ask({ query: '{ me }' });
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get('www-authenticate') ?? '', /^ApiKey/);
    assert.match(refused.body, /has no credentials.*UNAUTHENTICATED/);
  });

  it('documents are known by their hash', async () => {
    const ask = yogaWith(usePersistedDocuments({ automatic: createMemoryDocuments(10_000), mayAsk: () => true }));
    const extensions = { persistedQuery: { version: 1, sha256Hash: await hashOf('{ me }') } };
    assert.match((await ask({ extensions })).body, /PersistedQueryNotFound/);
    assert.equal((await ask({ query: '{ me }', extensions })).body, '{"data":{"me":"nobody"}}');
    assert.equal((await ask({ extensions })).body, '{"data":{"me":"nobody"}}');
  });

  it('variables are bounded', async () => {
    const ask = yogaWith(useVariableLimits({ max_variables_depth: 2, max_list_items: 10 }));
    const variables = { v: [[[[1]]]] };
    const { status, body } = await ask({ query: 'query($v: String) { me }', variables });
    assert.equal(status, 400);
    assert.match(body, /MAX_VARIABLES_DEPTH_LIMIT/);
  });
});

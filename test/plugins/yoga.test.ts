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
  useDemandControl,
  usePersistedDocuments,
  useRateLimit,
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

  it('requests are limited, and told how they stand', async () => {
    const rules = [{ name: 'few', key: 'headers["x-who"]', rate: 1, window: '1h' }];
    const ask = yogaWith(await useRateLimit({ rules }));
    const [first, second, other] = [
      await ask({ query: '{ me }' }, { 'x-who': 'ann' }),
      await ask({ query: '{ me }' }, { 'x-who': 'ann' }),
      await ask({ query: '{ me }' }, { 'x-who': 'bob' }),
    ];
    assert.deepEqual([first.status, second.status, other.status], [200, 429, 200]);
    assert.match(first.headers.get('ratelimit') ?? '', /^"few";r=0;t=3600$/);
    assert.match(second.headers.get('retry-after') ?? '', /^3600$|^3599$/);
    assert.match(second.body, /RATE_LIMITED/);
  });

  it('limits that only a gateway has are refused', async () => {
    const guesses = { name: 'guesses', on: 'failed_authentication', key: 'address', rate: 1, window: '1h' } as const;
    await assert.rejects(useRateLimit({ rules: [guesses] }), /no rule with "on: failed_authentication"/);
    await assert.rejects(useRateLimit({ subgraphs: { a: { concurrency: 1 } } }), /no "subgraphs"/);
    await assert.rejects(useRateLimit({ store: 'redis' }), /no "store: redis"/);
  });

  it('operations at a time are given back', async () => {
    const ask = yogaWith(await useRateLimit({ rules: [{ name: 'one', key: 'all', concurrency: 1 }] }));
    assert.equal((await ask({ query: '{ never }' })).status, 200);
    for (let n = 0; n < 3; n += 1) assert.equal((await ask({ query: '{ me }' })).status, 200);
  });

  it('what an operation would cost is counted, refused, and charged to a limit', async () => {
    const sdl = 'directive @cost(weight: Int!) on FIELD_DEFINITION type Query { me: String @cost(weight: 5) }';
    const ask = yogaWith(
      useDemandControl({ max: 10, sdl, mayRead: () => true }),
      await useRateLimit({ rules: [{ name: 'costs', key: 'all', rate: 12, window: '1h', count: 'cost' }] }),
    );
    const first = await ask({ query: '{ me }' });
    assert.equal(
      first.body,
      '{"data":{"me":"nobody"},"extensions":{"cost":{"estimated":5,"actual":5,"subgraphs":{}}}}',
    );
    assert.match((await ask({ query: '{ a: me b: me c: me }' })).body, /COST_ESTIMATED_TOO_EXPENSIVE/);
    assert.match((await ask({ query: '{ a: me b: me }' })).body, /RATE_LIMITED/);
    assert.equal((await ask({ query: '{ a: me }' })).status, 200);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSourceFactory } from '../../src/sources/createSourceFactory.ts';
import { createHttpClient } from '../../src/upstream/createHttpClient.ts';

const createSource = await createSourceFactory(new Set(['graphql'] as const));

test('A GraphQL subgraph that can push gets a source with subscribe, another one without.', async (t) => {
  const http = createHttpClient();
  t.after(() => http.close());
  const options = {
    name: 'things',
    url: 'http://127.0.0.1:1/',
    headers: { send: {}, propagate: [] },
    timeout: 1000,
    http,
  };
  const plain = createSource({ ...options, definition: { source: { kind: 'graphql' } } });
  const pushing = createSource({
    ...options,
    definition: { source: { kind: 'graphql', subscriptions: { protocol: 'sse' } } },
  });
  assert.equal(plain.name, 'things');
  assert.equal(plain.subscribe, undefined);
  assert.equal(typeof pushing.subscribe, 'function');
});

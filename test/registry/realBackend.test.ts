import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSourceFactory } from '../../src/sources/createSourceFactory.ts';
import { loadSubgraph } from '../../src/sources/loadSubgraph.ts';
import { startGraphqlBackend } from '../sources/graphql/startGraphqlBackend.ts';
import { configOf, hasField, manualClock, open, states, temporaryFolder } from './fixture.ts';

const createSource = await createSourceFactory(new Set(['graphql'] as const));

test('a real backend is introspected and asked; when it dies its schema stays, and its source is the same', {
  timeout: 20_000,
}, async (t) => {
  const folder = await temporaryFolder(t);
  const backend = await startGraphqlBackend('healthy');
  t.after(() => backend.kill());
  const { clock } = manualClock();
  const config = await configOf(folder, {
    subgraphs: [{ name: 'things', url: backend.url, schema: { introspection: true } }],
  });
  const { registry } = await open(t, { config, clock, loadSubgraph, createSource });
  const source = registry.current?.sources.get('things');
  const answer = await source?.fetch({
    operation: { kind: 'query', document: '{ thing(id: "1") { name } }' },
    variables: '{}',
    context: { headers: new Headers() },
  });
  assert.deepEqual(answer?.data, { thing: { name: 'Thing 1' } });
  await backend.kill();
  await registry.reload('test');
  assert.deepEqual(states(registry), ['things last_good']);
  assert.ok(hasField(registry, 'Thing', 'name'));
  assert.equal(registry.current?.sources.get('things'), source);
});

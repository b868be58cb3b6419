import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IssuesError } from '../../src/errors/Issue.ts';
import { openRegistry } from '../../src/registry/openRegistry.ts';
import {
  CLASH,
  configOf,
  fakeBackends,
  fakeSources,
  hasField,
  manualClock,
  nextSwap,
  open,
  REVIEWS,
  recordingLog,
  states,
  temporaryFolder,
  USERS,
} from './fixture.ts';

const users = { name: 'users', url: 'http://127.0.0.1:9/users', schema: { introspection: true } };
const reviews = { name: 'reviews', url: 'http://127.0.0.1:9/reviews', schema: { introspection: true } };

test('a backend of another kind under an old name does not get the schema in memory', async (t) => {
  const folder = await temporaryFolder(t);
  const backends: Record<string, string | undefined> = { users: USERS, reviews: REVIEWS };
  const config = await configOf(folder, { subgraphs: [users, reviews] });
  const rest = { name: 'reviews', url: 'http://127.0.0.1:9/', schema: { openapi: 'http://127.0.0.1:9/openapi.json' } };
  const moved = await configOf(folder, { subgraphs: [users, rest] });
  const { registry } = await open(t, {
    config,
    loadSubgraph: fakeBackends(backends),
    readConfig: async () => moved,
  });
  backends['reviews'] = undefined;
  await registry.reload('test');
  assert.deepEqual(states(registry), ['users live', 'reviews missing']);
  assert.equal(hasField(registry, 'User', 'stars'), false);
});

test('a last good supergraph does not show what the configuration hides now', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await configOf(folder, { subgraphs: [users, reviews] });
  const first = await open(t, { config, loadSubgraph: fakeBackends({ users: USERS, reviews: REVIEWS }) });
  await first.registry.close();
  const hiding = await configOf(folder, { subgraphs: [{ ...users, transforms: { hide: ['User.name'] } }, reviews] });
  const loadSubgraph = fakeBackends({ users: USERS, reviews: CLASH });
  const { createSource } = fakeSources();
  await assert.rejects(openRegistry({ config: hiding, log: recordingLog(), createSource, loadSubgraph }), IssuesError);
});

test('a rest that does not compose without a missing subgraph waits for it, and the log says for which', async (t) => {
  const folder = await temporaryFolder(t);
  const backends: Record<string, string | undefined> = { reviews: REVIEWS };
  const { clock, pass } = manualClock();
  const config = await configOf(folder, { subgraphs: [users, reviews] });
  const { registry, log } = await open(t, { clock, config, loadSubgraph: fakeBackends(backends) });
  assert.equal(registry.status().ready, false);
  assert.match(log.lines.join('\n'), /error: There is no graph to serve\. Missing: "users"\.[\s\S]*Nothing listens/);
  backends['users'] = USERS;
  const swapped = nextSwap(registry);
  pass();
  await swapped;
  assert.deepEqual(states(registry), ['users live', 'reviews live']);
});

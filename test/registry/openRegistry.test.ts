import assert from 'node:assert/strict';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

test('a changed schema file is served without being asked', { timeout: 20_000 }, async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'users.graphql');
  await writeFile(file, USERS);
  const config = await configOf(folder, { watch: true, subgraphs: [{ ...users, schema: file }] });
  const { registry } = await open(t, { config });
  const swapped = nextSwap(registry);
  await writeFile(file, `${USERS}\nextend type User { added: Int }`);
  assert.equal((await swapped).id, 2);
  assert.ok(hasField(registry, 'User', 'added'));
});

test('a schema file that an editor replaces by renaming another is served, again and again', {
  timeout: 20_000,
}, async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'users.graphql');
  await writeFile(file, USERS);
  const config = await configOf(folder, { watch: true, subgraphs: [{ ...users, schema: file }] });
  const { registry } = await open(t, { config });
  for (const field of ['first', 'second']) {
    const swapped = nextSwap(registry);
    await writeFile(join(folder, 'draft~'), `${USERS}\nextend type User { ${field}: Int }`);
    await rename(join(folder, 'draft~'), file);
    await swapped;
    assert.ok(hasField(registry, 'User', field));
  }
});

test('a changed configuration is read again, and a wrong one changes nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const loadSubgraph = fakeBackends({ users: USERS, reviews: REVIEWS });
  const config = await configOf(folder, { subgraphs: [users] });
  const both = await configOf(folder, { subgraphs: [users, reviews] });
  let read = async () => both;
  const { registry, log } = await open(t, { config, loadSubgraph, readConfig: () => read() });
  assert.deepEqual(await registry.reload('SIGHUP'), { changed: true, issues: [] });
  assert.ok(hasField(registry, 'User', 'stars'));
  read = async () => {
    throw new IssuesError('Wrong.', [{ message: 'Expected a number.', file: 'weft.config.yaml', line: 3 }]);
  };
  assert.equal((await registry.reload('SIGHUP')).changed, false);
  assert.ok(hasField(registry, 'User', 'stars'));
  assert.match(
    log.lines.join('\n'),
    /error: A new graph is refused[\s\S]*weft\.config\.yaml:3[\s\S]*Expected a number/,
  );
});

test('schemas that do not compose leave the current graph; all issues are logged, once', async (t) => {
  const folder = await temporaryFolder(t);
  const backends = { users: USERS, reviews: REVIEWS };
  const { clock, pass } = manualClock();
  const config = await configOf(folder, { subgraphs: [users, reviews] });
  const { registry, log } = await open(t, { config, clock, loadSubgraph: fakeBackends(backends) });
  const before = registry.current;
  backends.reviews = CLASH;
  const { changed, issues } = await registry.reload('test');
  assert.equal(changed, false);
  assert.ok(issues.length > 0);
  assert.equal(registry.current, before);
  assert.deepEqual(registry.status().lastIssues, issues);
  pass();
  await registry.reload('test');
  assert.equal(log.lines.filter((line) => line.startsWith('error')).length, 1);
  backends.reviews = REVIEWS;
  assert.deepEqual((await registry.reload('test')).issues, []);
  assert.deepEqual(registry.status().lastIssues, []);
});

test('a broken schema file leaves the current graph, and backends are still taken over meanwhile', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'users.graphql');
  await writeFile(file, USERS);
  const backends = { reviews: REVIEWS };
  const { clock, pass } = manualClock();
  const config = await configOf(folder, { subgraphs: [{ ...users, schema: file }, reviews] });
  const { registry } = await open(t, { config, clock, loadSubgraph: fakeBackends(backends) });
  await writeFile(file, 'type Query {');
  assert.equal((await registry.reload('test')).changed, false);
  assert.deepEqual(states(registry), ['users last_good', 'reviews live']);
  backends.reviews = `${REVIEWS}\nextend type User { later: Int }`;
  const swapped = nextSwap(registry);
  pass();
  await swapped;
  assert.ok(hasField(registry, 'User', 'later'));
  assert.deepEqual(states(registry), ['users last_good', 'reviews live']);
  assert.notEqual(registry.status().lastIssues.length, 0);
});

test('a subgraph that is down at start is missed, asked again at the interval, and picked up', async (t) => {
  const folder = await temporaryFolder(t);
  const backends: Record<string, string | undefined> = { users: USERS };
  const { clock, pass, waiting } = manualClock();
  const config = await configOf(folder, { poll_interval: 7, subgraphs: [users, reviews] });
  const { registry, log } = await open(t, { config, clock, loadSubgraph: fakeBackends(backends) });
  assert.deepEqual(states(registry), ['users live', 'reviews missing']);
  assert.equal(registry.status().subgraphs[1]?.reason, 'Nothing listens there.');
  assert.equal(registry.status().ready, true);
  assert.match(log.lines.join('\n'), /warn: Subgraph "reviews" is missing.*Nothing listens there/);
  assert.deepEqual(waiting(), [7000]);
  backends['reviews'] = REVIEWS;
  const swapped = nextSwap(registry);
  pass();
  await swapped;
  assert.deepEqual(states(registry), ['users live', 'reviews live']);
  assert.ok(hasField(registry, 'User', 'stars'));
});

test('with every subgraph down the registry opens and waits for them', async (t) => {
  const folder = await temporaryFolder(t);
  const backends: Record<string, string | undefined> = {};
  const { clock, pass } = manualClock();
  const config = await configOf(folder, { subgraphs: [users] });
  const { registry } = await open(t, { config, clock, loadSubgraph: fakeBackends(backends) });
  assert.equal(registry.current, undefined);
  assert.equal(registry.status().ready, false);
  backends['users'] = USERS;
  const swapped = nextSwap(registry);
  pass();
  assert.equal((await swapped).id, 1);
});

test('the last good schema on disk stands in for a backend that is down at the next start', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await configOf(folder, { subgraphs: [users, reviews] });
  const first = await open(t, { config, loadSubgraph: fakeBackends({ users: USERS, reviews: REVIEWS }) });
  await first.registry.close();
  const left = await readdir(config.state_directory, { recursive: true });
  assert.deepEqual(
    left.filter((name) => name.endsWith('.tmp')),
    [],
  );
  const { registry } = await open(t, { config, loadSubgraph: fakeBackends({ users: USERS }) });
  assert.deepEqual(states(registry), ['users live', 'reviews last_good']);
  assert.ok(hasField(registry, 'User', 'stars'));
});

test('another backend under the same name does not get its predecessor’s schema', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await configOf(folder, { subgraphs: [users, reviews] });
  const first = await open(t, { config, loadSubgraph: fakeBackends({ users: USERS, reviews: REVIEWS }) });
  await first.registry.close();
  const moved = await configOf(folder, { subgraphs: [users, { ...reviews, url: 'http://127.0.0.1:9/other' }] });
  const { registry } = await open(t, { config: moved, loadSubgraph: fakeBackends({ users: USERS }) });
  assert.deepEqual(states(registry), ['users live', 'reviews missing']);
});

test('a start whose subgraphs do not compose fails with all issues', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await configOf(folder, { subgraphs: [users, reviews] });
  const log = recordingLog();
  const { createSource } = fakeSources();
  const loadSubgraph = fakeBackends({ users: USERS, reviews: CLASH });
  await assert.rejects(openRegistry({ config, log, createSource, loadSubgraph }), (error) => {
    assert.ok(error instanceof IssuesError);
    return error.issues.some(({ subgraphs }) => subgraphs?.includes('reviews') === true);
  });
});

test('a start whose subgraphs do not compose serves the last good supergraph of the same subgraphs', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await configOf(folder, { subgraphs: [users, reviews] });
  const first = await open(t, { config, loadSubgraph: fakeBackends({ users: USERS, reviews: REVIEWS }) });
  await first.registry.close();
  const { registry, log } = await open(t, { config, loadSubgraph: fakeBackends({ users: USERS, reviews: CLASH }) });
  assert.ok(hasField(registry, 'User', 'stars'));
  assert.notEqual(registry.status().lastIssues.length, 0);
  assert.match(log.lines.join('\n'), /warn: The last good supergraph is served/);
});

test('a supergraph file is served and watched; one that cannot be parsed changes nothing', {
  timeout: 20_000,
}, async (t) => {
  const folder = await temporaryFolder(t);
  const parts = await open(t, {
    config: await configOf(folder, { subgraphs: [users, reviews] }),
    loadSubgraph: fakeBackends({ users: USERS, reviews: REVIEWS }),
  });
  const sdl = parts.registry.current?.supergraph.sdl ?? '';
  const file = join(folder, 'supergraph.graphql');
  await writeFile(file, sdl);
  const { registry } = await open(t, { config: await configOf(folder, { watch: true, supergraph: file }) });
  assert.deepEqual(states(registry).toSorted(), ['reviews live', 'users live']);
  await writeFile(file, 'enum join__Graph {');
  assert.equal((await registry.reload('test')).changed, false);
  assert.equal(registry.current?.id, 1);
  const swapped = nextSwap(registry);
  await writeFile(file, sdl.replaceAll('stars', 'points'));
  await swapped;
  assert.ok(hasField(registry, 'User', 'points'));
});

test('transforms of the configuration are applied', async (t) => {
  const folder = await temporaryFolder(t);
  const renamed = { ...users, transforms: { rename: { 'User.name': 'title' } } };
  const config = await configOf(folder, { subgraphs: [renamed] });
  const { registry } = await open(t, { config, loadSubgraph: fakeBackends({ users: USERS }) });
  assert.ok(hasField(registry, 'User', 'title'));
  assert.equal(hasField(registry, 'User', 'name'), false);
});

test('of several processes, one that is not to write leaves nothing on disk', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await configOf(folder, { subgraphs: [users] });
  const siblings = { tellWritten: () => Promise.resolve(), onWritten: () => undefined };
  const loadSubgraph = fakeBackends({ users: USERS });
  const reader = await open(t, { config, loadSubgraph, siblings: { ...siblings, writesState: false } });
  assert.deepEqual(states(reader.registry), ['users live']);
  await assert.rejects(readdir(config.state_directory), { code: 'ENOENT' });
  await open(t, { config, loadSubgraph, siblings: { ...siblings, writesState: true } });
  assert.ok((await readdir(config.state_directory)).includes('supergraph.json'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurns, type Turn } from '../../src/registry/createTurns.ts';
import { configOf, fakeBackends, open, REVIEWS, temporaryFolder, USERS } from './fixture.ts';

const users = { name: 'users', url: 'http://127.0.0.1:9/users', schema: { introspection: true } };
const reviews = { name: 'reviews', url: 'http://127.0.0.1:9/reviews', schema: { introspection: true } };

test('unchanged sources are taken over; a replaced one closes with the last request that retained it', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await configOf(folder, { subgraphs: [users, reviews] });
  const moved = await configOf(folder, { subgraphs: [users, { ...reviews, url: 'http://127.0.0.1:9/moved' }] });
  const loadSubgraph = fakeBackends({ users: USERS, reviews: REVIEWS });
  const { registry, sources } = await open(t, { config, loadSubgraph, readConfig: async () => moved });
  const old = registry.current;
  old?.retain();
  await registry.reload('test');
  assert.notEqual(registry.current, old);
  assert.deepEqual(sources.made.toSorted(), ['reviews', 'reviews', 'users']);
  assert.equal(registry.current?.sources.get('users'), old?.sources.get('users'));
  assert.deepEqual(sources.closed, []);
  old?.release();
  await Promise.resolve();
  assert.deepEqual(sources.closed, ['reviews']);
  await registry.close();
  assert.deepEqual(sources.closed.toSorted(), ['reviews', 'reviews', 'users']);
});

test('a reload that finds nothing new keeps the generation', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await configOf(folder, { subgraphs: [users] });
  const { registry } = await open(t, { config, loadSubgraph: fakeBackends({ users: USERS }) });
  const before = registry.current;
  assert.deepEqual(await registry.reload('test'), { changed: false, issues: [] });
  assert.equal(registry.current, before);
});

test('closing closes every source, retained ones too, and more than once is the same', async (t) => {
  const folder = await temporaryFolder(t);
  const config = await configOf(folder, { subgraphs: [users] });
  const { registry, sources } = await open(t, { config, loadSubgraph: fakeBackends({ users: USERS }) });
  registry.current?.retain();
  await Promise.all([registry.close(), registry.close()]);
  assert.deepEqual(sources.closed, ['users']);
});

test('turns never overlap, and those that wait share one', async () => {
  const begun: Turn[] = [];
  const gates: (() => void)[] = [];
  const turns = createTurns(async (turn) => {
    begun.push(turn);
    await new Promise<void>((resolve) => gates.push(resolve));
    return begun.length;
  });
  const first = turns.take({ reason: 'start', full: true });
  const second = turns.take({ reason: 'poll', full: false });
  const third = turns.take({ reason: 'SIGHUP', full: true });
  assert.equal(begun.length, 1);
  gates[0]?.();
  assert.equal(await first, 1);
  while (gates.length < 2) await Promise.resolve();
  gates[1]?.();
  assert.deepEqual(await Promise.all([second, third]), [2, 2]);
  assert.deepEqual(begun[1], { reason: 'SIGHUP', full: true });
  await turns.idle();
});

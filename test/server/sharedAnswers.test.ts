import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Plugin } from '@envelop/core';
import type { ConfigInput } from '../../src/config/schema/configSchema.ts';
import { openRegistry } from '../../src/registry/openRegistry.ts';
import { createGateway } from '../../src/server/createGateway.ts';
import { readGatewayConfig } from '../../src/server/readGatewayConfig.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';

const SDL = 'type Query { number(of: Int): Int } type Mutation { count: Int }';
const QUERY = '{ number }';

/** A gateway over one subgraph that numbers its answers and holds each back until it is told. Its own requests are never shared: only answers are. */
async function start(t: TestContext, more: Partial<ConfigInput> = {}, plugins: readonly Plugin[] = []) {
  const held: ServerResponse[] = [];
  const { url } = await serveHttp(t, async (request, response) => {
    const { query } = JSON.parse(await text(request)) as { query: string };
    const number = held.push(response);
    const data = query.includes('mutation') ? { count: number } : { number };
    response.once('release', () => response.end(JSON.stringify({ data })));
  });
  const gateway = await createGateway({
    subgraphs: [{ name: 'numbers', url, schema: { sdl: SDL } }],
    traffic_shaping: { all: { deduplicate_query: false } },
    headers: { propagate: ['authorization'] },
    state_directory: '/nonexistent',
    port: 0,
    ...more,
    plugins,
    log: { info() {}, warn() {}, error() {} },
  } as never);
  const { url: front } = await gateway.listen();
  t.after(() => gateway.close());
  const ask = async (
    query: string,
    init: { headers?: Record<string, string>; signal?: AbortSignal; variables?: object } = {},
  ) => {
    const response = await fetch(front, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...init.headers },
      body: JSON.stringify({ query, variables: init.variables }),
      signal: init.signal ?? null,
    });
    return (await response.json()) as { data: { number?: number; count?: number }; extensions?: object };
  };
  const arrived = async (count: number) => {
    for (let n = 0; n < 500 && held.length < count; n += 1) await wait(5);
    // What would come unasked has time to come.
    await wait(50);
    assert.equal(held.length, count);
  };
  const release = () => {
    for (const response of held) response.emit('release');
  };
  return { ask, arrived, release, held };
}

const numbers = async (answers: readonly Promise<{ data: { number?: number } }>[]) =>
  (await Promise.all(answers)).map(({ data }) => data.number);

test('equal queries under way share one answer; later ones get another', async (t) => {
  const { ask, arrived, release } = await start(t);
  const first = [ask('query One { number }'), ask('query One { number }'), ask('query Other { number }')];
  await arrived(1);
  release();
  assert.deepEqual(await numbers(first), [1, 1, 1]);
  const later = ask(QUERY);
  await arrived(2);
  release();
  assert.deepEqual(await numbers([later]), [2]);
});

test('nobody gets the answer to other variables, or to somebody else', async (t) => {
  const { ask, arrived, release } = await start(t);
  const as = (authorization: string) => ask(QUERY, { headers: { authorization } });
  const of = (n: number) => ask('query ($n: Int) { number(of: $n) }', { variables: { n } });
  const all = [ask(QUERY), as('one'), as('two'), as('two'), of(1), of(2), of(2)];
  await arrived(5);
  release();
  const got = await numbers(all);
  assert.equal(new Set(got).size, 5);
  assert.equal(got[2], got[3]);
  assert.equal(got[5], got[6]);
});

test('who asks for the plan shares with nobody who does not', async (t) => {
  const { ask, arrived, release } = await start(t, { expose_plan: true });
  const both = [ask(QUERY), ask(QUERY, { headers: { 'weft-plan': '1' } })];
  await arrived(2);
  release();
  const [plain, planned] = await Promise.all(both);
  assert.equal(plain?.extensions, undefined);
  assert.ok(planned?.extensions !== undefined && 'plan' in planned.extensions);
});

test('a client that has written never gets what was read before its write', async (t) => {
  const { ask, arrived, release, held } = await start(t);
  const before = ask(QUERY);
  await arrived(1);
  const write = ask('mutation { count }');
  await arrived(2);
  held[1]?.emit('release');
  assert.deepEqual((await write).data, { count: 2 });
  const after = ask(QUERY);
  await arrived(3);
  release();
  assert.deepEqual(await numbers([before, after]), [1, 3]);
});

test('mutations are never shared', async (t) => {
  const { ask, arrived, release } = await start(t);
  const writes = [ask('mutation { count }'), ask('mutation { count }')];
  await arrived(2);
  release();
  assert.equal(new Set((await Promise.all(writes)).map(({ data }) => data.count)).size, 2);
});

test('who leaves takes nothing from the others', async (t) => {
  const { ask, arrived, release } = await start(t);
  const leaver = new AbortController();
  const leaving = ask(QUERY, { signal: leaver.signal });
  await arrived(1);
  const staying = ask(QUERY);
  await arrived(1);
  leaver.abort();
  await assert.rejects(leaving);
  await arrived(1);
  release();
  assert.deepEqual(await numbers([staying]), [1]);
});

const shaping = (router: boolean | undefined, all: boolean) => ({
  traffic_shaping: { router: { deduplicate_query: router }, all: { deduplicate_query: all } },
});
const spy: Plugin = {};

for (const [name, config, plugins, requests] of [
  ['with the plugins of an embedder, who may change an answer, each has its own', shaping(undefined, false), [spy], 2],
  ['with plugins that change nothing, as the configuration says, answers are shared', shaping(true, false), [spy], 1],
  ['nothing is shared where the configuration says so', shaping(false, false), [], 2],
  ['requests alone are shared where the configuration says that', shaping(false, true), [], 1],
] as const)
  test(name, async (t) => {
    const { ask, arrived, release } = await start(t, config, plugins);
    const both = [ask(QUERY), ask(QUERY)];
    await arrived(requests);
    release();
    assert.equal(new Set(await numbers(both)).size, requests);
  });

test('a reload takes over what is to be shared', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-shared-'));
  t.after(() => rm(folder, { recursive: true }));
  const { url } = await serveHttp(t, (_request, response) => void response.end('{"data":{"number":1}}'));
  const configFile = join(folder, 'weft.config.json');
  const subgraphs = [{ name: 'numbers', url, schema: { sdl: SDL } }];
  const write = (router: boolean) =>
    writeFile(configFile, JSON.stringify({ subgraphs, port: 0, ...shaping(router, true) }));
  await write(false);
  const registry = await openFor(configFile);
  t.after(() => registry.close());
  assert.equal(registry.current?.sharesAnswers, false);
  await write(true);
  await registry.reload('test');
  assert.equal(registry.current?.sharesAnswers, true);
});

async function openFor(configFile: string) {
  const log = { info() {}, warn() {}, error() {} };
  const readConfig = () => readGatewayConfig({ configFile }, log);
  return openRegistry({ config: await readConfig(), log, readConfig });
}

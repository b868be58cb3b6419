import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { IssuesError } from '../../src/errors/Issue.ts';
import { hashOf } from '../../src/plugins/hashOf.ts';
import { createGateway } from '../../src/server/createGateway.ts';
import { until } from '../support/until.ts';
import { JSON_TYPE } from './support/Behaviour.ts';
import { send } from './support/send.ts';

const KEY = 'weft_of_ann';

interface Line {
  readonly [name: string]: unknown;
  readonly operations?: readonly object[];
}

async function start(t: TestContext, more: object = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'weft-access-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const output = join(folder, 'access.log');
  const gateway = await createGateway({
    port: 0,
    subgraphs: [{ name: 'a', url: 'http://127.0.0.1:9/', schema: { sdl: 'type Query { a(n: Int): Int }' } }],
    sources: { a: { name: 'a', visible: () => '', fetch: async () => ({ data: { a: 1 } }) } },
    authentication: { api_keys: { keys: [{ hash: await hashOf(KEY), consumer: 'ann' }] } },
    access_logs: { output },
    batching: true,
    state_directory: join(folder, 'state'),
    log: { info() {}, warn() {}, error() {} },
    ...more,
  } as never);
  t.after(() => gateway.close());
  const { url } = await gateway.listen();
  const read = async (count: number): Promise<readonly Line[]> => {
    const lines = async () => (await readFile(output, 'utf8')).split('\n').filter((line) => line !== '');
    await until(async () => (await lines()).length >= count);
    return (await lines()).map((line) => JSON.parse(line) as Line);
  };
  const post = (body: object, headers: Record<string, string> = {}) =>
    send(url, { headers: { ...JSON_TYPE, 'x-api-key': KEY, ...headers }, body: JSON.stringify(body) });
  return { url, post, read, output, gateway };
}

/** Without what differs from run to run. */
const told = ({ time, duration_ms, ...rest }: Line) => {
  assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000);
  assert.ok(Number(duration_ms) > 0);
  return rest;
};

describe('the access log', { timeout: 30_000 }, () => {
  it('has a line for each request, in every lane, and no secret', async (t) => {
    const { url, post, read, output } = await start(t);
    await post({ query: 'query Secret($n: Int) { a(n: $n) }', variables: { n: 4711 } }, { 'user-agent': 'test' });
    await send(`${url}?query={a}&password=4711`, { method: 'GET', headers: { 'x-api-key': KEY } });
    await post([{ query: '{ a }' }, { query: 'query Two { a }' }] as never);
    await post({ query: '{ a }' }, { 'x-api-key': 'wrong_4711' });
    await send(new URL('/health', url).href, { method: 'GET' });
    const lines = (await read(5)).map(told);
    const common = { address: '127.0.0.1', path: '/graphql' };
    assert.deepEqual(lines, [
      {
        ...common,
        user_agent: 'test',
        method: 'POST',
        status: 200,
        operations: [{ kind: 'query', name: 'Secret', caller: 'ann' }],
      },
      { ...common, method: 'GET', status: 200, operations: [{ kind: 'query', caller: 'ann' }] },
      {
        ...common,
        method: 'POST',
        status: 200,
        operations: [
          { kind: 'query', caller: 'ann' },
          { kind: 'query', name: 'Two', caller: 'ann' },
        ],
      },
      { ...common, method: 'POST', status: 401, operations: [{}] },
      { ...common, path: '/health', method: 'GET', status: 200 },
    ]);
    assert.doesNotMatch(await readFile(output, 'utf8'), /4711|weft_of_ann/);
  });

  it('has a line for each operation over WebSocket', async (t) => {
    const { url, read } = await start(t);
    const client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocols: string) {
          super(address, protocols, { headers: { 'x-api-key': KEY } });
        }
      },
    });
    for await (const result of client.iterate({ query: 'query Live { a }' })) assert.deepEqual(result.data, { a: 1 });
    await client.dispose();
    const [line] = await read(1);
    assert.deepEqual(told(line as Line), {
      address: '127.0.0.1',
      path: '/graphql',
      protocol: 'websocket',
      operations: [{ kind: 'query', name: 'Live', caller: 'ann' }],
    });
  });

  it('tells what was remembered as what was executed', async (t) => {
    const { post, read } = await start(t, { response_cache: { subgraph: { all: { ttl: '1h' } } } });
    for (let n = 0; n < 3; n += 1) await post({ query: 'query Again { a }' });
    for (const { operations } of await read(3))
      assert.deepEqual(operations, [{ kind: 'query', name: 'Again', caller: 'ann' }]);
  });

  it('is complete when the gateway has stopped', async (t) => {
    const { post, output, gateway } = await start(t);
    await post({ query: '{ a }' });
    await gateway.close();
    assert.equal((await readFile(output, 'utf8')).split('\n').length, 2);
  });

  it('says where it cannot be written', async (t) => {
    const error: unknown = await start(t, { access_logs: { output: '/dev/null/access.log' } }).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof IssuesError);
    assert.match(error.message, /"access_logs\.output".*\/dev\/null\/access\.log/);
  });

  it('is written as its page says', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'weft-access-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const page = await readFile(new URL('../../docs/access-logs.md', import.meta.url), 'utf8');
    const [, text = ''] = /^```yaml file=\S+\n(.*?)^```$/ms.exec(page) ?? [];
    const [, example = ''] = /^```json\n(.*?)^```$/ms.exec(page) ?? [];
    await writeFile(join(folder, 'weft.config.yaml'), text);
    const { config } = await loadConfig({ directory: folder, env: {} });
    const gateway = await createGateway({ ...config, log: { info() {}, warn() {}, error() {} } });
    t.after(() => gateway.close());
    const { url } = await gateway.listen({ port: 0 });
    await send(url, {
      headers: { ...JSON_TYPE, 'user-agent': 'curl/8.5.0' },
      body: '{"query":"query Me { __typename }"}',
    });
    await gateway.close();
    const line = JSON.parse(await readFile(join(folder, 'access.log'), 'utf8')) as Line;
    const { time: _time, duration_ms: _duration, ...shown } = JSON.parse(example) as Line;
    // Nobody has shown who asks here.
    const { caller: _caller, ...operation } = (shown.operations ?? [])[0] as { readonly caller?: string };
    assert.deepEqual(told(line), { ...shown, operations: [operation] });
    assert.deepEqual(Object.keys(line), Object.keys(JSON.parse(example) as Line));
  });
});

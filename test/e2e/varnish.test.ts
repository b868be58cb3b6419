import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import type { ConfigInput } from '../../src/config/schema/configSchema.ts';
import { createGateway } from '../../src/server/createGateway.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';
import { until } from '../support/until.ts';
import { hasVarnish, startVarnish } from './support/startVarnish.ts';

const SDL = 'type Query { time: Int bad: Int me: String } type Mutation { tick: Int }';

/** Varnish before a gateway before a subgraph that tells another number each time. */
async function start(t: TestContext, replyHeaders: Record<string, string>, more: Partial<ConfigInput> = {}) {
  let time = 0;
  const seen: string[] = [];
  const backend = await serveHttp(t, async (request, response) => {
    const { query } = JSON.parse(await text(request)) as { query: string };
    time += 1;
    const data = { time, bad: null, me: String(request.headers['x-user'] ?? 'nobody'), tick: time };
    const asked = Object.entries(data).filter(([name]) => query.includes(name));
    const errors = query.includes('bad') ? [{ message: 'bad', path: ['bad'] }] : undefined;
    response.writeHead(200, { 'content-type': 'application/json', ...replyHeaders });
    response.end(JSON.stringify({ data: Object.fromEntries(asked), errors }));
  });
  const gateway = await createGateway({
    subgraphs: [{ name: 'clock', url: backend.url, schema: { sdl: SDL } }],
    state_directory: '/nonexistent',
    port: 0,
    response_cache: { enabled: true },
    plugins: [
      {
        onParams: ({ context }: { context: { headers: Headers } }) =>
          void seen.push(context.headers.get('if-none-match') ?? 'all'),
      },
    ],
    ...more,
    log: { info() {}, warn() {}, error() {} },
  } as never);
  t.after(() => gateway.close());
  const { url } = await gateway.listen();
  const varnish = await startVarnish(Number(new URL(url).port));
  t.after(() => varnish[Symbol.asyncDispose]());
  const get = async (query: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${varnish.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { accept: 'application/json', ...headers },
    });
    return { body: await response.text(), headers: response.headers, status: response.status };
  };
  return { get, seen };
}

describe('Varnish before the gateway', { skip: !hasVarnish && 'varnish is not installed', timeout: 60_000 }, () => {
  it('keeps what we keep, for as long', async (t) => {
    const { get, seen } = await start(t, { 'cache-control': 'max-age=2' });
    const first = await get('{ time }');
    assert.equal(first.body, '{"data":{"time":1}}');
    assert.equal((await get('{ time }')).body, first.body);
    assert.deepEqual(seen, ['all']);
    // By then neither of them has it: both count from when the subgraph spoke.
    const begun = performance.now();
    await until(async () => (await get('{ time }')).body !== first.body);
    assert.ok(performance.now() - begun < 3_000);
    assert.ok(seen.length >= 2);
  });

  it('counts the age that an answer had when it came', async (t) => {
    const { get, seen } = await start(t, { 'cache-control': 'max-age=60', age: '59' });
    const first = await get('{ time }');
    assert.equal(first.headers.get('age'), '59');
    await until(async () => (await get('{ time }')).body === '{"data":{"time":2}}');
    assert.equal(seen.length, 2);
  });

  it('asks again with the tag that it was given, and gives what it has to 304', async (t) => {
    const { get, seen } = await start(t, { 'cache-control': 'max-age=1' });
    const first = await get('{ me }');
    const etag = first.headers.get('etag');
    await until(async () => {
      const again = await get('{ me }');
      assert.deepEqual([again.status, again.body], [200, first.body]);
      return seen.length > 1;
    });
    assert.deepEqual(seen, ['all', etag]);
  });

  for (const [what, query, headers] of [
    ['that failed in part', '{ time bad }', {}],
    ['of one client', '{ me }', { 'x-user': 'ann' }],
  ] as const)
    it(`never keeps an answer ${what}`, async (t) => {
      const { get, seen } = await start(t, { 'cache-control': 'max-age=60' }, { headers: { propagate: ['x-user'] } });
      await get(query, headers);
      await get(query, headers);
      assert.equal(seen.length, 2);
      const other = await get('{ me }', { 'x-user': 'bob' });
      assert.equal(other.body, '{"data":{"me":"bob"}}');
    });

  it('never keeps what the subgraph forbids', async (t) => {
    const { get, seen } = await start(t, { 'cache-control': 'no-store' });
    assert.notEqual((await get('{ time }')).body, (await get('{ time }')).body);
    assert.equal(seen.length, 2);
  });
});

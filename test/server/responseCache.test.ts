import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { ConfigInput } from '../../src/config/schema/configSchema.ts';
import { hashOf } from '../../src/plugins/hashOf.ts';
import { createGateway } from '../../src/server/createGateway.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';
import { hasRedis, startRedis } from '../stores/support/startRedis.ts';
import { freePort } from '../support/freePort.ts';
import { until } from '../support/until.ts';

const SDL = `type Query { number(of: Int): Number me: Number bad: Int plain: Int } type Mutation { count(id: ID!): Number }
type Number @key(fields: "id") { id: ID! value: Int }`;

interface Backend {
  url: string;
  asked: string[];
  value: number;
  headers: Record<string, string>;
}

async function startBackend(t: TestContext): Promise<Backend> {
  const backend: Backend = { url: '', asked: [], value: 0, headers: {} };
  const { url } = await serveHttp(t, async (request, response) => {
    const { query } = JSON.parse(await text(request)) as { query: string };
    backend.asked.push(query);
    if (query.startsWith('mutation')) backend.value += 1;
    const number = { __typename: 'Number', id: '1', value: backend.value };
    const data: Record<string, unknown> = {};
    for (const field of ['number', 'count', 'me']) if (query.includes(field)) data[field] = number;
    if (query.includes('plain')) data['plain'] = backend.value;
    const errors = query.includes('bad') ? [{ message: 'bad', path: ['bad'] }] : undefined;
    if (errors !== undefined) data['bad'] = null;
    response.writeHead(200, { 'content-type': 'application/json', ...backend.headers });
    response.end(JSON.stringify({ data, errors }));
  });
  backend.url = url;
  return backend;
}

type CacheInput = NonNullable<ConfigInput['response_cache']>;

async function start(t: TestContext, backend: Backend, cache: CacheInput | undefined, more: Partial<ConfigInput> = {}) {
  const logged: string[] = [];
  const note = (line: string) => void logged.push(line);
  const gateway = await createGateway({
    subgraphs: [{ name: 'numbers', url: backend.url, schema: { sdl: SDL } }],
    state_directory: '/nonexistent',
    port: 0,
    ...(cache === undefined ? {} : { response_cache: cache }),
    ...more,
    log: { info: note, warn: note, error: note },
  } as never);
  const { url } = await gateway.listen();
  t.after(() => gateway.close());
  const post = (query: string, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
  const get = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${url}?query=${encodeURIComponent(query)}`, {
      headers: { accept: 'application/json', 'x-graphql-yoga-csrf': '1', ...headers },
    });
  const readNumber = async (query = '{ number { value } }') => {
    const { data } = (await (await post(query)).json()) as { data: { number: { value: number } } };
    return data.number.value;
  };
  return { post, get, read: readNumber, logged };
}

function named(response: Response, ...names: string[]) {
  return Object.fromEntries(names.map((name) => [name, response.headers.get(name)]));
}

const CACHE = ['cache-control', 'age', 'cache-status', 'etag', 'cdn-cache-control'];

describe('what an answer says of caching', { timeout: 30_000 }, () => {
  it('says nothing where nothing is configured', async (t) => {
    const backend = await startBackend(t);
    backend.headers = { 'cache-control': 'max-age=60' };
    const { post, get } = await start(t, backend, undefined);
    for (const response of [await post('{ plain }'), await get('{ plain }')])
      assert.deepEqual(named(response, ...CACHE, 'vary'), {
        'cache-control': null,
        age: null,
        'cache-status': null,
        etag: null,
        'cdn-cache-control': null,
        vary: null,
      });
    assert.equal(backend.asked.length, 2);
  });

  it('the strictest of all parts, in every lane', async (t) => {
    const backend = await startBackend(t);
    backend.headers = { 'cache-control': 'max-age=60', age: '10' };
    const { post, get } = await start(t, backend, { cdn_cache_control: true });
    const first = await post('{ number { value } }');
    assert.deepEqual(named(first, 'cache-control', 'age', 'cache-status', 'cdn-cache-control', 'vary'), {
      'cache-control': 'max-age=60, public',
      age: '10',
      'cache-status': 'Weft; fwd=miss; stored; ttl=50',
      'cdn-cache-control': 'max-age=60',
      vary: 'Accept',
    });
    backend.headers = { 'cache-control': 'max-age=30' };
    const part = await get('{ number { value } plain }');
    assert.match(part.headers.get('cache-control') ?? '', /^max-age=\d\d, public$/);
    assert.match(part.headers.get('cache-status') ?? '', /^Weft; fwd=miss; stored; ttl=(?:29|30); detail=partial$/);
    for (const ask of [post, get]) {
      const hit = await ask('{ number { value } }');
      assert.match(hit.headers.get('cache-status') ?? '', /^Weft; hit; ttl=(49|48)$/);
      assert.match(hit.headers.get('age') ?? '', /^1[12]$/);
      assert.equal(hit.headers.get('cache-control'), 'max-age=60, public');
    }
    assert.equal(backend.asked.length, 2);
  });

  it('no-store where a part is not to be remembered, where something failed, and of mutations', async (t) => {
    const backend = await startBackend(t);
    const { post, get } = await start(t, backend, { subgraph: { all: { ttl: '1m' } } });
    assert.match((await post('{ plain }')).headers.get('cache-control') ?? '', /max-age=60/);
    for (const [query, status] of [
      ['{ bad plain }', 'Weft; fwd=miss'],
      ['mutation { count(id: 1) { id } }', 'Weft; fwd=method'],
    ] as const) {
      const response = await post(query);
      assert.deepEqual(named(response, 'cache-control', 'cache-status'), {
        'cache-control': 'no-store',
        'cache-status': status,
      });
    }
    backend.headers = { 'cache-control': 'no-store' };
    assert.equal((await get('{ me { id } plain }')).headers.get('cache-control'), 'no-store');
    assert.equal((await get('{ me { id } plain }')).headers.get('etag'), null);
  });

  it('an ETag to GET, and 304 for who has the answer already', async (t) => {
    const backend = await startBackend(t);
    const { get, post } = await start(
      t,
      backend,
      { subgraph: { all: { ttl: '1m' } } },
      { cors: { origins: ['https://a.example'] } },
    );
    const first = await get('{ plain }', { origin: 'https://a.example' });
    const etag = first.headers.get('etag') ?? '';
    assert.match(etag, /^"[\w-]{27}"$/);
    assert.equal(first.headers.get('vary'), 'Accept, Origin');
    const again = await get('{ plain }', { 'if-none-match': `W/"other", W/${etag}` });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), '');
    assert.match(again.headers.get('cache-control') ?? '', /^max-age=60/);
    assert.equal(again.headers.get('etag'), etag);
    assert.equal((await get('{ plain }', { 'if-none-match': '"other"' })).status, 200);
    assert.equal((await get('{ number { value } }', { 'if-none-match': etag })).status, 200);
    assert.equal((await post('{ plain }', { 'if-none-match': etag })).headers.get('etag'), null);
  });

  it('private where the subgraph can tell clients apart, also to those that send nothing', async (t) => {
    const backend = await startBackend(t);
    const { post } = await start(
      t,
      backend,
      { subgraph: { all: { ttl: '1m' } } },
      { headers: { propagate: ['authorization'] } },
    );
    const anonymous = await post('{ plain }');
    assert.equal(anonymous.headers.get('cache-control'), 'max-age=60, private');
    assert.match((await post('{ plain }', { authorization: 'a' })).headers.get('cache-status') ?? '', /fwd=miss/);
    assert.match((await post('{ plain }', { authorization: 'a' })).headers.get('cache-status') ?? '', /hit/);
    assert.equal(backend.asked.length, 2);
  });

  it('tells caches which headers of clients decide, and keeps the answers of these apart itself', async (t) => {
    const backend = await startBackend(t);
    const { get } = await start(
      t,
      backend,
      { subgraph: { all: { ttl: '1m' } } },
      { expose_plan: true, override_labels: { next: { header: 'x-beta' } } },
    );
    const plain = await get('{ plain }');
    assert.equal(plain.headers.get('vary'), 'Accept, weft-plan, x-beta');
    const planned = await get('{ plain }', { 'weft-plan': '1' });
    assert.match(await planned.text(), /"plan"/);
    assert.doesNotMatch(await plain.text(), /"plan"/);
    assert.doesNotMatch(await (await get('{ plain }')).text(), /"plan"/);
  });

  it('private to whom the gateway knows, whatever the parts are', async (t) => {
    const backend = await startBackend(t);
    const keys = [{ consumer: 'ann', hash: await hashOf('a-key-of-ann-000000') }];
    const { post } = await start(
      t,
      backend,
      { subgraph: { all: { ttl: '1m' } } },
      { authentication: { anonymous: true, api_keys: { keys } } as never },
    );
    assert.equal((await post('{ plain }')).headers.get('cache-control'), 'max-age=60, public');
    const known = await post('{ plain }', { 'x-api-key': 'a-key-of-ann-000000' });
    assert.equal(known.headers.get('cache-control'), 'max-age=60, private');
    assert.match(known.headers.get('cache-status') ?? '', /hit/);
  });
});

const KEY = 'a-shared-key';

describe('invalidation', { timeout: 30_000 }, () => {
  it('by the endpoint, with the shared key only, and not where clients ask', async (t) => {
    const backend = await startBackend(t);
    const listen = `127.0.0.1:${await freePort()}`;
    const cache: CacheInput = { subgraph: { all: { ttl: '1m' } }, invalidation: { listen, shared_key: KEY } };
    const { read, post, logged } = await start(t, backend, cache);
    const send = (body: unknown, authorization = KEY, init: RequestInit = {}) =>
      fetch(`http://${listen}/invalidation`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
      });
    assert.equal(await read(), 0);
    backend.value = 7;
    assert.equal(await read(), 0);
    const body = [{ kind: 'type', subgraph: 'numbers', type: 'Number' }];
    assert.equal((await send(body, 'another')).status, 401);
    assert.equal((await send(body, '')).status, 401);
    assert.equal((await send('{', KEY)).status, 400);
    assert.equal((await send([{ kind: 'all' }])).status, 400);
    assert.equal((await send(undefined, KEY, { method: 'GET', body: null })).status, 405);
    assert.equal((await fetch(`http://${listen}/graphql`)).status, 404);
    assert.equal(await read(), 0);
    const done = await send(body);
    assert.equal(done.status, 202);
    assert.deepEqual(await done.json(), { count: 1 });
    assert.equal(await read(), 7);
    backend.value = 8;
    assert.deepEqual(await (await send([{ kind: 'subgraph', subgraph: 'others' }])).json(), { count: 0 });
    assert.equal(await read(), 7);
    assert.deepEqual(await (await send([{ kind: 'subgraph', subgraph: 'numbers' }])).json(), { count: 1 });
    assert.equal(await read(), 8);
    assert.ok(logged.some((line) => line.includes(`http://${listen}/invalidation`)));
    assert.equal((await post('{ plain }')).status, 200);
  });

  it('by a mutation, at once for who has sent it', async (t) => {
    const backend = await startBackend(t);
    const { read, post } = await start(t, backend, { subgraph: { all: { ttl: '1m' } } });
    assert.equal(await read(), 0);
    await post('mutation { count(id: 1) { id } }');
    assert.equal(await read(), 1);
    const kept = await start(t, backend, { subgraph: { all: { ttl: '1m' } }, invalidation: { on_mutation: false } });
    assert.equal(await kept.read(), 1);
    await kept.post('mutation { count(id: 1) { id } }');
    assert.equal(await kept.read(), 1);
  });

  it('of all gateways within 100 ms over Redis', { skip: hasRedis ? false : 'needs redis-server' }, async (t) => {
    const backend = await startBackend(t);
    await using server = await startRedis();
    const cache: CacheInput = { redis: true, subgraph: { all: { ttl: '1m' } } };
    const redis = { redis: { url: server.url } };
    const one = await start(t, backend, cache, redis);
    const two = await start(t, backend, cache, redis);
    await one.read();
    // What the first has read is written behind its answer.
    const client = new Redis(server.url);
    t.after(() => client.disconnect());
    await until(async () => (await client.dbsize()) > 0);
    assert.equal(await two.read(), 0);
    assert.equal(backend.asked.length, 1);
    const times: number[] = [];
    for (let n = 1; n <= 20; n += 1) {
      await one.post('mutation { count(id: 1) { id } }');
      const start = performance.now();
      while ((await two.read()) !== n) await sleep(1);
      times.push(performance.now() - start);
      assert.equal(await one.read(), n);
    }
    assert.ok(Math.max(...times) < 100, times.join());
    await server.kill();
    assert.equal(await two.read('{ number { id value } }'), 20);
    assert.equal(await one.read('{ number { id value } }'), 20);
  });
});

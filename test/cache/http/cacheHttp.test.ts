import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import type { CachePolicy } from '../../../src/cache/CachePolicy.ts';
import { createCache } from '../../../src/cache/createCache.ts';
import { createMemoryStore } from '../../../src/cache/createMemoryStore.ts';
import { cacheHttp } from '../../../src/cache/http/cacheHttp.ts';
import { createHttpClient } from '../../../src/upstream/createHttpClient.ts';
import type { HttpRequest } from '../../../src/upstream/HttpClient.ts';
import { serveHttp } from '../../sources/graphql/serveHttp.ts';

interface Reply {
  status?: number;
  headers?: Readonly<Record<string, string>>;
}

/** A service whose replies are numbered; `reply` says how the next ones are. */
async function start(t: TestContext, scope: CachePolicy['scope'] = 'visible') {
  const asked: IncomingHttpHeaders[] = [];
  const state = { time: 1_000_000, reply: {} as Reply, isDown: false };
  const { url } = await serveHttp(t, (request, response) => {
    asked.push(request.headers);
    if (state.isDown) {
      request.socket.destroy();
      return;
    }
    const { status = 200, headers = {} } = state.reply;
    const isSame = headers['etag'] !== undefined && request.headers['if-none-match'] === headers['etag'];
    response.writeHead(isSame ? 304 : status, headers);
    response.end(isSame ? undefined : String(asked.length));
  });
  const http = createHttpClient();
  t.after(() => http.close());
  const now = () => state.time;
  const cache = createCache({ store: createMemoryStore({ maxSize: 1e6, now }), now });
  const cached = cacheHttp(http, { cache, policyOf: () => ({ enabled: true, scope }) });
  const ask = async (headers: Record<string, string> = {}, more: Partial<HttpRequest> = {}) => {
    const request = { subgraph: 'rest', url, method: 'GET', headers, timeout: 2_000, ...more } as const;
    const { body, headers: given, status } = await cached.request(request);
    return { body, age: given['age'], status };
  };
  return { asked, state, ask, cache, body: async (headers?: Record<string, string>) => (await ask(headers)).body };
}

const control = (value: string, more: Readonly<Record<string, string>> = {}) => ({
  headers: { 'cache-control': value, ...more },
});

describe('a cache of HTTP for REST services', { timeout: 30_000 }, () => {
  it('gives what is fresh, with its age, and nothing without a time', async (t) => {
    const { state, ask, body, asked } = await start(t);
    state.reply = control('max-age=60', { age: '10' });
    assert.equal(await body(), '1');
    state.time += 49_000;
    assert.deepEqual(await ask(), { body: '1', age: '59', status: 200 });
    state.time += 1_000;
    state.reply = {};
    assert.equal(await body(), '2');
    assert.equal(await body(), '3');
    state.reply = {
      headers: { expires: new Date(state.time + 5_000).toUTCString(), date: new Date(state.time).toUTCString() },
    };
    assert.equal(await body(), '4');
    assert.equal(await body(), '4');
    assert.equal(asked.length, 4);
  });

  it('s-maxage goes before max-age; no-store and private are never kept', async (t) => {
    const { state, body } = await start(t);
    state.reply = control('max-age=0, s-maxage=60');
    assert.equal(await body(), '1');
    assert.equal(await body(), '1');
    for (const value of ['no-store, max-age=60', 'private, max-age=60', 'max-age=0']) {
      const other = await start(t);
      other.state.reply = control(value);
      assert.equal(await other.body(), '1', value);
      assert.equal(await other.body(), '2', value);
    }
  });

  it('validates what is stale by its ETag, and takes over what the 304 says', async (t) => {
    const { state, body, asked } = await start(t);
    state.reply = control('max-age=10', { etag: '"a"' });
    assert.equal(await body(), '1');
    state.time += 10_000;
    state.reply = control('max-age=30', { etag: '"a"' });
    assert.equal(await body(), '1');
    assert.equal(asked[1]?.['if-none-match'], '"a"');
    state.time += 29_000;
    assert.equal(await body(), '1');
    assert.equal(asked.length, 2);
    state.time += 1_000;
    state.reply = control('max-age=30', { etag: '"b"' });
    assert.equal(await body(), '3');
    assert.equal(await body(), '3');
  });

  it('no-cache is kept, and validated each time', async (t) => {
    const { state, body, asked } = await start(t);
    state.reply = control('no-cache, max-age=60', { etag: '"a"' });
    assert.equal(await body(), '1');
    assert.equal(await body(), '1');
    assert.equal(asked.length, 2);
    assert.equal(asked[1]?.['if-none-match'], '"a"');
  });

  it('what is stale is given while it is asked for anew, once, as long as that is allowed', async (t) => {
    const { state, body, asked } = await start(t);
    state.reply = control('max-age=10, stale-while-revalidate=20');
    assert.equal(await body(), '1');
    state.time += 29_999;
    assert.deepEqual(await Promise.all([body(), body()]), ['1', '1']);
    while ((await body()) === '1') await new Promise(setImmediate);
    assert.equal(await body(), '2');
    assert.equal(asked.length, 2);
    state.time += 30_000;
    assert.equal(await body(), '3');
  });

  it('what is stale is given where the service fails, as long as that is allowed', async (t) => {
    const { state, body, ask } = await start(t);
    state.reply = control('max-age=10, stale-if-error=20');
    assert.equal(await body(), '1');
    state.time += 10_000;
    state.reply = { status: 503 };
    assert.deepEqual(await ask(), { body: '1', age: '10', status: 200 });
    state.isDown = true;
    assert.equal(await body(), '1');
    state.time += 20_000;
    await assert.rejects(body());
    state.isDown = false;
    assert.equal((await ask()).status, 503);
    const strict = await start(t);
    strict.state.reply = control('max-age=10, stale-if-error=20, must-revalidate');
    await strict.body();
    strict.state.time += 10_000;
    strict.state.reply = { status: 503 };
    assert.equal((await strict.ask()).status, 503);
  });

  it('requests that differ in a header are apart', async (t) => {
    const { state, body } = await start(t);
    state.reply = control('max-age=60, public');
    assert.equal(await body({ authorization: 'a' }), '1');
    assert.equal(await body({ authorization: 'b' }), '2');
    assert.equal(await body({ 'x-tenant': 'b' }), '3');
    assert.equal(await body({ authorization: 'a' }), '1');
  });

  it('where the parts are for everybody, only by Vary; with credentials only what says so', async (t) => {
    const { state, body } = await start(t, 'public');
    state.reply = control('max-age=60', { vary: 'X-Lang, Accept' });
    assert.equal(await body({ 'x-lang': 'en', 'x-other': '1' }), '1');
    assert.equal(await body({ 'x-lang': 'en', 'x-other': '2' }), '1');
    assert.equal(await body({ 'x-lang': 'de' }), '2');
    assert.equal(await body({}), '3');
    assert.equal(await body({ 'x-lang': 'en' }), '1');
    const other = await start(t, 'public');
    other.state.reply = control('max-age=60');
    assert.equal(await other.body({ authorization: 'a' }), '1');
    assert.equal(await other.body({ authorization: 'a' }), '2');
    other.state.reply = control('max-age=60, public');
    assert.equal(await other.body({ authorization: 'a' }), '3');
    assert.equal(await other.body({ authorization: 'b' }), '3');
    const star = await start(t, 'public');
    star.state.reply = control('max-age=60', { vary: '*' });
    assert.equal(await star.body(), '1');
    assert.equal(await star.body(), '2');
  });

  it('a write to a URL forgets what was read there; only if it was one', async (t) => {
    const { state, body, ask } = await start(t);
    state.reply = control('max-age=60');
    assert.equal(await body(), '1');
    state.reply = { status: 500 };
    await ask({}, { method: 'PUT' });
    assert.equal(await body(), '1');
    state.reply = control('max-age=60');
    await ask({}, { method: 'PUT' });
    assert.equal(await body(), '4');
    assert.equal(await body(), '4');
  });

  it('what was invalidated meanwhile does not come in, and conditions of others are theirs', async (t) => {
    const { state, body, ask, cache, asked } = await start(t);
    state.reply = control('max-age=60');
    const first = body();
    await cache.invalidate(['http:rest']);
    await first;
    assert.equal(await body(), '2');
    await ask({ 'if-none-match': '"x"' });
    await ask({ 'if-none-match': '"x"' });
    assert.equal(asked.length, 4);
    state.reply = { status: 500, headers: { 'cache-control': 'max-age=60' } };
    state.time += 60_000;
    await ask();
    await ask();
    assert.equal(asked.length, 6);
  });
});

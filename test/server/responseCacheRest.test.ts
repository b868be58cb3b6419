import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createGateway } from '../../src/server/createGateway.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';
import { freePort } from '../support/freePort.ts';

const item = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } }, description: '' };
const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
const SPEC = {
  openapi: '3.1.0',
  info: { title: 'Items', version: '1' },
  paths: {
    '/items/{id}': {
      get: { operationId: 'item', parameters, responses: { 200: item } },
      put: { operationId: 'change', parameters, responses: { 200: item } },
    },
  },
  components: {
    schemas: { Item: { type: 'object', properties: { id: { type: 'string' }, count: { type: 'integer' } } } },
  },
};

interface Rest {
  readonly asked: string[];
  count: number;
  headers: Record<string, string>;
}

async function start(t: TestContext, cache: object) {
  const rest: Rest = { asked: [], count: 1, headers: {} };
  const { url } = await serveHttp(t, (request, response) => {
    rest.asked.push(`${request.method} ${request.headers['if-none-match'] ?? ''}`.trim());
    if (request.method === 'PUT') rest.count += 1;
    const etag = `"${rest.count}"`;
    const isSame = request.headers['if-none-match'] === etag;
    response.writeHead(isSame ? 304 : 200, { 'content-type': 'application/json', etag, ...rest.headers });
    response.end(isSame ? undefined : JSON.stringify({ id: '1', count: rest.count }));
  });
  const folder = await mkdtemp(join(tmpdir(), 'weft-rest-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'items.json'), JSON.stringify(SPEC));
  const gateway = await createGateway({
    subgraphs: [{ name: 'items', url: new URL('/', url).href, schema: { openapi: join(folder, 'items.json') } }],
    response_cache: cache,
    state_directory: join(folder, 'state'),
    port: 0,
    log: { info() {}, warn() {}, error() {} },
  } as never);
  const { url: front } = await gateway.listen();
  t.after(() => gateway.close());
  const ask = async (query: string) => {
    const response = await fetch(front, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as { data: Record<string, { count: number }>; errors?: unknown };
    assert.equal(errors, undefined, JSON.stringify(errors));
    const [value] = Object.values(data);
    return { count: value?.count, control: response.headers.get('cache-control') };
  };
  return { rest, ask };
}

test('a REST service is asked by its own Cache-Control, which is told to clients', { timeout: 20_000 }, async (t) => {
  const { rest, ask } = await start(t, {});
  rest.headers = { 'cache-control': 'max-age=60' };
  assert.deepEqual(await ask('{ item(id: "1") { count } }'), { count: 1, control: 'max-age=60, public' });
  // Another part of the same answer.
  const other = await ask('{ item(id: "1") { id count } }');
  assert.equal(other.count, 1);
  assert.match(other.control ?? '', /^max-age=(?:60|59), public$/);
  assert.deepEqual(rest.asked, ['GET']);
});

test('what is stale is validated, and a mutation forgets it', { timeout: 20_000 }, async (t) => {
  const { rest, ask } = await start(t, {});
  rest.headers = { 'cache-control': 'no-cache' };
  assert.deepEqual(await ask('{ item(id: "1") { count } }'), { count: 1, control: 'no-store' });
  assert.equal((await ask('{ item(id: "1") { count } }')).count, 1);
  assert.deepEqual(rest.asked, ['GET', 'GET "1"']);
  rest.headers = { 'cache-control': 'max-age=60' };
  await ask('{ item(id: "1") { count } }');
  assert.equal((await ask('mutation { change(id: "1") { count } }')).count, 2);
  assert.equal((await ask('{ item(id: "1") { count } }')).count, 2);
  assert.deepEqual(rest.asked.slice(2), ['GET "1"', 'PUT', 'GET']);
});

test('what a backend invalidates by type is not read from the memory of HTTP either', {
  timeout: 20_000,
}, async (t) => {
  const listen = `127.0.0.1:${await freePort()}`;
  const { rest, ask } = await start(t, { invalidation: { listen, shared_key: 'a-shared-key' } });
  rest.headers = { 'cache-control': 'max-age=60' };
  await ask('{ item(id: "1") { count } }');
  rest.count = 5;
  assert.equal((await ask('{ item(id: "1") { count } }')).count, 1);
  const body = JSON.stringify([{ kind: 'type', subgraph: 'items', type: 'Item' }]);
  const headers = { authorization: 'a-shared-key' };
  await fetch(`http://${listen}/invalidation`, { method: 'POST', headers, body });
  assert.equal((await ask('{ item(id: "1") { count } }')).count, 5);
});

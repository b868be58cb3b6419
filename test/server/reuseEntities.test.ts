import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createGateway } from '../../src/server/createGateway.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';

const PEOPLE = 'type Query { me: Person } type Person @key(fields: "id") { id: ID! name: String }';
const POSTS =
  'type Query { latest: Post } type Post { by: Person } type Person @key(fields: "id") { id: ID! post: Post }';

for (const [setting, documents] of [
  [{}, 2],
  [{ all: { reuse_entities: false } }, 3],
  [{ all: { reuse_entities: false }, subgraphs: { people: { reuse_entities: true } } }, 2],
] as const)
  test(`traffic_shaping ${JSON.stringify(setting)}: ${documents} requests for a person that has been given`, async (t) => {
    const asked: string[] = [];
    const { url } = await serveHttp(t, async (request, response) => {
      const { query } = JSON.parse(await text(request)) as { query: string };
      asked.push(query);
      const ann = { id: '1', name: 'Ann' };
      const data = query.includes('post') ? { _entities: [{ post: { by: ann } }] } : { me: ann };
      response.end(
        JSON.stringify({ data: query.includes('name') && query.includes('_entities') ? { _entities: [ann] } : data }),
      );
    });
    const gateway = await createGateway({
      subgraphs: [
        { name: 'people', url, schema: { sdl: PEOPLE } },
        { name: 'posts', url, schema: { sdl: POSTS } },
      ],
      traffic_shaping: setting,
      state_directory: '/nonexistent',
      port: 0,
      log: { info() {}, warn() {}, error() {} },
    } as never);
    const { url: front } = await gateway.listen();
    t.after(() => gateway.close());
    const response = await fetch(front, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ me { id name post { by { name } } } }' }),
    });
    assert.deepEqual(await response.json(), { data: { me: { id: '1', name: 'Ann', post: { by: { name: 'Ann' } } } } });
    assert.equal(asked.length, documents, asked.join('\n'));
  });

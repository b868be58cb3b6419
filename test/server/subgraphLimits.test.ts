import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createGateway, type Source } from '../../src/index.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])';
const USERS = `${LINK}\ntype Query { me: User }\ntype Subscription { online: User }\ntype User @key(fields: "id") { id: ID! name: String }`;
const REVIEWS = `${LINK}\ntype User @key(fields: "id") { id: ID! stars: Int }`;
const me = { __typename: 'User', id: '1', name: 'Ada' };

async function start(t: TestContext, subgraphs: object, reviews?: Source['fetch']) {
  const directory = await mkdtemp(join(tmpdir(), 'weft-limits-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  let asked = 0;
  const sources: Record<string, Source> = {
    users: {
      name: 'users',
      fetch: async () => ({ data: { me } }),
      async *subscribe() {
        yield { data: { online: me } };
      },
    },
    reviews: {
      name: 'reviews',
      async fetch(request) {
        asked += 1;
        return (await reviews?.(request)) ?? { data: { _entities: [{ __typename: 'User', stars: 5 }] } };
      },
    },
  };
  const url = 'http://127.0.0.1:9/';
  const gateway = await createGateway({
    subgraphs: [
      { name: 'users', url, schema: { sdl: USERS } },
      { name: 'reviews', url, schema: { sdl: REVIEWS } },
    ],
    rate_limit: { subgraphs } as never,
    state_directory: directory,
    sources,
    log: { info: note, warn: note, error: note },
  });
  t.after(() => gateway.close());
  const ask = async (query: string, accept = 'application/json') => {
    const headers = { 'content-type': 'application/json', accept };
    const request = { method: 'POST', headers, body: JSON.stringify({ query }) };
    const response = await gateway.fetch(new Request('http://any.example/graphql', request));
    return { status: response.status, body: await response.text() };
  };
  return { ask, lines, asked: () => asked };
}

describe('the limit of a subgraph', { timeout: 20_000 }, () => {
  it('refuses what that subgraph would give, and the rest is answered', async (t) => {
    const { ask, lines, asked } = await start(t, { reviews: { rate: 1, window: '1h' } });
    const query = '{ me { name stars } }';
    assert.deepEqual(await ask(query), { status: 200, body: '{"data":{"me":{"name":"Ada","stars":5}}}' });
    const { status, body } = await ask(query);
    assert.equal(status, 200);
    const { data, errors } = JSON.parse(body);
    assert.deepEqual(data, { me: { name: 'Ada', stars: null } });
    assert.equal(errors.length, 1);
    assert.deepEqual(errors[0].path, ['me', 'stars']);
    const { retryAfter, ...told } = errors[0].extensions;
    assert.deepEqual(told, { code: 'RATE_LIMITED', subgraph: 'reviews', limit: 'reviews' });
    assert.ok(retryAfter > 3_500 && retryAfter <= 3_600);
    assert.equal(asked(), 1);
    assert.deepEqual(await ask('{ me { name } }'), { status: 200, body: '{"data":{"me":{"name":"Ada"}}}' });
    // It does answer.
    assert.deepEqual(lines, []);
  });

  it('counts calls at a time until each is answered', async (t) => {
    const gate = Promise.withResolvers<void>();
    const called = Promise.withResolvers<void>();
    const { ask, asked } = await start(t, { reviews: { concurrency: 1 } }, async () => {
      called.resolve();
      await gate.promise;
      throw new Error('broken');
    });
    const first = ask('{ me { stars } }');
    await called.promise;
    assert.match(
      (await ask('{ me { name stars } }')).body,
      /"name":"Ada","stars":null.*RATE_LIMITED|RATE_LIMITED.*"stars":null/,
    );
    assert.equal(asked(), 1);
    gate.resolve();
    await first;
    await ask('{ me { stars } }');
    assert.equal(asked(), 2);
  });

  it('is for subscriptions, too', async (t) => {
    const { ask } = await start(t, { users: { rate: 1, window: '1h' } });
    assert.match((await ask('subscription { online { name } }', 'text/event-stream')).body, /"name":"Ada"/);
    const { body } = await ask('subscription { online { name } }', 'text/event-stream');
    assert.match(body, /RATE_LIMITED/);
    assert.doesNotMatch(body, /Ada/);
  });
});

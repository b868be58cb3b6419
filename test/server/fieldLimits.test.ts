import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createGateway, type Source } from '../../src/index.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])';
const RATE =
  'directive @rateLimit(window: String, max: Int, keys: [String!], identityArgs: [String]) on FIELD_DEFINITION';
const USERS = `${LINK}\n${RATE}\ntype Query { me: User user(id: ID!): User @rateLimit(window: "1h", max: 1, keys: ["id"]) }\ntype User @key(fields: "id") { id: ID! name: String }`;
const REVIEWS = `${LINK}\n${RATE}\ntype User @key(fields: "id") { id: ID! stars: Int @rateLimit(window: "1h", max: 2) }`;

interface StartOptions {
  readonly users?: string;
  readonly reviews?: string;
  readonly rate_limit?: object;
}

async function start(t: TestContext, { users = USERS, reviews = REVIEWS, rate_limit }: StartOptions) {
  const directory = await mkdtemp(join(tmpdir(), 'weft-limits-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, 'users.graphql'), users);
  await writeFile(join(directory, 'reviews.graphql'), reviews);
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const asked = { users: 0, reviews: 0 };
  const me = { __typename: 'User', id: '1', name: 'Ada' };
  const sources: Record<string, Source> = {
    users: {
      name: 'users',
      async fetch({ operation }) {
        asked.users += 1;
        return { data: /user\(/.test(operation.document) ? { user: me } : { me } };
      },
    },
    reviews: {
      name: 'reviews',
      async fetch() {
        asked.reviews += 1;
        return { data: { _entities: [{ __typename: 'User', stars: 5 }] } };
      },
    },
  };
  const url = 'http://127.0.0.1:9/';
  const gateway = await createGateway({
    subgraphs: [
      { name: 'users', url, schema: join(directory, 'users.graphql') },
      { name: 'reviews', url, schema: join(directory, 'reviews.graphql') },
    ],
    ...(rate_limit === undefined ? {} : { rate_limit }),
    state_directory: directory,
    sources,
    log: { info: note, warn: note, error: note },
  });
  t.after(() => gateway.close());
  const ask = async (query: string, variables: object = {}, accept = 'application/json') => {
    const headers = { 'content-type': 'application/json', accept };
    const request = { method: 'POST', headers, body: JSON.stringify({ query, variables }) };
    const response = await gateway.fetch(new Request('http://any.example/graphql', request));
    assert.equal(response.status, 200);
    return response.text();
  };
  return {
    ask,
    lines,
    asked,
    gateway,
    writeReviews: (sdl: string) => writeFile(join(directory, 'reviews.graphql'), sdl),
  };
}

describe('@rateLimit', { timeout: 20_000 }, () => {
  it('limits a field of a subgraph, which is not asked for it any more', async (t) => {
    const { ask, asked, lines } = await start(t, { rate_limit: {} });
    const query = '{ me { name stars } }';
    const whole = '{"data":{"me":{"name":"Ada","stars":5}}}';
    assert.deepEqual([await ask(query), await ask(query)], [whole, whole]);
    const { data, errors } = JSON.parse(await ask(query));
    assert.deepEqual(data, { me: { name: 'Ada', stars: null } });
    assert.deepEqual(errors[0].path, ['me', 'stars']);
    assert.equal(errors[0].extensions.limit, 'User.stars');
    assert.deepEqual(asked, { users: 3, reviews: 2 });
    assert.deepEqual(lines, []);
  });

  it('counts by arguments, however a client writes them', async (t) => {
    const { ask } = await start(t, { rate_limit: {} });
    assert.match(await ask('{ user(id: "1") { name } }'), /Ada/);
    assert.match(await ask('{ user(id: 1) { name } }'), /"user":null/);
    assert.match(await ask('query ($id: ID!) { user(id: $id) { name } }', { id: '1' }), /"user":null/);
    assert.match(await ask('query ($id: ID!) { user(id: $id) { name } }', { id: '2' }), /Ada/);
  });

  it('refuses what would be deferred, with the rest at once', async (t) => {
    const { ask } = await start(t, { rate_limit: {} });
    const query = '{ me { name ... @defer { stars } } }';
    for (let count = 0; count < 2; count += 1) assert.match(await ask(query, {}, 'multipart/mixed'), /"stars":5/);
    const body = await ask(query, {}, 'multipart/mixed');
    assert.match(body, /"name":"Ada","stars":null.*"RATE_LIMITED"|"RATE_LIMITED".*"name":"Ada","stars":null/);
  });

  it('changes with the schema', async (t) => {
    const { ask, gateway, writeReviews } = await start(t, { rate_limit: {} });
    for (let count = 0; count < 2; count += 1) await ask('{ me { stars } }');
    assert.match(await ask('{ me { stars } }'), /"stars":null/);
    await writeReviews(REVIEWS.replace('max: 2', 'max: 3').replace('stars: Int', 'best: Int stars: Int'));
    await gateway.reload('the test changed it');
    // What is used stays: two of three.
    assert.match(await ask('{ me { stars } }'), /"stars":5/);
    assert.match(await ask('{ me { stars } }'), /"stars":null/);
    await writeReviews(REVIEWS.replace(/stars: Int @rateLimit\(.*?\)/, 'stars: Int'));
    await gateway.reload('the test took it away');
    assert.match(await ask('{ me { stars } }'), /"stars":5/);
  });

  it('has no effect without a section "rate_limit", nor where it is the directive of somebody else', async (t) => {
    const off = await start(t, {});
    for (let count = 0; count < 3; count += 1) assert.match(await off.ask('{ me { stars } }'), /"stars":5/);
    const reviews = REVIEWS.replace('window: String, max: Int', 'limit: Int, duration: Int').replace(
      'window: "1h", max: 2',
      'limit: 1, duration: 60',
    );
    const other = await start(t, { reviews, rate_limit: {} });
    for (let count = 0; count < 3; count += 1) assert.match(await other.ask('{ me { stars } }'), /"stars":5/);
  });

  it('is an issue of the composition where it cannot be read', async (t) => {
    const reviews = REVIEWS.replace('"1h"', '"soon"');
    await assert.rejects(
      start(t, { reviews, rate_limit: {} }),
      /User\.stars.*@rateLimit: Expected "window" to be a duration/,
    );
  });

  it('whose key cannot be read is told', async (t) => {
    const users = USERS.replace('keys: ["id"]', 'keys: ["caller.", "args.id"]');
    const { ask, lines } = await start(t, { users, rate_limit: {} });
    await ask('{ user(id: "1") { name } }');
    assert.match(lines.join('\n'), /@rateLimit of Query\.user: Expected an expression/);
    assert.match(await ask('{ user(id: "1") { name } }'), /"user":null/);
    assert.match(await ask('{ user(id: "2") { name } }'), /Ada/);
  });
});

describe('a limit of a field in the configuration', { timeout: 20_000 }, () => {
  it('needs nothing in the schema', async (t) => {
    const rules = [{ name: 'stars', fields: ['User.stars'], key: 'all', rate: 1, window: '1h' }];
    const { ask, asked } = await start(t, {
      reviews: REVIEWS.replace(/ @rateLimit\(window: "1h".*?\)/, ''),
      rate_limit: { rules },
    });
    assert.match(await ask('{ me { stars } }'), /"stars":5/);
    assert.match(await ask('{ me { again: stars } }'), /"again":null/);
    assert.equal(asked.reviews, 1);
  });
});

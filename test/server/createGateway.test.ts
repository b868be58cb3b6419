import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createGateway, type Gateway, IssuesError, type Plugin, type Source } from '../../src/index.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])';
const USERS = `${LINK}\ntype Query { me: User }\ntype User @key(fields: "id") { id: ID! name: String }`;
const REVIEWS = `${LINK}\ntype User @key(fields: "id") { id: ID! stars: Int }`;
const log = { info() {}, warn() {}, error() {} };

const sources: Record<string, Source> = {
  users: { name: 'users', fetch: async () => ({ data: { me: { __typename: 'User', id: '1', name: 'Ada' } } }) },
  reviews: { name: 'reviews', fetch: async () => ({ data: { _entities: [{ __typename: 'User', stars: 5 }] } }) },
};

function ask(gateway: Gateway, query: string): Promise<Response> {
  return gateway.fetch(
    new Request('http://any.example/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }),
  );
}

describe('createGateway', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'weft-gateway-'));
    await writeFile(join(directory, 'users.graphql'), USERS);
    await writeFile(join(directory, 'reviews.graphql'), REVIEWS);
    await writeFile(
      join(directory, 'weft.config.yaml'),
      [
        'port: 0',
        'subgraphs:',
        '  - { name: users, url: "http://127.0.0.1:9/graphql", schema: users.graphql }',
        '  - { name: reviews, url: "http://127.0.0.1:9/graphql", schema: reviews.graphql }',
      ].join('\n'),
    );
  });
  after(() => rm(directory, { recursive: true }));

  it('composes the subgraphs of a file and answers from sources of the embedder', async () => {
    const gateway = await createGateway({ configFile: join(directory, 'weft.config.yaml'), sources, log });
    const { url } = await gateway.listen();
    assert.equal(gateway.url, url);
    assert.deepEqual(await (await ask(gateway, '{ me { name stars } }')).json(), {
      data: { me: { name: 'Ada', stars: 5 } },
    });
    const ready = await fetch(new URL('/ready', url));
    assert.equal(ready.status, 200);
    assert.match(await ready.text(), /"users".*"reviews"|"reviews".*"users"/);
    await gateway.close();
  });

  it('takes a configuration as an object, and plugins', async () => {
    const phases: string[] = [];
    const plugin: Plugin = { onExecute: () => void phases.push('execute') };
    const gateway = await createGateway({
      subgraphs: [{ name: 'users', url: 'http://127.0.0.1:9/graphql', schema: join(directory, 'users.graphql') }],
      state_directory: join(directory, 'state'),
      sources,
      plugins: [plugin],
      log,
    });
    assert.deepEqual(await (await ask(gateway, '{ me { name } }')).json(), { data: { me: { name: 'Ada' } } });
    assert.deepEqual(phases, ['execute']);
    await gateway.close();
  });

  it('serves a changed schema after a reload', async () => {
    const file = join(directory, 'changing.graphql');
    await writeFile(file, USERS);
    const gateway = await createGateway({
      subgraphs: [{ name: 'users', url: 'http://127.0.0.1:9/graphql', schema: file }],
      state_directory: join(directory, 'state'),
      sources,
      log,
    });
    assert.match(await (await ask(gateway, '{ __type(name: "Added") { name } }')).text(), /null/);
    await writeFile(file, `${USERS}\ntype Added { a: Int }\nextend type Query { added: Added }`);
    await gateway.reload('the test changed it');
    assert.match(await (await ask(gateway, '{ __type(name: "Added") { name } }')).text(), /Added/);
    await gateway.close();
  });

  it('rejects a wrong configuration with all of its problems', async () => {
    const wrong = createGateway({
      subgraphs: [{ name: 'users', schema: 'missing.graphql', url: 'x' }],
      prot: 1,
      log,
    } as never);
    await assert.rejects(wrong, (error) => error instanceof IssuesError && error.issues.length >= 2);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import type { Source, SourceRequest } from '../../src/execute/Source.ts';
import { assembleGateway } from '../../src/server/assembleGateway.ts';
import { createSnapshotStore, type RegisteredSnapshot } from '../../src/server/createSnapshotStore.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import { collect } from './support/collect.ts';
import { readEvents } from './support/readEvents.ts';
import { testConfig } from './support/startTestGateway.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])';
const USERS = `${LINK} type Query { me: User } type Subscription { online: User } type User @key(fields: "id") { id: ID! name: String }`;
const REVIEWS = `${LINK} type User @key(fields: "id") { id: ID! stars(min: Int): Int }`;

function composed(): string {
  const services = { users: USERS, reviews: REVIEWS };
  const result = composeServices(
    Object.entries(services).map(([name, sdl]) => ({
      name,
      typeDefs: parse(sdl),
      url: `http://${name}.example/graphql`,
    })),
  );
  assert.ok(result.supergraphSdl, JSON.stringify(result.errors));
  return result.supergraphSdl;
}

function start(reviews: Source['fetch']): {
  readonly gateway: ReturnType<typeof assembleGateway>;
  readonly sent: SourceRequest[];
} {
  const sent: SourceRequest[] = [];
  const me = { id: '1', name: 'Ada', __typename: 'User' };
  const sources: Source[] = [
    {
      name: 'users',
      async fetch(request) {
        sent.push(request);
        return { data: { me } };
      },
      async *subscribe() {
        yield { data: { online: me } };
      },
    },
    { name: 'reviews', fetch: reviews },
  ];
  const snapshot: RegisteredSnapshot = {
    supergraph: parseSupergraph(composed()),
    sources: new Map(sources.map((source) => [source.name, source])),
    retain() {},
    release() {},
  };
  const registry = {
    current: snapshot,
    status: () => [],
    reload: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const log = { info() {}, warn() {}, error() {} };
  return { gateway: assembleGateway({ config: testConfig, store: createSnapshotStore(registry), log }), sent };
}

const stars: Source['fetch'] = async () => ({ data: { _entities: [{ __typename: 'User', stars: 5 }] } });

describe('a gateway over the executor', () => {
  it('joins two subgraphs and hands the headers of the client to sources', async () => {
    const { gateway, sent } = start(stars);
    const { url } = await gateway.listen();
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-caller': 'me' },
      body: JSON.stringify({ query: '{ me { name stars } }' }),
    };
    assert.deepEqual(await (await fetch(url, request)).json(), { data: { me: { name: 'Ada', stars: 5 } } });
    assert.equal(sent[0]?.context.headers.get('X-Caller'), 'me');
    await gateway.close();
  });

  it('gives null and an error for the fields of a dead subgraph', async () => {
    const { gateway } = start(async () => {
      throw new GatewayError('SUBGRAPH_UNREACHABLE', 'No connection.', { subgraph: 'reviews' });
    });
    const body = (await (await ask(gateway, { query: '{ me { name stars } }' })).json()) as {
      data: unknown;
      errors: { path: unknown; extensions: unknown }[];
    };
    assert.deepEqual(body.data, { me: { name: 'Ada', stars: null } });
    assert.deepEqual(body.errors[0]?.extensions, { code: 'SUBGRAPH_UNREACHABLE', subgraph: 'reviews' });
    assert.deepEqual(body.errors[0]?.path, ['me', 'stars']);
    await gateway.close();
  });

  it('masks what a source throws by mistake', async () => {
    const { gateway } = start(async () => {
      throw new TypeError('internal detail');
    });
    const text = await (await ask(gateway, { query: '{ me { name stars } }' })).text();
    assert.doesNotMatch(text, /internal detail/);
    assert.match(text, /"name":"Ada"/);
    await gateway.close();
  });

  it('refuses variables with the code BAD_USER_INPUT and status 400', async () => {
    const { gateway } = start(stars);
    const query = 'query($min: Int!) { me { stars(min: $min) } }';
    const response = await ask(gateway, { query, variables: { min: 'x' } }, 'application/graphql-response+json');
    assert.equal(response.status, 400);
    assert.match(await response.text(), /BAD_USER_INPUT/);
    await gateway.close();
  });

  it('joins the fields of another subgraph into every event', async () => {
    const { gateway } = start(stars);
    const { url } = await gateway.listen();
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const body = JSON.stringify({ query: 'subscription { online { name stars } }' });
    const events = await collect(readEvents(await fetch(url, { method: 'POST', headers, body })));
    assert.deepEqual(events[0], { event: 'next', data: { data: { online: { name: 'Ada', stars: 5 } } } });
    assert.equal(events.length, 2);
    await gateway.close();
  });
});

function ask(
  gateway: ReturnType<typeof assembleGateway>,
  body: unknown,
  accept = 'application/json',
): Promise<Response> {
  return gateway.fetch(
    new Request('http://any.example/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify(body),
    }),
  );
}

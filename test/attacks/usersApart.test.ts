import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { transports } from '../plugins/authentication/support/transports.ts';
import { hasRedis, startRedis } from '../stores/support/startRedis.ts';
import { startMirrors } from './support/startMirrors.ts';
import { startVictim } from './support/startVictim.ts';

const USERS = ['ann', 'ben', 'cyd', 'dan'];
const QUERIES = [
  '{ me { id name letter } }',
  'query Me { me { name } }',
  '{ user(id: 3) { name letter } }',
  '{ product(upc: "a") { upc price note } }',
  '{ product(upc: "a") { p: price(in: "EUR") q: price(in: "USD") note(size: 2) } }',
  'query($upc: ID!) { product(upc: $upc) { price note } }',
  '{ products { upc price note } }',
  '{ products { note(size: 1) } inbox }',
  '{ inbox(box: 1) other: inbox(box: 2) }',
  'mutation { touch(upc: "a") { upc price } }',
];

const sha256 = (text: string) => hash('sha256', text);

/** The same ones each time. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const over = transports.filter(
  ({ name }) => !name.startsWith('multipart') && name !== 'SSE' && name !== 'WebSocket, connection_init',
);
const stream = transports.find(({ name }) => name === 'SSE');

interface Round {
  readonly credentials: (user: string) => Readonly<Record<string, string>>;
  readonly input: object;
  readonly nameOf: (request: IncomingMessage) => string | undefined;
  readonly rounds?: number;
}

/** Hundreds of operations of several users at once, by every way in; each sees his own values and nobody else's. */
async function interleave(t: TestContext, { credentials, input, nameOf, rounds = 400 }: Round): Promise<void> {
  const mirrors = await startMirrors(t, nameOf);
  const { url } = await startVictim(t, { subgraphs: mirrors.subgraphs, ...input });
  const random = dice(20_261_126);
  const one = async (): Promise<void> => {
    const user = USERS[random(USERS.length)] as string;
    const query = QUERIES[random(QUERIES.length)] as string;
    const way = [...over, stream][random(over.length + 1)] ?? over[0];
    // No mutation by GET.
    const transport = way?.name === 'GET' && query.startsWith('mutation') ? over[0] : way;
    const variables = query.includes('$upc') ? { upc: 'abc'[random(3)] } : undefined;
    const named = 'persisted_documents' in input && transport?.name !== 'GET' && random(2) === 0;
    const extensions = named ? { persistedQuery: { version: 1, sha256Hash: sha256(query) } } : undefined;
    const ask = async (document: string) =>
      (await transport?.ask(url, { headers: credentials(user) }, document, variables, extensions))?.body ?? '';
    let body = await ask(named ? '' : query);
    if (named && body.includes('PERSISTED_QUERY_NOT_FOUND')) body = await ask(query);
    const owners = [...body.matchAll(/-(ann|ben|cyd|dan|nobody)"/g)].map(([, owner]) => owner);
    assert.ok(owners.length > 0, `${transport?.name}: ${query} got ${body}`);
    assert.deepEqual([...new Set(owners)], [user], `${user} asked ${query} over ${transport?.name} and got ${body}`);
  };
  const worker = async (share: number): Promise<void> => {
    for (let n = 0; n < share; n += 1) await one();
  };
  await Promise.all(Array.from({ length: 20 }, () => worker(rounds / 20)));
  // Without what is shared there would be more requests than operations: the test would have tested nothing.
  assert.ok(mirrors.count < rounds, `${mirrors.count} requests for ${rounds} operations`);
}

const CACHE = { subgraph: { all: { ttl: '60s' } } };
const KEYS = {
  api_keys: { keys: USERS.map((user) => ({ consumer: user, hash: `sha256:${sha256(`key-of-${user}`)}` })) },
};
const byKey = {
  credentials: (user: string) => ({ 'x-api-key': `key-of-${user}` }),
  nameOf: (request: IncomingMessage) => request.headers['x-caller'] as string | undefined,
};
const sentName = { headers: { request: [{ insert: { name: 'x-caller', expression: 'caller.id' } }] } };
const byHeader = {
  credentials: (user: string) => ({ authorization: user }),
  nameOf: (request: IncomingMessage) => request.headers.authorization,
};

describe('CVE-2025-27097: nobody sees the values of somebody else', { timeout: 60_000 }, () => {
  it('CVE-2025-27097: through shared requests, answers and plans, by a header that is sent on', (t) =>
    interleave(t, { ...byHeader, input: { headers: { propagate: ['authorization'] }, response_cache: CACHE } }));

  it('CVE-2025-27097: through persisted documents and caches, by who is authenticated', (t) =>
    interleave(t, {
      ...byKey,
      input: { authentication: KEYS, ...sentName, response_cache: CACHE, persisted_documents: { apq: {} } },
    }));

  it('CVE-2025-27097: through whose a private part is', (t) =>
    interleave(t, {
      ...byKey,
      input: {
        authentication: KEYS,
        ...sentName,
        response_cache: { subgraph: { all: { ttl: '60s', private_id: 'caller.id' } } },
      },
    }));

  it('CVE-2024-32971: through Redis that two gateways share', { skip: !hasRedis }, async (t) => {
    await using redis = await startRedis();
    const input = {
      authentication: KEYS,
      ...sentName,
      redis: { url: redis.url },
      response_cache: { ...CACHE, redis: true },
      persisted_documents: { apq: { redis: true } },
    };
    await Promise.all([interleave(t, { ...byKey, input }), interleave(t, { ...byKey, input, rounds: 500 })]);
  });
});

import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { type TransportCase, transports } from '../plugins/authentication/support/transports.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';
import { startVictim } from './support/startVictim.ts';

const CANARY = 'canary-7c1f';

interface Names {
  readonly link: string;
  readonly authenticated: string;
  readonly scopes: string;
}

/** The same directives under the names that a subgraph may give them. */
const SPELLINGS: Readonly<Record<string, Names>> = {
  'as they are': {
    link: 'import: ["@key", "@external", "@requires", "@context", "@fromContext", "@authenticated", "@requiresScopes"]',
    authenticated: '@authenticated',
    scopes: '@requiresScopes(scopes: [["a"]])',
  },
  'renamed one by one': {
    link: 'import: ["@key", "@external", "@requires", "@context", "@fromContext", { name: "@authenticated", as: "@loggedIn" }, { name: "@requiresScopes", as: "@needs" }]',
    authenticated: '@loggedIn',
    scopes: '@needs(scopes: [["a"]])',
  },
  'by their whole names': {
    link: 'import: ["@key", "@external", "@requires", "@context", "@fromContext"]',
    authenticated: '@federation__authenticated',
    scopes: '@federation__requiresScopes(scopes: [["a"]])',
  },
};

const users = ({ link, authenticated, scopes }: Names) => `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", ${link})
  type Query { node: Node nodes: [Node!] user: User thing: Thing account: Account }
  type Mutation { rename: User }
  interface Node { id: ID! secret: String }
  interface Named implements Node { id: ID! secret: String name: String }
  union Thing = User | Other
  type User implements Node & Named @key(fields: "id") @context(name: "user") {
    id: ID! name: String secret: String ${authenticated} mail: String ${scopes} child: Child
  }
  type Other implements Node { id: ID! secret: String }
  type Child @key(fields: "id") { id: ID! leak(s: String @fromContext(field: "$user { secret }")): String }
  type Account ${authenticated} { id: ID! name: String }`;
const more = ({ link }: Names) => `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", ${link})
  type Query { other: Int }
  type User @key(fields: "id") { id: ID! secret: String @external mail: String @external summary: String @requires(fields: "secret") letter: String @requires(fields: "mail") }`;

/** Each tries to read "secret", "mail" or an account by some way round. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  'GHSA-x33c: through an interface or a union': [
    '{ node { secret } }',
    '{ nodes { secret } }',
    '{ node { ... on Named { secret } } }',
    '{ node { ... on Node { ... on User { ... on Node { secret } } } } }',
    '{ node { ... on Other { secret } ... on Node { secret } } }',
    '{ thing { ... on Node { secret } } }',
    '{ account { __typename } }',
  ],
  'GHSA-mx7m: through fragments': [
    '{ user { ...F } } fragment F on User { secret }',
    '{ node { ... on User { secret } } }',
    '{ node { ... { ... on Named { ... on Node { x: secret } } } } }',
    '{ node { ...A } } fragment A on Node { ...B } fragment B on Named { secret }',
    '{ thing { ... on User { secret } } }',
    '{ user { id ... @defer { secret } } }',
  ],
  'GHSA-m8jr: through a field that is made of it': [
    '{ user { letter } }',
    '{ user { summary } }',
    '{ node { ... on User { summary } } }',
    '{ user { child { leak } } }',
    '{ node { ... on User { child { leak } } } }',
    'mutation { rename { name ... on Node { secret } summary } }',
  ],
  'GHSA-g8jh: under another name': [
    '{ user { secret } }',
    '{ user { innocent: secret } }',
    '{ user { name: secret mail: secret } }',
    '{ user { mail } }',
    '{ account { id name } }',
    '{ user { secret @skip(if: false) } }',
    'query($v: Boolean = true) { user { secret @include(if: $v) } }',
    'mutation { rename { secret } }',
  ],
};

async function open(t: TestContext, names: Names, authorization: object = {}) {
  const asked: string[] = [];
  const one = {
    __typename: 'User',
    id: '1',
    name: 'Ann',
    mail: CANARY,
    summary: CANARY,
    letter: CANARY,
    child: { __typename: 'Child', id: '2' },
    secret: CANARY,
  };
  const backend = await serveHttp(t, async (request, response) => {
    const { query } = JSON.parse(await text(request)) as { query: string };
    asked.push(query);
    // More than was asked must not come through either.
    const data = {
      node: one,
      nodes: [one],
      user: one,
      thing: one,
      rename: one,
      account: { __typename: 'Account', id: CANARY, name: CANARY },
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: { ...data, _entities: [{ ...one, leak: CANARY }] } }));
  });
  const victim = await startVictim(t, {
    subgraphs: [
      { name: 'users', url: backend.url, schema: { sdl: users(names) } },
      { name: 'more', url: backend.url, schema: { sdl: more(names) } },
    ],
    authorization,
  });
  return { ...victim, asked };
}

const FALLBACK: Names = { link: '', authenticated: '', scopes: '' };

async function readsNothing(
  { url, asked }: Awaited<ReturnType<typeof open>>,
  transport: TransportCase,
  query: string,
): Promise<void> {
  asked.length = 0;
  const { body } = await transport.ask(url, { headers: { 'x-weft-csrf': '1' } }, query);
  assert.ok(!body.includes(CANARY), `${query} over ${transport.name}: ${body}`);
  const isAsked = asked.some((document) => /\b(?:secret|mail|account|leak)\b/.test(document));
  // What is said of one type holds for the others in an interface: these may be asked, with the others' values.
  assert.ok(!isAsked || /on Other/.test(asked.join()), `${query}: ${asked.join()}`);
}

describe('fields that a caller may not read', { timeout: 120_000 }, () => {
  for (const [flaw, ways] of Object.entries(WAYS))
    for (const [spelling, names] of Object.entries(SPELLINGS))
      it(`${flaw}, nothing is read where the directives are written ${spelling}`, async (t) => {
        const victim = await open(t, names);
        for (const query of ways)
          for (const transport of transports.filter(({ name }) => !name.startsWith('multipart') && name !== 'SSE'))
            if (transport.name !== 'GET' || !query.startsWith('mutation')) await readsNothing(victim, transport, query);
        // What all may read is there.
        const [fast] = transports;
        assert.match((await fast?.ask(victim.url, {}, '{ user { name } }'))?.body ?? '', /Ann/);
      });

  it('GHSA-g8jh: that are protected under a name that nobody knows make no graph at all', async (t) => {
    const names = SPELLINGS['as they are'] ?? FALLBACK;
    for (const authenticated of ['@f__authenticated', '@Authenticated', '@requiresAuthentication'])
      await assert.rejects(open(t, { ...names, authenticated }), /cannot be served/);
  });

  it('can be read where nothing is denied: the ways lead there', async (t) => {
    const { url } = await open(t, SPELLINGS['as they are'] ?? FALLBACK, { directives: { dry_run: true } });
    const [fast] = transports;
    const all = Object.values(WAYS).flat();
    const bodies = await Promise.all(all.map(async (query) => (await fast?.ask(url, {}, query))?.body ?? ''));
    assert.ok(bodies.filter((body) => body.includes(CANARY)).length >= all.length - 4, bodies.join('\n'));
  });
});

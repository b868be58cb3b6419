import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { transports } from '../plugins/authentication/support/transports.ts';
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
const WAYS: readonly string[] = [
  '{ user { secret } }',
  '{ user { innocent: secret } }',
  '{ user { name: secret mail: secret } }',
  '{ user { ...F } } fragment F on User { secret }',
  '{ node { secret } }',
  '{ nodes { secret } }',
  '{ node { ... on User { secret } } }',
  '{ node { ... on Named { secret } } }',
  '{ node { ... on Node { ... on User { ... on Node { secret } } } } }',
  '{ node { ... { ... on Named { ... on Node { x: secret } } } } }',
  '{ node { ...A } } fragment A on Node { ...B } fragment B on Named { secret }',
  '{ node { ... on Other { secret } ... on Node { secret } } }',
  '{ thing { ... on User { secret } } }',
  '{ thing { ... on Node { secret } } }',
  '{ user { mail } }',
  '{ user { letter } }',
  '{ user { summary } }',
  '{ node { ... on User { summary } } }',
  '{ user { child { leak } } }',
  '{ node { ... on User { child { leak } } } }',
  '{ account { id name } }',
  '{ account { __typename } }',
  '{ user { secret @skip(if: false) } }',
  'query($v: Boolean = true) { user { secret @include(if: $v) } }',
  '{ user { id ... @defer { secret } } }',
  'mutation { rename { secret } }',
  'mutation { rename { name ... on Node { secret } summary } }',
];

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

const FLAWS = 'GHSA-x33c-7c2v-mrj9, GHSA-mx7m-j9xf-62hw, GHSA-m8jr-fxqx-8xx6';

describe('fields that a caller may not read', { timeout: 120_000 }, () => {
  for (const [spelling, names] of Object.entries(SPELLINGS))
    it(`GHSA-g8jh-vg5j-4h3f: cannot be read by any way round where the directives are written ${spelling} (${FLAWS})`, async (t) => {
      const { url, asked } = await open(t, names);
      for (const query of WAYS)
        for (const transport of transports.filter(({ name }) => !name.startsWith('multipart') && name !== 'SSE')) {
          if (transport.name === 'GET' && query.startsWith('mutation')) continue;
          asked.length = 0;
          const { body } = await transport.ask(url, { headers: { 'x-weft-csrf': '1' } }, query);
          assert.doesNotMatch(body, new RegExp(CANARY), `${query} over ${transport.name}: ${body}`);
          const isAsked = asked.some((document) => /\b(?:secret|mail|account|leak)\b/.test(document));
          // What is said of one type holds for the others in an interface: these may be asked, with the others' values.
          assert.ok(!isAsked || /on Other/.test(asked.join()), `${query}: ${asked.join()}`);
        }
      // What all may read is there.
      const [fast] = transports;
      assert.match((await fast?.ask(url, {}, '{ user { name } }'))?.body ?? '', /Ann/);
    });

  it('GHSA-g8jh-vg5j-4h3f: that are protected under a name that nobody knows make no graph at all', async (t) => {
    const names = SPELLINGS['as they are'] ?? FALLBACK;
    for (const authenticated of ['@f__authenticated', '@Authenticated', '@requiresAuthentication'])
      await assert.rejects(open(t, { ...names, authenticated }), /cannot be served/);
  });

  it('can be read where nothing is denied: the ways lead there', async (t) => {
    const { url } = await open(t, SPELLINGS['as they are'] ?? FALLBACK, { directives: { dry_run: true } });
    const [fast] = transports;
    const bodies = await Promise.all(WAYS.map(async (query) => (await fast?.ask(url, {}, query))?.body ?? ''));
    assert.ok(bodies.filter((body) => body.includes(CANARY)).length >= WAYS.length - 4, bodies.join('\n'));
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getActiveResourcesInfo } from 'node:process';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { transports } from '../plugins/authentication/support/transports.ts';
import { send } from '../server/support/send.ts';
import { startShopBackends } from '../server/support/startShopBackends.ts';
import { startTestGateway } from '../server/support/startTestGateway.ts';
import { answer, serveHttp } from '../sources/graphql/serveHttp.ts';
import { until } from '../support/until.ts';
import { serveBytes } from './support/serveBytes.ts';
import { startVictim } from './support/startVictim.ts';

const json = { 'content-type': 'application/json' };
const many = (count: number, item: (n: number) => string) => Array.from({ length: count }, (_, n) => item(n)).join(' ');
const post = async (url: string, members: unknown) =>
  (await send(url, { headers: json, body: JSON.stringify(members) })).body;

describe('brute force in one request', { timeout: 60_000 }, () => {
  const SDL = 'type Query { a: Int me: Query } type Mutation { login(password: String!): Boolean me: Mutation }';
  const login = (n: number) => `login(password: "${n}")`;
  const WAYS: Readonly<Record<string, unknown>> = {
    aliases: { query: `mutation { ${many(100, (n) => `a${n}: ${login(n)}`)} }` },
    'a batch': Array.from({ length: 10 }, (_, n) => ({
      query: `mutation { ${many(10, (m) => `a${m}: ${login(n * 10 + m)}`)} }`,
    })),
    fragments: {
      query: `mutation { ...F ...G } fragment F on Mutation { ${many(50, (n) => `a${n}: ${login(n)}`)} } fragment G on Mutation { ${many(50, (n) => `b${n}: ${login(n + 50)}`)} }`,
    },
    variables: {
      query: `mutation(${many(50, (n) => `$v${n}: String!`)}) { ${many(50, (n) => `a${n}: login(password: $v${n})`)} }`,
      variables: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`v${n}`, `${n}`])),
    },
  };
  for (const [name, members] of Object.entries(WAYS))
    it(`alias and batch brute force: ${name} get as many guesses as single requests do`, async (t) => {
      let guesses = 0;
      const { url } = await serveHttp(t, async (request, response) => {
        const { query } = JSON.parse(await text(request)) as { query: string };
        const names = [...query.matchAll(/(?:(\w+): ?)?login\(/g)].map(([, alias = 'login']) => alias);
        guesses += names.length;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ data: Object.fromEntries(names.map((alias) => [alias, false])) }));
      });
      const victim = await startVictim(t, {
        subgraphs: [{ name: 'a', url, schema: { sdl: SDL } }],
        batching: true,
        rate_limit: { rules: [{ name: 'logins', fields: ['Mutation.login'], key: 'address', rate: 5, window: '1h' }] },
      });
      for (let n = 0; n < 3; n += 1) assert.match(await post(victim.url, members), /RATE_LIMITED/);
      for (let n = 0; n < 10; n += 1) await post(victim.url, { query: `mutation { ${login(n)} }` });
      assert.ok(guesses <= 5, `${guesses} guesses`);
    });
});

describe('names of a schema that clients may not know', { timeout: 60_000 }, () => {
  const GUESSES: readonly (readonly [string, object?])[] = [
    ['{ produc(upc: "p1") { upc } }'],
    ['{ product(up: "p1") { upc } }'],
    ['{ product(upc: "p1") { nam } }'],
    ['{ product(upc: "p1") { ... on Produc { upc } } }'],
    ['{ product(upc: "p1") { price(currency: EU) } }'],
    ['{ product(upc: "p1") { price(currency: "EU") } }'],
    ['{ reviewsOf(upc: "p1", filter: { minimu: 1 }) { total } }'],
    ['query($f: Filte) { reviewsOf(upc: "p1", filter: $f) { total } }', { f: {} }],
    ['query($f: Filter) { reviewsOf(upc: "p1", filter: $f) { total } }', { f: { minimu: 1 } }],
    ['query($c: Currency) { product(upc: "p1") { price(currency: $c) } }', { c: 'EU' }],
    ['{ product(upc: "p1") { upc @includ(if: true) } }'],
    ['mutation { revie(upc: "p1") { id } }'],
    ['{ product(upc: "p1") }'],
    ['{ product { upc } }'],
    ['{ __schema { types { name } } }'],
    ['{ __type(name: "Product") { name } }'],
    ['{ x: __schema { queryType { name } } }'],
    ['{ ...F } fragment F on Query { __schema { types { name } } }'],
    ['{ _service { sdl } }'],
    ['{ _entities(representations: []) { __typename } }'],
    ['{ reviewsByUpcs(upcs: []) { total } }'],
  ];
  for (const transport of transports)
    it(`suggestions: none over ${transport.name} where introspection is off`, async (t) => {
      const { subgraphs } = await startShopBackends(t);
      const { url } = await startVictim(t, { subgraphs, introspection: false });
      for (const [query, variables] of GUESSES) {
        if (transport.name === 'GET' && query.startsWith('mutation')) continue;
        const { body } = await transport.ask(url, {}, query, variables);
        assert.match(body, /"errors"|"message"/, `${query}: ${body}`);
        assert.doesNotMatch(
          body,
          /Did you mean (?!\\*"product \{ \.{3})|\bminimum\b|\bEUR\b|reviewsOf"|"bestSellers|ReviewList|"types"/,
          `${query}: ${body}`,
        );
      }
    });
});

describe('CVE-2021-41248: GraphiQL over a hostile schema', { timeout: 60_000 }, () => {
  it('CVE-2021-41248: nothing of a schema, a request or an example is code of the page', async () => {
    const evil = '</script><script>alert(1)</script><img src=x onerror=alert(1)>';
    await using test = await startTestGateway({
      config: { graphiql: true },
      examples: [{ title: evil, query: `{ hello } # ${evil}` }],
    });
    const search = `?query=${encodeURIComponent(evil)}&variables=${encodeURIComponent(evil)}&operationName=${encodeURIComponent(evil)}`;
    const page = await send(`${test.url}${search}`, {
      method: 'GET',
      headers: { accept: 'text/html', 'x-forwarded-prefix': evil, 'x-forwarded-host': evil },
    });
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.body, /<script>alert|<img/);
    const policy = String(page.headers['content-security-policy']);
    // Names of a schema are put into the page by scripts: only this keeps them from being scripts.
    const scripts = /script-src([^;]*)/.exec(policy)?.[1] ?? /default-src([^;]*)/.exec(policy)?.[1] ?? 'none';
    assert.doesNotMatch(scripts, /unsafe-inline|\*|https?:|data:/, policy);
    assert.match(policy, /frame-ancestors 'none'|frame-ancestors 'self'/);
    assert.match(policy, /base-uri|default-src/);
  });
});

describe('subscriptions that come and go', { timeout: 60_000 }, () => {
  it('Cosmo #2223: hundreds of them leave no handle, no call and no generation behind', async (t) => {
    let open = 0;
    const { url } = await serveHttp(t, async (request, response) => {
      await text(request);
      open += 1;
      response.once('close', () => {
        open -= 1;
      });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: next\ndata: {"data":{"events":1}}\n\n');
    });
    const sdl = 'type Query { a: Int } type Subscription { events: Int }';
    const victim = await startVictim(t, {
      subgraphs: [{ name: 'a', url, schema: { sdl }, subscriptions: { protocol: 'sse' } }],
    });
    const round = async (): Promise<void> => {
      const client = createClient({
        url: victim.url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      });
      const one = async () => {
        const events = client.iterate({ query: 'subscription { events }' });
        await events.next();
        await events.return?.();
      };
      await Promise.all(Array.from({ length: 10 }, one));
      await client.dispose();
      const stream = await fetch(victim.url, {
        method: 'POST',
        headers: { ...json, accept: 'text/event-stream' },
        body: '{"query":"subscription { events }"}',
      });
      const reader = stream.body?.getReader();
      await reader?.read();
      await reader?.cancel();
    };
    await round();
    await until(() => open === 0);
    const before = getActiveResourcesInfo().length;
    for (let n = 0; n < 30; n += 1) await round();
    await until(() => open === 0);
    await until(() => getActiveResourcesInfo().length <= before + 10);
    assert.deepEqual(victim.logged, []);
  });

  it('Cosmo #1149: headers of an upgrade go to a subgraph only where they are sent on', async (t) => {
    const seen: string[] = [];
    const { url } = await serveHttp(t, (request, response) => {
      seen.push(JSON.stringify(request.headers));
      answer(200, '{"data":{"a":1}}')(request, response);
    });
    const victim = await startVictim(t, {
      subgraphs: [{ name: 'a', url, schema: { sdl: 'type Query { a: Int }' } }],
      headers: { propagate: ['x-good'] },
    });
    const secret = {
      authorization: 'Bearer secret',
      cookie: 'secret',
      'x-api-key': 'secret',
      'x-good': 'good',
      'x-forwarded-for': 'secret',
      'proxy-authorization': 'secret',
    };
    for (const transport of transports)
      await transport.ask(victim.url, { headers: secret, connectionParams: secret }, '{ a }');
    assert.ok(seen.length >= 3 && seen.some((headers) => headers.includes('good')));
    assert.doesNotMatch(seen.join(), /secret|sec-websocket|upgrade/);
  });
});

describe('a storm of retries', { timeout: 60_000 }, () => {
  it('retry storm: a subgraph that breaks every connection is asked twice for a query, and once for a mutation', async (t) => {
    let asked = 0;
    const { url } = await serveBytes(t, (socket, head) => {
      if (head.includes('POST')) asked += 1;
      socket.destroy();
    });
    const sdl = 'type Query { a(n: Int): Int } type Mutation { b: Int }';
    const victim = await startVictim(t, { subgraphs: [{ name: 'a', url, schema: { sdl } }] });
    await Promise.all(Array.from({ length: 100 }, (_, n) => post(victim.url, { query: `{ a(n: ${n}) }` })));
    assert.ok(asked <= 200, `${asked} requests for 100 queries`);
    asked = 0;
    for (let n = 0; n < 20; n += 1)
      assert.match(await post(victim.url, { query: 'mutation { b }' }), /SUBGRAPH_UNREACHABLE/);
    assert.equal(asked, 20);
  });
});

describe('services of the operator that misbehave', { timeout: 60_000 }, () => {
  it('CVE-2024-43783: a service that is asked who calls, or what he may, is not read without end', async (t) => {
    const { url } = await serveHttp(t, (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    const sdl =
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@policy"]) type Query { a: Int @policy(policies: [["p"]]) }';
    const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl } }];
    const forward = await startVictim(t, { subgraphs, authentication: { forward: { url, timeout: '2s' } } });
    const policy = await startVictim(t, { subgraphs, authorization: { policy_service: { url, timeout: '2s' } } });
    const introspection = await startVictim(t, {
      subgraphs,
      authentication: { introspection: { url, client_id: 'w', client_secret: 's', timeout: '2s' } },
    });
    const before = process.memoryUsage().rss;
    for (const { url: front } of [forward, policy, introspection]) {
      const start = performance.now();
      const seen = await send(front, { headers: { ...json, authorization: 'Bearer x' }, body: '{"query":"{ a }"}' });
      assert.ok(performance.now() - start < 5_000);
      assert.match(seen.body, /UNAVAILABLE|UNAUTHORIZED/);
    }
    assert.ok(process.memoryUsage().rss - before < 300_000_000);
  });

  it('registry poisoning: a schema that turns hostile changes nothing of the graph that is served', async (t) => {
    const { subgraphs } = await startShopBackends(t);
    const folder = await mkdtemp(join(tmpdir(), 'weft-poison-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'a.graphql');
    await writeFile(file, 'type Query { extra: Int }');
    const victim = await startVictim(t, {
      subgraphs: [...subgraphs, { name: 'extra', url: 'http://127.0.0.1:1', schema: { file } }],
      watch: false,
    });
    const asked = '{ __type(name: "Query") { fields { name } } product(upc: "p1") { name } }';
    const before = await post(victim.url, { query: asked });
    assert.match(before, /extra/);
    for (const poison of [
      'type Query {',
      '',
      '\0',
      'type Query { __evil: Int }',
      'type Query { a: Missing }',
      'type Query { product(upc: ID!): Int }',
      'type Product @key(fields: "upc { evil }") { upc: ID! } type Query { a: Product }',
      `type Query { ${'a: Int '.repeat(3)} }`,
      `type Query { a${'('.repeat(10_000)} }`,
      `directive @a(x: Int @a) on ARGUMENT_DEFINITION type Query { a: ${'['.repeat(20_000)}Int }`,
    ]) {
      await writeFile(file, poison);
      await victim.gateway.reload('a test').catch(() => undefined);
      assert.equal(await post(victim.url, { query: asked }), before, poison.slice(0, 60));
    }
  });
});

describe('members that are spelled otherwise', { timeout: 30_000 }, () => {
  it('GHSA-4gph: names of members are exact, and of one that comes twice every reader takes the last', async () => {
    await using test = await startTestGateway();
    for (const accept of ['application/json', 'multipart/mixed, application/json'])
      for (const [body, expected] of [
        ['{"Query":"{ hello }"}', /BAD_REQUEST/],
        ['{"query":"{ hello }","Variables":{}}', /BAD_REQUEST/],
        ['{"query":"{ hello }","__proto__":{"query":"mutation { bump }"}}', /BAD_REQUEST/],
        ['{"query":"mutation { bump }","query":"{ hello }"}', /world/],
        ['{"query":"{ hello }","operationName":"A","operationName":null}', /world/],
      ] as const)
        assert.match((await send(test.url, { headers: { ...json, accept }, body })).body, expected, body);
    assert.equal(test.probe.bumps, 0);
  });
});

import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { buildSchema, execute, parse } from 'graphql';
import { transports } from '../plugins/authentication/support/transports.ts';
import { send } from '../server/support/send.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';
import { hasRedis, startRedis } from '../stores/support/startRedis.ts';
import { startVictim, type Victim } from './support/startVictim.ts';

const SDL = `type Query { echo(s: String, n: Int, l: [String], o: In): Echo other(s: String): Echo }
  input In { a: String b: String } type Echo { got(x: String, y: String): String s: String n: Int }`;
const CACHE = { subgraph: { all: { ttl: '60s' } } };
const json = { 'content-type': 'application/json', accept: 'application/json' };

/** It answers with the arguments that it was given, and with its request's headers in `x`. */
async function startEcho(t: TestContext, broken: { now: boolean } = { now: false }) {
  let count = 0;
  const schema = buildSchema(SDL);
  const { url } = await serveHttp(t, async (request, response) => {
    count += 1;
    const { query, variables } = JSON.parse(await text(request)) as { query: string; variables?: object };
    const seen = ['x-forwarded-host', 'x-lang', 'cookie'].map((name) => request.headers[name] ?? '').join('|');
    const echo = (from: string) => (args: { s?: string; n?: number }) => ({
      got: (inner: object) => JSON.stringify([from, args, inner, seen]),
      s: args.s,
      n: args.n,
    });
    const rootValue = { echo: echo('echo'), other: echo('other') };
    const result = await execute({ schema, document: parse(query), rootValue, variableValues: { ...variables } });
    response.writeHead(broken.now ? 500 : 200, { 'content-type': 'application/json' });
    response.end(broken.now ? 'boom' : JSON.stringify(result));
  });
  return { subgraphs: [{ name: 'echo', url, schema: { sdl: SDL } }], count: () => count };
}

const VARIED = 'query($s: String, $n: Int, $l: [String], $o: In) { echo(s: $s, n: $n, l: $l, o: $o) { got } }';
const CLOSE: readonly (readonly [string, object?])[] = [
  ['{ echo(s: "1") { got } }'],
  ['{ echo(n: 1) { got } }'],
  ['{ echo(s: "1", n: 1) { got } }'],
  ['{ other(s: "1") { got } }'],
  ['{ echo: other(s: "1") { got } }'],
  ['{ echo(s: "a,b") { got } }'],
  ['{ echo(s: "a", l: ["b"]) { got } }'],
  ['{ echo(l: ["a,b"]) { got } }'],
  ['{ echo(l: ["a", "b"]) { got } }'],
  ['{ echo(l: ["a\\",\\"b"]) { got } }'],
  ['{ echo(o: { a: "x" }) { got } }'],
  ['{ echo(o: { b: "x" }) { got } }'],
  ['{ echo(o: { a: null, b: "x" }) { got } }'],
  ['{ echo(s: null) { got } }'],
  ['{ echo { got } }'],
  ['{ echo(s: "") { got } }'],
  ['{ echo { got(x: "1") } }'],
  ['{ echo { got(y: "1") } }'],
  ['{ echo { got: s } }'],
  ['{ echo { s: got } }'],
  ['{ a: echo(s: "1") { got } echo(s: "2") { got } }'],
  ['{ a: echo(s: "2") { got } echo(s: "1") { got } }'],
  ['query($s: String = "1") { echo(s: $s) { got } }'],
  ['query($s: String = "2") { echo(s: $s) { got } }'],
  ['query($s: String = "1") { echo(s: $s) { got } }', { s: null }],
  [VARIED, { s: '1' }],
  [VARIED, { n: 1 }],
  [VARIED, { l: ['1'] }],
  [VARIED, { l: '1' }],
  [VARIED, { o: { a: '1' } }],
  [VARIED, { s: '","n":1,"x":"' }],
  [VARIED, { s: null }],
  [VARIED, {}],
  ['query($a: Boolean!) { echo(s: "1") { got @include(if: $a) s } }', { a: true }],
  ['query($a: Boolean!) { echo(s: "1") { got @include(if: $a) s } }', { a: false }],
  ['query($a: Boolean!) { echo(s: "1") { got @skip(if: $a) s } }', { a: true }],
  ['query A { echo(s: "A") { got } } query B { echo(s: "B") { got } }'],
];

/** The answers as they are without any cache are the measure. */
async function comesApart(t: TestContext, victims: readonly Victim[]): Promise<void> {
  const plain = await startVictim(t, { subgraphs: (await startEcho(t)).subgraphs });
  const ask = async (url: string, [query, variables]: (typeof CLOSE)[number]) =>
    (await send(url, { headers: json, body: JSON.stringify({ query, variables }) })).body;
  const expected = await Promise.all(CLOSE.map((operation) => ask(plain.url, operation)));
  // Forwards and backwards, so that each has found what every other has left behind.
  const order = [...CLOSE.keys(), ...[...CLOSE.keys()].toReversed(), ...CLOSE.keys()];
  for (const index of order)
    for (const { url } of victims)
      assert.equal(await ask(url, CLOSE[index] ?? ['']), expected[index], JSON.stringify(CLOSE[index]));
}

describe('CVE-2024-32971: operations that look alike', { timeout: 60_000 }, () => {
  it('CVE-2024-32971: come apart in memory', async (t) => {
    const { subgraphs, count } = await startEcho(t);
    await comesApart(t, [await startVictim(t, { subgraphs, response_cache: CACHE })]);
    // Each operation was asked for three times.
    assert.ok(count() < CLOSE.length * 1.5, `${count()} requests`);
  });

  it('CVE-2024-32971: come apart in Redis that two gateways share', { skip: !hasRedis }, async (t) => {
    await using redis = await startRedis();
    const { subgraphs } = await startEcho(t);
    const input = { subgraphs, redis: { url: redis.url }, response_cache: { ...CACHE, redis: true } };
    await comesApart(t, [await startVictim(t, input), await startVictim(t, input)]);
  });

  it('CVE-2024-32971: by the name of the operation in one document', async (t) => {
    const { url } = await startVictim(t, { subgraphs: (await startEcho(t)).subgraphs, response_cache: CACHE });
    const query = 'query A { echo(s: "of A") { got } } query B { echo(s: "of B") { got } }';
    for (const name of ['A', 'B', 'A', 'B']) {
      const { body } = await send(url, { headers: json, body: JSON.stringify({ query, operationName: name }) });
      assert.match(body, new RegExp(`of ${name}`));
      assert.doesNotMatch(body, name === 'A' ? /of B/ : /of A/);
    }
  });
});

describe('cache poisoning', { timeout: 60_000 }, () => {
  const EVIL = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-scheme': 'evil',
    'x-forwarded-prefix': '/evil',
    'x-original-url': '/evil',
    'x-rewrite-url': '/evil',
    'x-http-method-override': 'EVIL',
    'x-lang': 'evil',
    cookie: 'session=evil',
    origin: 'https://evil.example',
    referer: 'https://evil.example/',
    'weft-plan': '1',
    'accept-language': 'evil',
    'x-forwarded-for': 'evil',
    'cf-connecting-ip': 'evil',
  };
  const QUERY = '{ echo(s: "1") { got } }';

  for (const propagate of [[], ['x-forwarded-host', 'x-lang', 'cookie']])
    it(`cache poisoning: a header that the cache does not know leaves nothing for others (sent on: ${propagate.length})`, async (t) => {
      const { subgraphs } = await startEcho(t);
      const { url } = await startVictim(t, {
        subgraphs,
        response_cache: CACHE,
        headers: { propagate },
        expose_plan: true,
        cors: { origins: ['https://evil.example'], credentials: true },
      });
      for (const transport of transports.slice(0, 3)) {
        for (let n = 0; n < 2; n += 1) await transport.ask(url, { headers: EVIL }, QUERY);
        const get = `${url}?query=${encodeURIComponent(QUERY)}`;
        for (const seen of [
          await send(url, { headers: json, body: JSON.stringify({ query: QUERY }) }),
          await send(get, { method: 'GET', headers: json }),
        ]) {
          assert.equal(seen.status, 200);
          assert.doesNotMatch(JSON.stringify(seen), /evil|extensions/i);
        }
      }
    });

  it('cache poisoning: a failure that an attacker provokes is nobody else’s answer', async (t) => {
    const broken = { now: true };
    const { subgraphs } = await startEcho(t, broken);
    const { url } = await startVictim(t, { subgraphs, response_cache: CACHE });
    const ask = async () => (await send(url, { headers: json, body: JSON.stringify({ query: QUERY }) })).body;
    assert.match(await ask(), /SUBGRAPH_HTTP_ERROR/);
    broken.now = false;
    assert.doesNotMatch(await ask(), /error/);
  });
});

describe('automatic persisted queries', { timeout: 60_000 }, () => {
  const sha256 = (document: string) => hash('sha256', document);
  const ask = async (url: string, sha256Hash: unknown, query?: string) => {
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    return (await send(url, { headers: json, body: JSON.stringify({ query, extensions }) })).body;
  };
  const GOOD = '{ echo(s: "good") { s } }';
  const EVIL = '{ echo(s: "evil") { s } }';

  for (const redisToo of [false, true])
    it(`APQ poisoning: a text is kept under its own hash only${redisToo ? ', in Redis' : ''}`, {
      skip: redisToo && !hasRedis,
    }, async (t) => {
      const redis = redisToo ? await startRedis() : undefined;
      t.after(() => redis?.[Symbol.asyncDispose]());
      const shared = redis === undefined ? { apq: true } : { apq: { redis: true } };
      const { subgraphs } = await startEcho(t);
      const store = redis === undefined ? {} : { redis: { url: redis.url } };
      const input = { subgraphs, ...store, persisted_documents: shared };
      const [one, two] = [await startVictim(t, input), await startVictim(t, input)];
      for (const claimed of [sha256(GOOD), sha256(GOOD).toUpperCase(), `sha256:${sha256(GOOD)}`, '', '__proto__'])
        assert.match(
          await ask(one.url, claimed, EVIL),
          /PERSISTED_QUERY_HASH_MISMATCH|PersistedQueryNotFound/,
          claimed,
        );
      for (const wrong of [null, 1, {}, [sha256(EVIL)]]) assert.match(await ask(one.url, wrong, EVIL), /BAD_REQUEST/);
      for (const { url } of [one, two]) assert.match(await ask(url, sha256(GOOD)), /PersistedQueryNotFound/);
      assert.match(await ask(one.url, sha256(GOOD), GOOD), /"s":"good"/);
      assert.match(await ask(one.url, sha256(GOOD), EVIL), /PERSISTED_QUERY_HASH_MISMATCH/);
      for (const { url } of redisToo ? [one, two] : [one])
        assert.equal(await ask(url, sha256(GOOD)), '{"data":{"echo":{"s":"good"}}}');
    });

  it('APQ growth: so many characters are kept, whatever is sent', async (t) => {
    const { subgraphs } = await startEcho(t);
    const { url } = await startVictim(t, { subgraphs, persisted_documents: { apq: { max_size: 20_000 } } });
    const documents = Array.from({ length: 60 }, (_, n) => `{ echo(s: "${n}") { s } } # ${'x'.repeat(1_000)}`);
    for (const document of documents) assert.match(await ask(url, sha256(document), document), /data/);
    const known = await Promise.all(documents.map((document) => ask(url, sha256(document))));
    const kept = known.filter((body) => body.includes('"data"')).length;
    assert.ok(kept > 5 && kept <= 20, `${kept} are kept`);
  });
});

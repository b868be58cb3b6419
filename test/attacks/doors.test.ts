import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { openTestDoor } from '../plugins/authentication/support/openTestDoor.ts';
import { send } from '../server/support/send.ts';
import { startTestGateway, type TestGateway } from '../server/support/startTestGateway.ts';
import { answer, serveHttp } from '../sources/graphql/serveHttp.ts';
import { freePort } from '../support/freePort.ts';
import { openRawSocket } from './support/openRawSocket.ts';
import { sendBytes, statusesOf } from './support/sendBytes.ts';
import { startVictim } from './support/startVictim.ts';

const portOf = ({ url }: Pick<TestGateway, 'url'>) => Number(new URL(url).port);
const BODY = '{"query":"mutation { bump }"}';
const post = (target: string, ...lines: readonly string[]) =>
  `${[`POST ${target} HTTP/1.1`, 'Host: a', 'Content-Type: application/json', `Content-Length: ${BODY.length}`, 'Connection: close', ...lines].join('\r\n')}\r\n\r\n${BODY}`;
const get = (target: string, ...lines: readonly string[]) =>
  `${[`GET ${target} HTTP/1.1`, 'Host: a', 'X-Weft-Csrf: 1', 'Connection: close', ...lines].join('\r\n')}\r\n\r\n`;
const KEYS = { api_keys: { keys: [{ consumer: 'ann', hash: `sha256:${'0'.repeat(64)}` }] } };

/** Each of them is "/graphql" to somebody. */
const PATHS = [
  '/graphql',
  '/graphql/',
  '//graphql',
  '///graphql',
  '/./graphql',
  '/x/../graphql',
  '/graphql/..;/graphql',
  '/graphql;x=1',
  '/;/graphql',
  '/%67raphql',
  '/%2567raphql',
  '/graphql%2f',
  '/graphql%00',
  '/graphql%20',
  '/%2e/graphql',
  '/x/%2e%2e/graphql',
  '/x%2f..%2fgraphql',
  '/\\graphql',
  '/graphql\\',
  '/x/..\\graphql',
  '/%5cgraphql',
  '/GRAPHQL',
  '/graphql#x',
  '/graphql?',
  '/graphql?/../health',
  '/health/../graphql',
  '/health;/../graphql',
  'http://a/graphql',
  'http://a//graphql',
  'http://evil.example/graphql',
  'HTTP://A/graphql',
  'http://a/x/../graphql',
  '/gra\u0070hql',
  '/graphql/graphiql/../../graphql',
];

describe('CVE-2021-27306: paths that one reads as another', { timeout: 30_000 }, () => {
  for (const path of PATHS)
    it(`CVE-2021-27306: ${path} is guarded as the endpoint is, or is nothing`, async () => {
      await using test = await startTestGateway({
        frontDoor: await openTestDoor({ authentication: KEYS }),
        config: { graphiql: true },
      });
      const accept = 'Accept: multipart/mixed, application/json';
      for (const request of [
        post(path),
        post(path, accept),
        get(`${path}${path.includes('?') ? '&' : '?'}query=%7Bhello%7D`),
      ]) {
        const answers = await sendBytes(portOf(test), request);
        assert.ok([400, 401, 404].includes(statusesOf(answers)[0] ?? 0), `${request} got ${answers}`);
        assert.doesNotMatch(answers, /world/);
      }
      const upgrade = `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n`;
      await sendBytes(portOf(test), upgrade);
      assert.deepEqual([test.probe.executions, test.probe.bumps], [0, 0]);
    });

  for (const path of [
    '/graphql/graphiql/..%2f..%2f..%2fetc/passwd',
    '/graphql/graphiql/%2e%2e/%2e%2e/package.json',
    '/graphql/graphiql/../../../package.json',
    '/graphql/graphiql/__proto__/x',
    '/graphql/graphiql/..\\..\\package.json',
    '/..%2fpackage.json',
    '/graphql/graphiql//etc/passwd',
    '/graphql/graphiql/constructor',
  ])
    it(`CVE-2025-27098: ${path} is no file`, async () => {
      await using test = await startTestGateway({ config: { graphiql: true } });
      const answers = await sendBytes(portOf(test), get(path));
      assert.ok([400, 404].includes(statusesOf(answers)[0] ?? 0), answers.slice(0, 300));
      assert.doesNotMatch(answers, /root:|"dependencies"/);
    });
});

describe('CVE-2026-21710: hostile headers', { timeout: 30_000 }, () => {
  const lives = async (test: TestGateway) => assert.match(await sendBytes(portOf(test), post('/graphql')), /"bump":\d/);
  for (const name of [
    '__proto__',
    'constructor',
    'prototype',
    'hasOwnProperty',
    'toString',
    'valueOf',
    '__defineGetter__',
  ])
    it(`CVE-2026-21710: the header "${name}" is a header like others, on every way in`, async () => {
      await using test = await startTestGateway({
        config: { cors: { origins: ['https://a.example'], credentials: true, allow_headers: [] } },
      });
      const line = `${name}: evil`;
      for (const request of [
        post('/graphql', line),
        post('/graphql', line, 'Accept: multipart/mixed, application/json'),
        get('/graphql?query=%7Bhello%7D', line),
      ])
        assert.match(await sendBytes(portOf(test), request), /HTTP\/1\.1 200/);
      using raw = await openRawSocket(portOf(test), [line]);
      assert.equal(raw.received.length, 0);
      assert.equal('evil' in {}, false);
      await lives(test);
      assert.deepEqual(test.logged, []);
    });

  it('CVE-2026-21710: too many, too long and odd ones are refused, and the process lives', async () => {
    await using test = await startTestGateway();
    for (const lines of [
      Array.from({ length: 5_000 }, (_, n) => `x${n}: 1`),
      [`x: ${'x'.repeat(100_000)}`],
      [`${'x'.repeat(100_000)}: 1`],
      [`Cookie: ${'a=b; '.repeat(3_000)}`],
      [`Accept: ${'application/json;q=0.5,'.repeat(600)}`],
      [`Accept: ${';'.repeat(12_000)}`],
      [`Content-Type: application/json${';charset'.repeat(1_500)}`],
      [`X-Forwarded-For: ${'1.1.1.1,'.repeat(1_800)}`],
    ]) {
      const start = performance.now();
      await sendBytes(portOf(test), post('/graphql', ...lines));
      assert.ok(performance.now() - start < 1_000, `${lines[0]?.slice(0, 30)}: ${performance.now() - start} ms`);
    }
    await lives(test);
  });
});

describe('GHSA-hff2: requests that a page of another site can send', { timeout: 30_000 }, () => {
  const SITES = ['cross-site', 'same-site'];
  const TYPES = [
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain;application/json',
    'text/plain, application/json',
    'x',
    ';',
    'application/jsonx',
  ];
  for (const site of SITES)
    for (const type of TYPES)
      it(`GHSA-hff2: ${site}, with the content type ${JSON.stringify(type)}, changes and reads nothing`, async () => {
        await using test = await startTestGateway();
        const headers = {
          'sec-fetch-site': site,
          origin: 'https://evil.example',
          ...(type === undefined ? {} : { 'content-type': type }),
        };
        const forms = {
          body: BODY,
          operations: `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${BODY}\r\n--x--`,
        };
        for (const body of Object.values(forms)) {
          const seen = await send(test.url, { headers, body });
          assert.ok([403, 415, 400].includes(seen.status), `${seen.status}`);
          assert.equal(seen.headers['access-control-allow-origin'], undefined);
        }
        for (const query of ['{hello}', 'mutation{bump}']) {
          const seen = await send(`${test.url}?query=${encodeURIComponent(query)}`, { method: 'GET', headers });
          assert.ok([403, 405].includes(seen.status), `${seen.status}`);
        }
        for (const method of ['HEAD', 'PUT', 'PATCH', 'DELETE', 'TRACE']) {
          const seen = await send(test.url, { method, headers: { ...headers, 'x-http-method-override': 'POST' } });
          assert.ok(seen.status >= 400, `${method} got ${seen.status}`);
        }
        assert.deepEqual([test.probe.executions, test.probe.bumps], [0, 0]);
      });

  it('CVE-2026-23897: a body in any charset but UTF-8 is refused unread', async () => {
    await using test = await startTestGateway();
    for (const charset of [
      'utf-16',
      'utf-16le',
      'utf-7',
      'utf-32',
      'latin1',
      'iso-2022-kr',
      'shift_jis',
      'ibm037',
      'utf-8,latin1',
      'x'.repeat(5_000),
    ])
      for (const accept of ['application/json', 'multipart/mixed, application/json']) {
        const seen = await send(test.url, {
          headers: { accept, 'content-type': `application/json; charset=${charset}` },
          body: BODY,
        });
        assert.equal(seen.status, 415, charset.slice(0, 20));
      }
    assert.equal(test.probe.bumps, 0);
  });

  for (const [origin, host] of [
    ['https://evil.example', 'a'],
    ['null', 'a'],
    ['http://a.evil.example', 'a'],
    ['http://evil.example/a', 'a'],
    ['http://a@evil.example', 'a'],
    ['file://', 'a'],
    ['http://a:81', 'a'],
    ['', 'a'],
    ['http://', 'a'],
  ])
    it(`cross-site WebSocket: a page of ${JSON.stringify(origin)} gets no socket`, async () => {
      await using test = await startTestGateway();
      const lines = [
        `Host: ${host}`,
        `Origin: ${origin}`,
        'Cookie: session=ann',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Protocol: graphql-transport-ws',
        'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
      ];
      const bytes = `GET /graphql HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${lines.join('\r\n')}\r\n\r\n`;
      assert.equal(statusesOf(await sendBytes(portOf(test), bytes))[0], 403);
    });
});

describe('what is open where nothing is configured', { timeout: 30_000 }, () => {
  const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];

  it('GHSA-h9mw: limits are on, and what is dangerous is off', async () => {
    const { config } = await loadConfig({ directory: process.cwd(), input: { subgraphs } });
    assert.equal(config.host, '127.0.0.1');
    assert.deepEqual([config.cors, config.batching, config.expose_plan, config.trusted_hops], [false, false, false, 0]);
    assert.notEqual(config.csrf, false);
    for (const [name, limit] of Object.entries(config.limits)) assert.ok(limit > 0 && limit < 10_000_000, name);
    assert.ok(config.traffic_shaping.router.timeout <= 60_000 && config.traffic_shaping.all.timeout <= 60_000);
    assert.deepEqual(config.headers.propagate, []);
    assert.equal(config.persisted_documents?.apq, undefined);
  });

  it('CVE-2020-11710: the endpoint of invalidation listens on this machine alone, has a key, and is warned of elsewhere', async (t) => {
    const port = await freePort();
    const cache = (invalidation: object) => ({ subgraphs, response_cache: { invalidation } });
    const { config } = await loadConfig({
      directory: process.cwd(),
      input: cache({ shared_key: 'a-key-of-some-length' }),
    });
    assert.match(config.response_cache?.invalidation.listen ?? '', /^127\.0\.0\.1:/);
    const open = await loadConfig({
      directory: process.cwd(),
      input: cache({ listen: '0.0.0.0:4009', shared_key: 'a-key-of-some-length' }),
    });
    assert.ok(JSON.stringify(open.warnings).includes('0.0.0.0:4009'));
    const victim = await startVictim(t, cache({ listen: `127.0.0.1:${port}`, shared_key: 'a-key-of-some-length' }));
    const body = '[{"kind":"subgraph","subgraph":"a"}]';
    for (const authorization of [
      '',
      'x',
      'a-key-of-some-lengt',
      'Bearer a-key-of-some-length',
      hash('sha256', 'a-key-of-some-length'),
    ]) {
      const headers = { 'content-type': 'application/json', authorization };
      assert.equal((await send(`http://127.0.0.1:${port}/invalidation`, { headers, body })).status, 401);
    }
    // CVE-2022-24112: nor at the port for clients, nor through it.
    for (const target of [
      '/invalidation',
      '//invalidation',
      `http://127.0.0.1:${port}/invalidation`,
      '/graphql/../invalidation',
    ])
      assert.match(
        await sendBytes(victim.port, post(target, 'Authorization: a-key-of-some-length')),
        /^HTTP\/1\.1 (400|404)/,
      );
  });

  it('CVE-2022-24112: no operation reaches a port of the gateway itself', async (t) => {
    const port = await freePort();
    let asked = 0;
    const { url } = await serveHttp(t, (request, response) => {
      asked += 1;
      answer(307, '')(request, response);
    });
    const target = `http://127.0.0.1:${port}/invalidation`;
    const redirecting = await serveHttp(
      t,
      (_request, response) => void response.writeHead(307, { location: target }).end(),
    );
    const victim = await startVictim(t, {
      subgraphs: [{ name: 'a', url: redirecting.url, schema: { sdl: 'type Query { a(url: String): Int }' } }],
      batching: true,
      response_cache: { invalidation: { listen: `127.0.0.1:${port}`, shared_key: 'a-key-of-some-length' } },
    });
    const query = `{ a(url: "${target}") }`;
    const headers = {
      'content-type': 'application/json',
      authorization: 'a-key-of-some-length',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-host': `127.0.0.1:${port}`,
    };
    for (const body of [JSON.stringify({ query }), JSON.stringify([{ query }, { query }])])
      assert.match((await send(victim.url, { headers, body })).body, /SUBGRAPH_HTTP_ERROR|SUBGRAPH_INVALID_RESPONSE/);
    assert.equal(asked, 0, url);
  });
});

describe('log injection', { timeout: 30_000 }, () => {
  it('log injection: line breaks and colours of clients and subgraphs make no line of their own', async (t) => {
    const evil = 'x\r\n2026-01-01 ERROR forged\u001b[31m\u2028\u0085';
    const { url } = await serveHttp(t, answer(500, evil, 'text/plain'));
    const victim = await startVictim(t, { subgraphs: [{ name: 'a', url, schema: { sdl: 'type Query { a: Int }' } }] });
    const json = { 'content-type': 'application/json' };
    for (const members of [
      { query: `{ a } # ${evil}` },
      { query: '{ a }', operationName: evil },
      { query: `{ ${evil} }` },
      { query: '{ a }', extensions: { [evil]: evil } },
    ])
      await send(victim.url, { headers: json, body: JSON.stringify(members) });
    await sendBytes(
      victim.port,
      post('/graphql?x=%0d%0aforged', 'User-Agent: x\u001b[31mforged', 'X-Request-Id: forged\u001b[0m'),
    );
    using raw = await openRawSocket(victim.port);
    raw.send(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
    await raw.closed;
    for (const line of victim.logged)
      assert.ok(!line.includes('forged') && !line.includes('\u001b'), JSON.stringify(line));
  });
});

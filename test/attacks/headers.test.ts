import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { IssuesError } from '../../src/errors/Issue.ts';
import { compileExpression } from '../../src/expressions/compileExpression.ts';
import { forwardHeaders } from '../../src/sources/forwardHeaders.ts';
import { collect } from '../server/support/collect.ts';
import { kinds, startListeners } from '../server/support/startListeners.ts';

/** The gateway says who asks in `x-user`, which is the header `x-real` of its clients here, and its own secret in `x-gateway`. */
const headers = {
  send: { 'X-Gateway': 'secret' },
  request: [{ insert: { name: 'x-user', expression: 'headers["x-real"]' } }],
  propagate: ['x-trace', 'X_User', 'x.user', 'X-USER', 'x_gateway'],
};
const spellings = ['x-user', 'X-User', 'X_USER', 'x_user', 'x.user', 'x-gateway', 'X_Gateway', 'x.gateway'];
const forged = Object.fromEntries(spellings.map((name) => [name, 'root']));

describe('headers of the gateway', { timeout: 30_000 }, () => {
  for (const kind of kinds) {
    it(`CVE-2025-64484, CVE-2026-39858: no spelling of them comes from a client (${kind})`, async (t) => {
      const { ask } = await startListeners(t, { input: () => ({ headers }) });
      const named = await ask(kind, { ...forged, 'x-real': 'ann', 'x-trace': '7' });
      assert.equal(named.headers['x-user'], 'ann');
      assert.equal(named.headers['x-gateway'], 'secret');
      assert.equal(named.headers['x-trace'], '7');
      assert.doesNotMatch(JSON.stringify(named), /root/);
      // Where the gateway has nothing to say, nobody else has.
      const nameless = await ask(kind, forged);
      assert.equal(nameless.headers['x-user'], undefined);
      assert.doesNotMatch(JSON.stringify(nameless), /root/);
    });

    it(`CVE-2024-45410, CVE-2025-48865: "Connection" takes none of them away (${kind})`, async (t) => {
      const { ask } = await startListeners(t, { input: () => ({ headers }) });
      const hop = { connection: 'close, X-User, x-gateway, x-trace' };
      const { headers: got } = await ask(kind, { ...hop, 'x-real': 'ann', 'x-trace': '7' });
      assert.equal(got['x-user'], 'ann');
      assert.equal(got['x-gateway'], 'secret');
      assert.equal(got['x-trace'], '7');
      assert.doesNotMatch(got['connection'] ?? '', /x-/i);
    });

    it(`GHSA-6384, GHSA-6jwx: what proxies tell each other is not handed on unless it is named (${kind})`, async (t) => {
      const { ask } = await startListeners(t, { input: () => ({ headers: { propagate: ['x-trace'] } }) });
      const told = [
        ...['Forwarded', 'X-Real-IP', 'X-Client-IP', 'True-Client-IP', 'CF-Connecting-IP', 'X-Original-URL'],
        ...['Host', 'For', 'Proto', 'Port', 'Prefix', 'Server', 'User', 'Client-Cert', 'Groups'].map(
          (word) => `X-Forwarded-${word}`,
        ),
        ...[
          'X-Rewrite-URL',
          'X-HTTP-Method-Override',
          'X-Envoy-Internal',
          'X-SSL-Client-Cert',
          'Authorization',
          'Cookie',
        ],
      ];
      const sent = told.flatMap((name) => [name, name.replaceAll('-', '_'), name.replaceAll('-', '.')]);
      const evil = Object.fromEntries(sent.map((name) => [name, 'evil']));
      const got = await ask(kind, { ...evil, 'x-trace': '7' });
      assert.doesNotMatch(JSON.stringify(got), /evil/);
      assert.equal(got.headers['x-trace'], '7');
    });
  }

  it('Cosmo #1149: neither the headers of a socket nor its connection_init reach a subgraph unless they are named', async (t) => {
    const { url, heard } = await startListeners(t, { input: () => ({ headers: { propagate: ['x-trace'] } }) });
    class Socket extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers: { cookie: 'evil=1', 'x-user': 'evil', 'x-trace': '7' } });
      }
    }
    const client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: Socket,
      connectionParams: { 'x-user': 'evil', authorization: 'evil', headers: { 'x-user': 'evil' } },
    });
    for (const kind of ['ws', 'sse', 'ticks']) await collect(client.iterate({ query: `subscription { ${kind} }` }));
    await collect(client.iterate({ query: '{ graphql rest getGrpc }' }));
    await client.dispose();
    assert.equal(heard.length, 6);
    assert.doesNotMatch(JSON.stringify(heard), /evil/);
    for (const entry of heard) assert.equal(entry.headers['x-trace'], '7');
  });

  it('CVE-2026-21710: a header named "__proto__" harms nobody', async (t) => {
    const { url, heard, query } = await startListeners(t, { input: () => ({ headers }) });
    const body = '{"query":"{ graphql }"}';
    const names = [
      '__proto__: evil',
      '__proto__: evil',
      'constructor: evil',
      'x-real: ann',
      `content-length: ${body.length}`,
    ];
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const lines = [
      'POST /graphql HTTP/1.1',
      'host: a',
      'connection: close',
      'content-type: application/json',
      ...names,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    assert.match(await text(socket), /"graphql":"a"/);
    assert.equal(heard.at(-1)?.headers['x-user'], 'ann');
    assert.doesNotMatch(JSON.stringify(heard), /evil/);
    assert.match(await query('{ graphql }'), /"graphql":"a"/);
  });
});

describe('rules of headers', () => {
  const loading = (rules: object) =>
    loadConfig({
      directory: '/nonexistent',
      input: { subgraphs: [{ name: 'a', url: 'http://a', schema: { sdl: 'type Query { a: Int }' } }], headers: rules },
    });
  const names = [
    'Connection',
    'keep-alive',
    'TE',
    'transfer_encoding',
    'Upgrade',
    'proxy.connection',
    'Host',
    'Content-Length',
  ];
  for (const name of [...names, 'sec-websocket-key', 'http2-settings']) {
    it(`that name "${name}", which is of one connection, are an issue with its place`, async () => {
      const rules = [
        [{ propagate: [name] }, 'headers.propagate[0]'],
        [{ request: [{ propagate: { named: name } }] }, 'headers.request[0].propagate.named'],
        [{ request: [{ insert: { name, value: 'a' } }] }, 'headers.request[0].insert.name'],
        [{ send: { [name]: 'a' } }, 'headers.send'],
      ] as const;
      for (const [rule, path] of rules)
        await assert.rejects(loading(rule), (error: unknown) => {
          assert.ok(error instanceof IssuesError);
          assert.match(
            error.message + JSON.stringify(error.issues),
            new RegExp(`${name.replace('.', '\\.')}.{2,3} belongs to one connection`),
          );
          assert.ok(JSON.stringify(error.issues).includes(path), JSON.stringify(error.issues));
          return true;
        });
    });
  }

  it('that name "__proto__" are an issue', async () => {
    await assert.rejects(loading({ propagate: ['__proto__'] }), IssuesError);
    await assert.rejects(loading({ request: [{ insert: { name: '__proto__', value: 'a' } }] }), IssuesError);
  });

  it('CVE-2026-1527: a computed value with CR, LF, NUL or another control character is not sent', () => {
    const evaluate = compileExpression('headers["x-real"]', 'string');
    const give = forwardHeaders({ send: {}, propagate: [], compute: { 'x-user': { expression: '', evaluate } } });
    for (const evil of ['a\r\nx-admin: 1', 'a\nb', 'a\rb', 'a\0b', 'a\x7fb', 'a\x1bb', 'a\u0100', '\u2028']) {
      const got = give({ headers: { get: () => evil } });
      assert.deepEqual(got, {});
    }
    assert.deepEqual(give({ headers: { get: () => 'ann' } }), { 'x-user': 'ann' });
  });
});

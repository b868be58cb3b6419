import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { transports } from '../plugins/authentication/support/transports.ts';
import { send } from '../server/support/send.ts';
import { answer, serveHttp } from '../sources/graphql/serveHttp.ts';
import { serveBytes } from './support/serveBytes.ts';
import { startVictim, type Victim } from './support/startVictim.ts';

const SDL = 'scalar Any type Query { evil: Thing list: [Thing] any: Any } type Thing { x: Int s: String any: Any }';
const json = { 'content-type': 'application/json' };

/** A gateway over this backend and a good one. */
async function open(t: TestContext, url: string): Promise<Victim & { ask(query?: string): Promise<string> }> {
  const good = await serveHttp(t, answer(200, '{"data":{"good":1}}'));
  const victim = await startVictim(t, {
    subgraphs: [
      { name: 'evil', url, schema: { sdl: SDL }, traffic_shaping: { timeout: '700ms' } },
      { name: 'good', url: good.url, schema: { sdl: 'type Query { good: Int }' } },
    ],
  });
  const ask = async (query = '{ evil { x } good }') =>
    (await send(victim.url, { headers: json, body: JSON.stringify({ query }) })).body;
  return { ...victim, ask };
}

const ok = (body: string, ...lines: readonly string[]) =>
  `${['HTTP/1.1 200 OK', 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, ...lines].join('\r\n')}\r\n\r\n${body}`;
const DATA = '{"data":{"evil":{"x":1}}}';
const BAD = /SUBGRAPH_(INVALID_RESPONSE|UNREACHABLE|TIMEOUT|HTTP_ERROR)|INVALID_VALUE|NULL_VALUE/;

/** Writes for as long as the other end reads. */
function forever(socket: Socket, text: string): void {
  const write = () => {
    while (!socket.destroyed && socket.write(text));
    if (!socket.destroyed) socket.once('drain', write);
  };
  write();
}

const line = 'x'.repeat(65_536);
const EVIL_BYTES: Readonly<Record<string, (socket: Socket) => void>> = {
  'garbage in place of HTTP': (socket) => void socket.end('\x00\x01\x02garbage\r\n\r\n'),
  'headers without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    forever(socket, `X-Header: ${'x'.repeat(1_000)}\r\n`);
  },
  'a body without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n');
    forever(socket, line);
  },
  'chunks without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    forever(socket, `10000\r\n${line}\r\n`);
  },
  'interim answers without end': (socket) => forever(socket, 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'),
  'nothing at all': () => undefined,
  'half an answer': (socket) => void socket.end(ok(DATA).slice(0, -5)),
  'half an answer, and silence': (socket) => void socket.write(ok(DATA).slice(0, -5)),
  'a length that is too short': (socket) => void socket.write(ok(DATA).replace(/Length: \d+/, 'Length: 5')),
  'a length below zero': (socket) => void socket.write(ok(DATA).replace(/Length: \d+/, 'Length: -5')),
  'two lengths': (socket) => void socket.write(ok(DATA, 'Content-Length: 3')),
  'a length and chunks': (socket) => void socket.write(ok(DATA, 'Transfer-Encoding: chunked')),
  'CVE-2024-23326: an upgrade that nobody asked for': (socket) =>
    void socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n${DATA}`),
  'a redirect to the metadata of the cloud': (socket) =>
    void socket.write(
      'HTTP/1.1 307 X\r\nLocation: http://169.254.169.254/latest/meta-data\r\nContent-Length: 0\r\n\r\n',
    ),
  'no content': (socket) => void socket.write('HTTP/1.1 204 X\r\n\r\n'),
  'a line break in a header': (socket) => void socket.write(ok(DATA, 'X: a\rb\0c')),
};

describe('CVE-2026-1528: a subgraph that answers bytes of its own', { timeout: 120_000 }, () => {
  for (const [name, act] of Object.entries(EVIL_BYTES))
    it(`CVE-2026-1528: ${name}`, async (t) => {
      const { url, connections } = await serveBytes(t, act);
      const { ask, logged } = await open(t, url);
      const before = process.memoryUsage().rss;
      for (let n = 0; n < 2; n += 1) {
        const body = await ask();
        assert.match(body, BAD);
        // What others give is there all the same.
        assert.match(body, /"good":1/);
      }
      assert.ok(process.memoryUsage().rss - before < 600_000_000);
      assert.deepEqual(
        logged.filter((text) => !/^Subgraph /.test(text)),
        [],
      );
      assert.ok(connections.size <= 4, `${connections.size} connections`);
    });

  it('CVE-2026-1525: what comes behind an answer is nobody else’s answer', async (t) => {
    let count = 0;
    const second = ok('{"data":{"evil":{"x":666}}}');
    const { url } = await serveBytes(t, (socket) => {
      count += 1;
      socket.write(count === 1 ? `${ok(DATA)}${second}` : ok(DATA));
    });
    const { ask } = await open(t, url);
    for (let n = 0; n < 5; n += 1) assert.doesNotMatch(await ask(), /666/);
  });
});

/** The three ways in which an answer becomes text. */
const WAYS = new Set(['POST, fast lane', 'incremental', 'WebSocket, connection_init']);

const deep = (open: string, close: string, times = 100_000) => open.repeat(times) + close.repeat(times);
const EVIL_JSON: Readonly<Record<string, string>> = {
  'deep lists in data': `{"data":{"evil":{"x":${deep('[', ']')}}}}`,
  'deep lists in a free scalar': `{"data":{"evil":{"x":1,"any":${deep('[', ']')}}}}`,
  'deep objects in a free scalar': `{"data":{"evil":{"x":1,"any":${deep('{"a":', '}').replace('}', '1}')}}}}`,
  'deep lists in the extensions of an error': `{"data":{"evil":null},"errors":[{"message":"m","path":["evil"],"extensions":{"a":${deep('[', ']')}}}]}`,
  'deep lists in extensions': `{"data":{"evil":{"x":1}},"extensions":${deep('[', ']')}}`,
  'a path of an error without end': `{"data":{"evil":null},"errors":[{"message":"m","path":[${'0,'.repeat(500_000)}0]}]}`,
  'a hundred thousand errors': `{"data":{"evil":null},"errors":[${'{"message":"m","path":["evil"]},'.repeat(100_000)}{"message":"m"}]}`,
  'numbers that are none': '{"data":{"evil":{"x":1e999}}}',
  'a list in place of an object': '{"data":{"evil":[{"x":1}]}}',
  'keys twice': '{"data":{"evil":{"x":1}},"data":{"evil":{"x":"evil"}}}',
  'half a character': '{"data":{"evil":{"x":"\\ud800"}}}',
  'names of Object.prototype': '{"data":{"evil":{"__proto__":{"x":5},"constructor":{"prototype":{"x":6}}}}}',
};

describe('CVE-2026-32621: a subgraph that answers JSON of its own', { timeout: 120_000 }, () => {
  for (const [name, body] of Object.entries(EVIL_JSON))
    for (const transport of transports.filter(({ name: way }) => WAYS.has(way)))
      it(`CVE-2026-32621: ${name}, over ${transport.name}`, async (t) => {
        const { url } = await serveHttp(t, answer(200, body));
        const victim = await open(t, url);
        const seen = await transport.ask(victim.url, { headers: { 'x-weft-csrf': '1' } }, '{ evil { x any } good }');
        assert.match(seen.body, /"good":1|INTERNAL_SERVER_ERROR|SUBGRAPH_INVALID_RESPONSE/);
        assert.doesNotMatch(seen.body, /"x":(5|6)|RangeError|Maximum call stack/);
        assert.equal('x' in {}, false);
        // It lives.
        assert.match(await victim.ask('{ good }'), /"good":1/);
      });

  it('CVE-2026-21717: keys that collide in the tables of V8 cost no more than others', async (t) => {
    const members = (key: (n: number) => string) => Array.from({ length: 60_000 }, (_, n) => `"${key(n)}":1`).join(',');
    const took = async (key: (n: number) => string) => {
      const { url } = await serveHttp(t, answer(200, `{"data":{"evil":{"x":1,"any":{${members(key)}}}}}`));
      const { ask } = await open(t, url);
      await ask();
      const before = performance.now();
      assert.match(await ask(), /"x":1/);
      return performance.now() - before;
    };
    const plain = await took((n) => `k${n}`);
    // Strings that are array indexes had hashes that anybody could compute.
    const evil = Math.max(await took((n) => `${n * 65_536}`), await took((n) => `${4_294_967_295 - n}`));
    assert.ok(evil < plain * 20 + 500, `${evil} ms, ${plain} ms`);
  });
});

describe('CVE-2026-22036: codings', { timeout: 60_000 }, () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000));
  for (const [name, coding] of Object.entries({
    'a gzip bomb': 'gzip',
    'thousands of codings': Array.from({ length: 3_000 }, () => 'gzip').join(', '),
    'a coding that there is not': 'evil',
  }))
    it(`CVE-2026-22036: ${name} is not undone`, async (t) => {
      const { url } = await serveHttp(t, (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding });
        response.end(bomb);
      });
      const { ask } = await open(t, url);
      const before = process.memoryUsage().rss;
      assert.match(await ask(), /SUBGRAPH_INVALID_RESPONSE.*"good":1|"good":1.*SUBGRAPH_INVALID_RESPONSE/);
      assert.ok(process.memoryUsage().rss - before < 90_000_000);
    });
});

describe('a subgraph that speaks in the name of the gateway', { timeout: 60_000 }, () => {
  const wishes = { status: 302, headers: { location: 'https://evil.example', 'set-cookie': 'evil=1' } };
  const error = { message: 'm', extensions: { http: wishes, code: 'UNAUTHENTICATED' } };
  for (const body of [
    { data: null, errors: [error] },
    { errors: [error] },
    { data: { evil: null }, errors: [{ ...error, path: ['evil'] }] },
    { data: { evil: null }, errors: [{ ...error, path: [] }] },
  ])
    for (const accept of ['application/json', 'application/graphql-response+json'])
      it(`forged wishes: a subgraph sets no status and no header of the answer: ${JSON.stringify(body).slice(0, 60)}, ${accept}`, async (t) => {
        const { url } = await serveHttp(t, answer(200, JSON.stringify(body)));
        const victim = await open(t, url);
        const seen = await send(victim.url, { headers: { ...json, accept }, body: '{"query":"{ evil { x } }"}' });
        assert.equal(seen.status, 200);
        assert.equal(seen.headers['location'] ?? seen.headers['set-cookie'], undefined);
      });
});

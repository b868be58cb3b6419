import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import type { Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { transports } from '../plugins/authentication/support/transports.ts';
import { send } from '../server/support/send.ts';
import { answer, serveHttp } from '../sources/graphql/serveHttp.ts';
import { until } from '../support/until.ts';
import { type FrameOptions, frame } from './support/openRawSocket.ts';
import { serveBytes } from './support/serveBytes.ts';
import { startVictim } from './support/startVictim.ts';
import { whenSubscribed } from './support/whenSubscribed.ts';

const SDL = 'type Query { a: Int } type Subscription { events: Int }';
const json = { 'content-type': 'application/json' };
const SUBSCRIPTION = 'subscription { events }';

async function open(t: TestContext, url: string, protocol: 'ws' | 'sse') {
  const good = await serveHttp(t, answer(200, '{"data":{"good":1}}'));
  const victim = await startVictim(t, {
    subgraphs: [
      { name: 'evil', url, schema: { sdl: SDL }, subscriptions: { protocol }, traffic_shaping: { timeout: '500ms' } },
      { name: 'good', url: good.url, schema: { sdl: 'type Query { good: Int }' } },
    ],
  });
  const lives = async () => {
    const start = performance.now();
    assert.match((await send(victim.url, { headers: json, body: '{"query":"{ good }"}' })).body, /"good":1/);
    assert.ok(performance.now() - start < 1_000, 'it is busy with something else');
  };
  return { ...victim, lives };
}

const keyOf = (head: string) => /sec-websocket-key: (\S+)/i.exec(head)?.[1] ?? '';
const acceptOf = (head: string) => hash('sha1', `${keyOf(head)}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`, 'base64');
const switching = (head: string, ...lines: readonly string[]) =>
  `${['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${acceptOf(head)}`, 'Sec-WebSocket-Protocol: graphql-transport-ws', ...lines].join('\r\n')}\r\n\r\n`;
const told = (text: string | Buffer, options: FrameOptions = {}) => frame(text, { masked: false, ...options });
const ACK = told('{"type":"connection_ack"}');
const EVENT = '{"type":"next","id":"ID","payload":{"data":{"events":666}}}';

/** What it answers to the handshake. */
const HANDSHAKES: Readonly<Record<string, (socket: Socket, head: string) => void>> = {
  'CVE-2024-23326: 200 with the headers of an upgrade': (socket, head) =>
    void socket.write(
      Buffer.concat([Buffer.from(switching(head).replace('101 Switching Protocols', '200 OK')), ACK, told(EVENT)]),
    ),
  'CVE-2024-23326: 200 with a body': (socket) =>
    void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${EVENT.length}\r\n\r\n${EVENT}`),
  'CVE-2026-2229: an upgrade with another key': (socket, head) =>
    void socket.write(switching(head).replace(acceptOf(head), 'x'.repeat(28))),
  'CVE-2026-2229: an upgrade to another protocol': (socket, head) =>
    void socket.write(switching(head).replace('graphql-transport-ws', 'evil')),
  'CVE-2026-2229: an upgrade with an extension that nobody offered': (socket, head) =>
    void socket.write(switching(head, 'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99')),
  'CVE-2026-2229: a redirect': (socket) =>
    void socket.write('HTTP/1.1 302 X\r\nLocation: ws://169.254.169.254/\r\nContent-Length: 0\r\n\r\n'),
  'CVE-2026-2229: headers without end': (socket) => {
    socket.write('HTTP/1.1 101 X\r\n');
    const timer = setInterval(() => socket.write(`X: ${'x'.repeat(10_000)}\r\n`), 1);
    socket.once('close', () => clearInterval(timer));
  },
  'CVE-2026-2229: nothing': () => undefined,
};

/** What it sends once it is asked for events. */
const FRAMES: Readonly<Record<string, () => readonly Buffer[]>> = {
  garbage: () => [Buffer.from('garbage garbage garbage')],
  'a frame of 8 exabytes': () => [told('x', { length: Number.MAX_SAFE_INTEGER - 1 })],
  'a frame of 65 MB': () => [told('x', { length: 65 * 1_048_576 })],
  'a frame that is masked': () => [frame(EVENT)],
  'a frame with a reserved bit': () => [told(deflateRawSync(Buffer.alloc(50_000_000)), { reserved: 4 })],
  'a kind of frame that there is not': () => [told('x', { opcode: 5 })],
  'bytes that are not UTF-8': () => [told(Buffer.from([0xff, 0xff]))],
  'text that is no JSON': () => [told('{')],
  'a message that there is not': () => [told('{"type":"evil"}')],
  'a name of Object.prototype for a message': () => [told('{"type":"__proto__"}')],
  'a result without a payload': () => [told(EVENT.replace(/,"payload".*/, '}'))],
  'a result that is none': () => [told(EVENT.replace(/"payload".*/, '"payload":[1]}'))],
  'an error that is none': () => [told('{"type":"error","id":"ID","payload":1}')],
  'a close with a long reason': () => [
    told(Buffer.concat([Buffer.from([0x0f, 0xa0]), Buffer.alloc(123, 'x')]), { opcode: 8 }),
  ],
  'a close that is none': () => [told('x', { opcode: 8 })],
  'a message in parts without end': () => [
    told('{', { last: false }),
    ...Array.from({ length: 140_000 }, () => told('', { opcode: 0, last: false })),
  ],
};

describe('a subgraph with WebSockets of its own kind', { timeout: 120_000 }, () => {
  const ways = transports.filter(({ name }) => name === 'SSE' || name === 'WebSocket, connection_init');
  for (const [name, act] of Object.entries(HANDSHAKES))
    it(`${name} is no connection`, async (t) => {
      const { url, connections } = await serveBytes(t, act);
      const { url: front, lives } = await open(t, url, 'ws');
      for (const way of ways) {
        const { body } = await way.ask(front, {}, SUBSCRIPTION);
        assert.match(body, /SUBGRAPH_(UNREACHABLE|INVALID_RESPONSE|TIMEOUT|HTTP_ERROR)/);
        assert.doesNotMatch(body, /666/);
      }
      await lives();
      await until(() => connections.size === 0);
    });

  for (const [name, frames] of Object.entries(FRAMES))
    it(`CVE-2026-1526: ${name}, ends the subscription with an error`, async (t) => {
      let attacks = 0;
      const { url, connections } = await serveBytes(t, (socket, head) => {
        if (head.startsWith('GET')) {
          socket.write(switching(head));
          socket.write(ACK);
          whenSubscribed(socket, () => {
            attacks += 1;
            for (const one of frames()) socket.write(one);
          });
        }
      });
      const { url: front, lives, logged } = await open(t, url, 'ws');
      for (const way of ways) {
        const { body } = await way.ask(front, {}, SUBSCRIPTION);
        assert.match(body, /SUBGRAPH_|"errors"/, body);
        assert.doesNotMatch(body, /666|INTERNAL_SERVER_ERROR/);
      }
      assert.equal(attacks, ways.length);
      await lives();
      await until(() => connections.size === 0);
      assert.deepEqual(
        logged.filter((line) => !/^Subgraph /.test(line)),
        [],
      );
    });

  it('CVE-2026-1528: results under the id of somebody else are nobody’s', async (t) => {
    let attacks = 0;
    const { url } = await serveBytes(t, (socket, head) => {
      if (!head.startsWith('GET')) return;
      socket.write(switching(head));
      socket.write(ACK);
      whenSubscribed(socket, () => {
        attacks += 1;
        for (const id of ['1', '__proto__', 'constructor', '']) socket.write(told(EVENT.replace('ID', id)));
        socket.write(told(Buffer.from([0x03, 0xe8]), { opcode: 8 }));
      });
    });
    const { url: front } = await open(t, url, 'ws');
    for (const way of ways) assert.doesNotMatch((await way.ask(front, {}, SUBSCRIPTION)).body, /666/);
    assert.equal(attacks, ways.length);
  });
});

describe('a subgraph with event streams of its own kind', { timeout: 60_000 }, () => {
  const streams: Readonly<Record<string, (write: (text: string) => boolean) => void>> = {
    'a line without end': (write) => {
      write('data: ');
      for (let n = 0; n < 1_100; n += 1) write('x'.repeat(65_536));
    },
    'an event without end': (write) => {
      for (let n = 0; n < 1_100; n += 1) write(`data: ${'x'.repeat(65_536)}\n`);
    },
    'data that is no JSON': (write) => void write('event: next\ndata: {\n\n'),
    'data that is no result': (write) => void write('event: next\ndata: [1]\n\n'),
    'names of Object.prototype': (write) =>
      void write('event: __proto__\n__proto__: x\ndata: {"__proto__":{"x":1}}\n\nevent: next\ndata: 1\n\n'),
  };
  for (const [name, act] of Object.entries(streams))
    it(`CVE-2026-1528: ${name}, ends the subscription, and holds up nobody`, async (t) => {
      const { url } = await serveHttp(t, (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        act((text) => response.write(text));
      });
      const { url: front, lives } = await open(t, url, 'sse');
      const [way] = transports.filter((one) => one.name === 'SSE');
      const asked = way?.ask(front, {}, SUBSCRIPTION);
      await lives();
      assert.match((await asked)?.body ?? '', /SUBGRAPH_INVALID_RESPONSE/);
      await lives();
    });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createHttpServer } from '../../src/server/createHttpServer.ts';
import { send } from '../server/support/send.ts';
import { startTestGateway } from '../server/support/startTestGateway.ts';
import { answer, serveHttp } from '../sources/graphql/serveHttp.ts';
import { startVictim } from './support/startVictim.ts';

const json = { 'content-type': 'application/json' };
const BODY = '{"query":"{ hello }"}';
/** As they are, but a hundred times as fast. */
const timeouts = { headers: 200, request: 500, stall: 300, checking: 50 };

type Front = Pick<Parameters<typeof createHttpServer>[0], 'listener' | 'upgrade'>;

async function open(t: TestContext, { listener, upgrade }: Front): Promise<string> {
  const server = await createHttpServer({ host: '127.0.0.1', port: 0, listener, upgrade, timeouts });
  t.after(() => server.close(100));
  return `${server.url}/graphql`;
}

/** A reset is an end like another. */
const closed = (socket: Socket) => new Promise<unknown>((resolve) => socket.once('close', resolve));

/** Writes byte by byte until the other end closes; resolves with what had come. */
async function drip(url: string, begin: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  let came = '';
  socket.on('data', (chunk) => {
    came += String(chunk);
  });
  socket.write(begin);
  let at = 0;
  const timer = setInterval(() => {
    if (at < text.length) socket.write(text[at] ?? '');
    at += 1;
  }, 20);
  await closed(socket);
  clearInterval(timer);
  return came;
}

const HEAD = 'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

describe('slowloris', { timeout: 30_000 }, () => {
  const slow: Readonly<Record<string, readonly [string, string]>> = {
    'that sends its headers byte by byte': ['', `${HEAD}X-Long: ${'x'.repeat(10_000)}`],
    'that sends nothing at all': ['', ''],
    'that sends its body byte by byte': [`${HEAD}Content-Length: 10000\r\n\r\n`, BODY.padEnd(10_000)],
    'that sends chunks byte by byte': [`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'.repeat(10_000)],
    'that sends a body byte by byte, through Yoga': [
      `${HEAD}Accept: multipart/mixed\r\nContent-Length: 10000\r\n\r\n`,
      BODY.padEnd(10_000),
    ],
  };
  for (const [name, [begin, text]] of Object.entries(slow))
    it(`slowloris: a client ${name} is cut`, async (t) => {
      await using test = await startTestGateway();
      const url = await open(t, test.gateway);
      const start = performance.now();
      const came = await drip(url, begin, text);
      assert.ok(performance.now() - start < 5_000);
      assert.match(came, /^(HTTP\/1\.1 408 .*)?/s);
      assert.doesNotMatch(came, /200 OK/);
      // Whoever is not slow is served meanwhile and after.
      assert.match((await send(url, { headers: json, body: BODY })).body, /world/);
      assert.deepEqual([test.probe.executions, test.logged], [1, []]);
    });

  it('slowloris: two hundred such clients at once hold up nobody', async (t) => {
    await using test = await startTestGateway();
    const url = await open(t, test.gateway);
    const clients = Array.from({ length: 200 }, () => drip(url, `${HEAD}Content-Length: 10000\r\n\r\n`, BODY));
    const start = performance.now();
    for (let n = 0; n < 20; n += 1) assert.match((await send(url, { headers: json, body: BODY })).body, /world/);
    assert.ok(performance.now() - start < 3_000);
    await Promise.all(clients);
  });
});

describe('slow read', { timeout: 30_000 }, () => {
  const BIG = 'x'.repeat(20_000_000);

  async function asked(url: string, more = ''): Promise<Socket> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    const body = '{"query":"{ big }"}';
    socket.write(`${HEAD}${more}Content-Length: ${body.length}\r\n\r\n${body}`);
    await once(socket, 'readable');
    return socket;
  }

  for (const more of ['', 'Accept: multipart/mixed, application/json\r\n'])
    it(`slow read: a client that does not read its large answer is cut (${more === '' ? 'fast lane' : 'Yoga'})`, async (t) => {
      const { url } = await serveHttp(t, answer(200, JSON.stringify({ data: { big: BIG } })));
      const victim = await startVictim(t, {
        subgraphs: [{ name: 'a', url, schema: { sdl: 'type Query { big: String }' } }],
      });
      const cut = Promise.withResolvers<void>();
      const { listener, upgrade } = victim.gateway;
      const front = await open(t, {
        upgrade,
        listener(request, response) {
          response.once('close', cut.resolve);
          listener(request, response);
        },
      });
      const socket = await asked(front, more);
      // It reads again once it was given up: what is left by then is what the systems between had in their buffers.
      await cut.promise;
      let size = 0;
      socket.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      await closed(socket);
      assert.ok(size < BIG.length, `${size} bytes`);
      // Whoever reads gets it all.
      assert.ok((await send(front, { headers: json, body: '{"query":"{ big }"}' })).body.length > BIG.length);
    });
});

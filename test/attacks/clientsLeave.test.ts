import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { getActiveResourcesInfo } from 'node:process';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { send } from '../server/support/send.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';
import { until } from '../support/until.ts';
import { startVictim } from './support/startVictim.ts';

const SDL = 'type Query { quick: String slow: String big: String } type Subscription { events: Int }';
const BIG = 'x'.repeat(20_000_000);
const json = { 'content-type': 'application/json', authorization: 'ann' };

/** A subgraph and a service that knows who asks, both of which tell what is open at them. */
async function start(t: TestContext) {
  const open = new Set<ServerResponse>();
  const seen = { asked: 0, judged: 0, holdsJudge: false };
  const hold = (response: ServerResponse) => {
    open.add(response);
    response.once('close', () => open.delete(response));
  };
  const subgraph = await serveHttp(t, async (request, response) => {
    const body = await text(request);
    seen.asked += 1;
    if (body.includes('slow')) return hold(response);
    if (body.includes('events')) {
      hold(response);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: next\ndata: {"data":{"events":1}}\n\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: body.includes('big') ? { big: BIG } : { quick: 'done' } }));
  });
  const judge = await serveHttp(t, (_request, response) => {
    seen.judged += 1;
    if (seen.holdsJudge) return hold(response);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"id":"ann"}');
  });
  const victim = await startVictim(t, {
    subgraphs: [{ name: 'a', url: subgraph.url, schema: { sdl: SDL }, subscriptions: { protocol: 'sse' } }],
    authentication: { forward: { url: judge.url, headers: ['authorization'] } },
    // One place: whoever keeps it locks out all others.
    rate_limit: { rules: [{ name: 'one', key: 'all', concurrency: 1 }] },
    traffic_shaping: { all: { deduplicate_query: false }, router: { deduplicate_query: false } },
  });
  return { ...victim, open, seen };
}

const head = (length: number, more = '') =>
  `POST /graphql HTTP/1.1\r\nHost: a\r\nAuthorization: ann\r\nContent-Type: application/json\r\n${more}Content-Length: ${length}\r\n\r\n`;
const whole = (query: string, more = '') => {
  const body = JSON.stringify({ query });
  return head(body.length, more) + body;
};

type Started = Awaited<ReturnType<typeof start>>;

interface Phase {
  readonly bytes: string;
  /** Resolves when the gateway is where the client leaves. */
  readonly reached: (started: Started, socket: Socket) => Promise<unknown>;
  readonly holdsJudge?: boolean;
  /** Whether the subgraph may have been asked. */
  readonly mayAsk: boolean;
}

const first = (socket: Socket) => once(socket, 'data');
const PHASES: Readonly<Record<string, Phase>> = {
  'in the middle of the headers': {
    bytes: 'POST /graphql HTTP/1.1\r\nHost: a\r\nAuthori',
    reached: () => Promise.resolve(),
    mayAsk: false,
  },
  'before the body': { bytes: head(100), reached: () => Promise.resolve(), mayAsk: false },
  'in the middle of the body': { bytes: `${head(100)}{"query":`, reached: () => Promise.resolve(), mayAsk: false },
  'in the middle of the body, through Yoga': {
    bytes: `${head(100, 'Accept: multipart/mixed\r\n')}{"query":`,
    reached: () => Promise.resolve(),
    mayAsk: false,
  },
  'while it is found out who asks': {
    bytes: whole('{ slow }'),
    holdsJudge: true,
    reached: ({ open }) => until(() => open.size === 1),
    mayAsk: false,
  },
  'during a call to a subgraph': {
    bytes: whole('{ slow }'),
    reached: ({ open }) => until(() => open.size === 1),
    mayAsk: true,
  },
  'during such a call, through Yoga': {
    bytes: whole('{ slow }', 'Accept: multipart/mixed, application/json\r\n'),
    reached: ({ open }) => until(() => open.size === 1),
    mayAsk: true,
  },
  'in the middle of a large answer': {
    bytes: whole('{ big }'),
    reached: (_started, socket) => first(socket),
    mayAsk: true,
  },
  'in a stream of events': {
    bytes: whole('subscription { events }', 'Accept: text/event-stream\r\n'),
    reached: (_started, socket) => first(socket),
    mayAsk: true,
  },
  'in a stream of parts': {
    bytes: whole('subscription { events }', 'Accept: multipart/mixed;subscriptionSpec=1.0\r\n'),
    reached: (_started, socket) => first(socket),
    mayAsk: true,
  },
};

const sockets = () => getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

describe('CVE-2026-26311: a client that leaves', { timeout: 120_000 }, () => {
  for (const [name, phase] of Object.entries(PHASES))
    for (const abrupt of [true, false])
      it(`CVE-2026-26311: ${name}, ${abrupt ? 'by a reset' : 'by closing'}, leaves nothing behind`, async (t) => {
        const started = await start(t);
        const { url, port, open, seen, logged } = started;
        const quick = async () => (await send(url, { headers: json, body: '{"query":"{ quick }"}' })).body;
        assert.match(await quick(), /done/);
        seen.asked = 0;
        logged.length = 0;
        const before = sockets();
        for (let round = 0; round < 10; round += 1) {
          seen.holdsJudge = phase.holdsJudge === true;
          const socket = connect(port, '127.0.0.1');
          socket.on('error', () => undefined);
          socket.write(phase.bytes);
          await once(socket, 'connect');
          await phase.reached(started, socket);
          if (abrupt) socket.resetAndDestroy();
          else socket.destroy();
          seen.holdsJudge = false;
          // Behind the end of the other connection: the gateway knows that the client has left.
          for (let n = 0; n < 2; n += 1) await send(new URL('/health', url).href, { method: 'GET' });
          if (phase.holdsJudge === true) for (const response of open) response.end('{"id":"ann"}');
          // What was asked on its behalf is given up, and its place is free for the next one.
          await until(() => open.size === 0);
          await until(async () => (await quick()).includes('done'));
        }
        if (!phase.mayAsk) assert.equal(seen.asked, 10);
        await until(() => sockets() <= before + 2);
        assert.deepEqual(logged, []);
      });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { limitsSchema } from '../../src/config/schema/limitsSchema.ts';
import { openTestDoor } from '../plugins/authentication/support/openTestDoor.ts';
import { startTestGateway, type TestGateway } from '../server/support/startTestGateway.ts';
import { until } from '../support/until.ts';
import { frame, openRawSocket } from './support/openRawSocket.ts';
import { sendBytes } from './support/sendBytes.ts';

const INIT = '{"type":"connection_init"}';
const subscribe = (id: string, query = '{ hello }') => JSON.stringify({ id, type: 'subscribe', payload: { query } });
const portOf = ({ url }: TestGateway) => Number(new URL(url).port);

/** After the attack it serves the next client as before. */
async function lives(test: TestGateway): Promise<void> {
  const response = await fetch(test.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ hello }"}',
  });
  assert.match(await response.text(), /world/);
}

describe('CVE-2026-35523: operations before the handshake is over', { timeout: 30_000 }, () => {
  const KEYS = { api_keys: { keys: [{ consumer: 'ann', hash: `sha256:${'0'.repeat(64)}` }] } };

  it('CVE-2026-35523: without connection_init get 4401', async () => {
    await using test = await startTestGateway();
    using raw = await openRawSocket(portOf(test));
    raw.send(frame(subscribe('1')));
    assert.equal(await raw.closed, 4401);
    assert.equal(test.probe.executions, 0);
  });

  it('CVE-2026-35523: in one write with connection_init get 4401 or 4403 while it is judged', async () => {
    await using test = await startTestGateway({ frontDoor: await openTestDoor({ authentication: KEYS }) });
    using raw = await openRawSocket(portOf(test));
    raw.send(Buffer.concat([frame(INIT), frame(subscribe('1')), frame(subscribe('2', 'mutation { bump }'))]));
    assert.ok([4401, 4403].includes((await raw.closed) ?? 0));
    assert.deepEqual([test.probe.executions, test.probe.bumps], [0, 0]);
  });

  it('CVE-2026-35523: of the protocol that has none get no socket', async () => {
    await using test = await startTestGateway({ frontDoor: await openTestDoor({ authentication: KEYS }) });
    for (const protocol of ['graphql-ws', 'graphql-subscriptions', '', 'graphql-ws, x']) {
      using raw = await openRawSocket(portOf(test), [`Sec-WebSocket-Protocol: ${protocol}`]);
      raw.send(frame('{"type":"start","id":"1","payload":{"query":"{ hello }"}}'));
      const code = await raw.closed;
      assert.ok(code === 4406 || code === undefined || code === 4400, `${protocol}: ${code}`);
      assert.doesNotMatch(raw.received.toString(), /world/);
    }
    assert.equal(test.probe.executions, 0);
  });

  it('CVE-2026-35523: connection_init twice is 4429', async () => {
    await using test = await startTestGateway();
    using raw = await openRawSocket(portOf(test));
    raw.send(frame(INIT), frame(INIT));
    assert.equal(await raw.closed, 4429);
  });

  it('CVE-2026-35523: a client that says nothing is cut by 4408', async () => {
    await using test = await startTestGateway();
    using raw = await openRawSocket(portOf(test));
    assert.equal(await raw.closed, 4408);
  });

  it('CVE-2026-35523: an id that is in use is 4409', async () => {
    await using test = await startTestGateway();
    using raw = await openRawSocket(portOf(test));
    raw.send(frame(INIT));
    await until(() => raw.received.includes('connection_ack'));
    raw.send(frame(subscribe('1', 'subscription { forever }')), frame(subscribe('1')));
    assert.equal(await raw.closed, 4409);
    await test.probe.ended;
  });
});

describe('CVE-2023-41317: operations without a name', { timeout: 30_000 }, () => {
  it('CVE-2023-41317: are subscriptions like others', async () => {
    await using test = await startTestGateway();
    using raw = await openRawSocket(portOf(test));
    raw.send(frame(INIT));
    await until(() => raw.received.includes('connection_ack'));
    const odd = ['subscription { ticks(to: 1) }', 'subscription($n: Int = 1) { ticks(to: $n) }', 'subscription', '{'];
    for (const [n, query] of odd.entries()) raw.send(frame(subscribe(`s${n}`, query)));
    await until(() => (raw.received.toString().match(/"ticks":1/g) ?? []).length === 2);
    await until(() => (raw.received.toString().match(/"type":"error"/g) ?? []).length === 2);
    const response = await fetch(test.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: '{"query":"subscription { ticks(to: 1) }","operationName":null}',
    });
    assert.match(await response.text(), /"ticks":1/);
    await lives(test);
  });
});

describe('hostile upgrades', { timeout: 30_000 }, () => {
  const upgrade = (...lines: readonly string[]) =>
    `${['GET /graphql HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: websocket', ...lines].join('\r\n')}\r\n\r\n`;
  const key = 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==';

  it('CVE-2024-37890: thousands of headers end in a refusal', async () => {
    await using test = await startTestGateway();
    const many = Array.from({ length: 3_000 }, (_, n) => `x${n}: ${n}`);
    for (const lines of [
      many.slice(0, 1_990),
      many,
      Array.from({ length: 990 }, () => 'Upgrade: websocket'),
      Array.from({ length: 990 }, () => 'Sec-WebSocket-Protocol: graphql-transport-ws'),
    ]) {
      const answer = await sendBytes(portOf(test), upgrade(...lines));
      assert.doesNotMatch(answer, /HTTP\/1\.1 101|HTTP\/1\.1 5| at /);
    }
    await lives(test);
  });

  it('CVE-2021-32640: a subprotocol or an extension that is long is read in no time', async () => {
    await using test = await startTestGateway();
    for (const value of [
      ` ${' '.repeat(12_000)}x`,
      `b${' '.repeat(12_000)}x`,
      'a,'.repeat(6_000),
      `a${'\t'.repeat(12_000)},`,
      `x; ${'a="\\'.repeat(3_000)}`,
      'permessage-deflate,'.repeat(600),
      'permessage-deflate; server_max_window_bits=10; '.repeat(200),
    ])
      for (const name of ['Sec-WebSocket-Protocol', 'Sec-WebSocket-Extensions']) {
        const before = performance.now();
        await sendBytes(portOf(test), upgrade('Sec-WebSocket-Version: 13', key, `${name}: ${value}`));
        assert.ok(performance.now() - before < 500, `${name}: ${performance.now() - before} ms`);
      }
    await lives(test);
  });

  it('CVE-2026-1527: line breaks in what is reflected make no header', async () => {
    await using test = await startTestGateway();
    for (const evil of ['a\rX-Evil: 1', 'a\nX-Evil: 1', 'a\0X-Evil: 1', 'a\x0b\x85X-Evil: 1']) {
      for (const name of ['Sec-WebSocket-Protocol', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version', 'Origin']) {
        const answer = await sendBytes(portOf(test), upgrade('Sec-WebSocket-Version: 13', `${name}: ${evil}`, key));
        assert.doesNotMatch(answer, /X-Evil/i);
      }
    }
    await lives(test);
  });
});

describe('hostile frames', { timeout: 60_000 }, () => {
  const WRONG = {
    'that is not masked': [frame(INIT, { masked: false }), 1002],
    'with a reserved bit': [frame(INIT, { reserved: 4 }), 1002],
    'of a kind that there is not': [frame('x', { opcode: 3 }), 1002],
    'that continues nothing': [frame('x', { opcode: 0 }), 1002],
    'a ping in parts': [frame('x', { opcode: 9, last: false }), 1002],
    'a ping that is too long': [frame('x'.repeat(126), { opcode: 9 }), 1002],
    'with bytes that are not UTF-8': [frame(Buffer.from([0xff, 0xfe])), 1007],
    'with half a character': [frame(Buffer.from([0xe2, 0x82])), 1007],
    'that says 8 exabytes': [frame('x', { length: Number.MAX_SAFE_INTEGER - 1 }), 1009],
    'that says more than a message may have': [frame('x', { length: 100_001 }), 1009],
    'that ends inside another message': [Buffer.concat([frame('{', { last: false }), frame(INIT)]), 1002],
    'a close of one byte': [frame('x', { opcode: 8 }), 1002],
    'a close with a code that nobody may send': [frame(Buffer.from([0x03, 0xed]), { opcode: 8 }), 1002],
    'a close whose reason is not UTF-8': [frame(Buffer.from([0x03, 0xe8, 0xff]), { opcode: 8 }), 1007],
  } as const;
  for (const [name, [bytes, code]] of Object.entries(WRONG))
    it(`CVE-2026-45736: a frame ${name} closes with ${code}, and nothing else happens`, async () => {
      await using test = await startTestGateway();
      using raw = await openRawSocket(portOf(test));
      raw.send(bytes);
      assert.equal(await raw.closed, code);
      assert.deepEqual(test.logged, []);
      await lives(test);
    });

  for (const text of [
    '{',
    '[]',
    'null',
    '{"type":"next","id":"1"}',
    '{"type":1}',
    '{"type":"__proto__"}',
    '{"type":"subscribe"}',
    'x',
  ])
    it(`CVE-2026-48779: the message ${text} closes with 4400, and is no fault of ours in the log`, async (t) => {
      const printed = t.mock.method(console, 'error', () => undefined);
      await using test = await startTestGateway();
      using raw = await openRawSocket(portOf(test));
      raw.send(frame(INIT));
      await until(() => raw.received.includes('connection_ack'));
      raw.send(frame(text));
      assert.equal(await raw.closed, 4400);
      assert.deepEqual([test.logged, printed.mock.callCount()], [[], 0]);
      await lives(test);
    });

  it('CVE-2026-45736: reasons of closes leave nothing behind', async () => {
    await using test = await startTestGateway();
    for (let n = 0; n < 50; n += 1) {
      using raw = await openRawSocket(portOf(test));
      raw.send(frame(Buffer.concat([Buffer.from([0x03, 0xe8]), Buffer.alloc(123, 'x')]), { opcode: 8 }));
      assert.equal(await raw.closed, 1000);
    }
    await lives(test);
  });

  it('a message in thousands of parts is given up at its limit', async () => {
    await using test = await startTestGateway();
    using raw = await openRawSocket(portOf(test));
    raw.send(frame('{', { last: false }));
    const empty = frame('', { opcode: 0, last: false });
    const flood = Buffer.concat(Array.from({ length: 20_000 }, () => empty));
    raw.send(flood);
    const code = await raw.closed;
    assert.ok(code === 1008 || code === 1009, `${code}`);
    await lives(test);
  });

  it('permessage-deflate: a bomb is not unpacked, for nothing is', async () => {
    await using test = await startTestGateway();
    using raw = await openRawSocket(portOf(test), ['Sec-WebSocket-Extensions: permessage-deflate']);
    raw.send(frame(deflateRawSync(Buffer.alloc(50_000_000)), { reserved: 4 }));
    // By its size alone, or for the bit of an extension that was not agreed upon.
    assert.ok([1002, 1009].includes((await raw.closed) ?? 0));
    await lives(test);
  });
});

describe('a WebSocket client that never reads', { timeout: 60_000 }, () => {
  const ack = async (test: TestGateway) => {
    const raw = await openRawSocket(portOf(test));
    raw.send(frame(INIT));
    await until(() => raw.received.includes('connection_ack'));
    raw.socket.pause();
    return raw;
  };
  const floods = {
    pings: () => frame('x'.repeat(125), { opcode: 9 }),
    'pings of the protocol': () => frame(`{"type":"ping","payload":{"x":"${'x'.repeat(500)}"}}`),
    'operations that are refused': (n: number) => frame(subscribe(`${n}`, `{ ${'nothing '.repeat(50)} }`)),
  };
  for (const [name, bytes] of Object.entries<(n: number) => Buffer>(floods))
    it(`CVE-2026-48779: is held back or cut, and fills no memory with answers to ${name}`, async () => {
      await using test = await startTestGateway();
      using raw = await ack(test);
      // What is held back no longer goes: where it were read for ever, all of it would.
      let isStopped = false;
      for (let n = 0; n < 400 && !isStopped; n += 1) {
        raw.socket.write(Buffer.concat(Array.from({ length: 1_000 }, (_, m) => bytes(n * 1_000 + m))));
        await new Promise((resolve) => setImmediate(resolve));
        isStopped = raw.socket.writableLength > 8_000_000 || raw.socket.destroyed;
      }
      await lives(test);
      assert.ok(isStopped, `${raw.socket.writableLength} bytes wait`);
    });

  it('has so many operations at a time, and an error for each one more', async () => {
    await using test = await startTestGateway({
      config: { limits: v.parse(limitsSchema, { max_socket_operations: 3 }) },
    });
    const socket = new WebSocket(test.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    const answers: string[] = [];
    socket.on('message', (data) => void answers.push(String(data)));
    socket.send(INIT);
    await until(() => answers.length === 1);
    for (let n = 0; n < 5; n += 1) socket.send(subscribe(`${n}`, 'subscription { forever }'));
    await until(() => answers.filter((text) => text.includes('MAX_SOCKET_OPERATIONS_LIMIT')).length === 2);
    assert.equal(answers.filter((text) => text.includes('"forever":1')).length, 3);
    // Each that ends makes room for one.
    socket.send('{"id":"0","type":"complete"}');
    await test.probe.ended;
    socket.send(subscribe('9'));
    await until(() => answers.some((text) => text.includes('world')));
    socket.terminate();
    await until(() => test.snapshot.users === 0);
  });

  it('leaves no generation held by using an id again and again', async () => {
    await using test = await startTestGateway();
    const socket = new WebSocket(test.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    const answers: string[] = [];
    socket.on('message', (data) => void answers.push(String(data)));
    socket.send(INIT);
    await until(() => answers.length === 1);
    for (let n = 0; n < 20; n += 1) {
      socket.send(subscribe('1', '{ slow }'));
      await until(() => test.probe.executions === n + 1);
      socket.send('{"id":"1","type":"complete"}');
    }
    await test.probe.slowStarted;
    test.probe.releaseSlow();
    socket.send(subscribe('2'));
    await until(() => answers.some((text) => text.includes('world')));
    socket.close();
    await once(socket, 'close');
    await until(() => test.snapshot.users === 0);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { behaviours } from './behaviour.ts';
import type { Behaviour } from './support/Behaviour.ts';
import { type Sent, send } from './support/send.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const lanes = [true, false].map((fastLane) => ({
  name: fastLane ? 'with the fast lane' : 'through Yoga alone',
  fastLane,
}));

function check(expected: Behaviour, sent: Sent): void {
  assert.equal(sent.status, expected.status, sent.body);
  const type = expected.type === undefined ? 'application/json; charset=utf-8' : (expected.type ?? undefined);
  assert.equal(sent.headers['content-type'], type);
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    assert.equal(sent.headers[name], value, `header ${name}`);
  if (expected.never !== undefined) assert.ok(!sent.body.includes(expected.never), sent.body);
  if (sent.body === '') return;
  const body = JSON.parse(sent.body) as {
    data?: unknown;
    errors?: { locations?: unknown; extensions?: Record<string, unknown> }[];
  };
  assert.deepEqual(body.data, expected.data);
  assert.equal(body.errors?.[0]?.extensions?.['code'], expected.code, sent.body);
  assert.equal(body.errors?.[0]?.extensions?.['http'], undefined);
  if (expected.locations !== undefined)
    assert.equal(body.errors?.[0]?.locations !== undefined, expected.locations, sent.body);
}

for (const lane of lanes) {
  describe(`HTTP ${lane.name}`, () => {
    let test: TestGateway;
    before(async () => {
      test = await startTestGateway({ fastLane: lane.fastLane });
    });
    after(() => test.gateway.close());

    for (const behaviour of behaviours) {
      it(behaviour.name, async () =>
        check(behaviour, await send(`${test.url}${behaviour.search ?? ''}`, behaviour.request)),
      );
    }

    it('gives the same answer to a document that it knows', async () => {
      const request = {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ nothing }' }),
      };
      const first = await send(test.url, request);
      assert.equal((await send(test.url, request)).body, first.body);
      const named = (operationName: string) =>
        send(test.url, { ...request, body: JSON.stringify({ query: 'query A { hello }', operationName }) });
      assert.match((await named('B')).body, /OPERATION_RESOLUTION_FAILED/);
      assert.equal((await named('A')).body, '{"data":{"hello":"world"}}');
    });

    it('ran no mutation that came by GET', () => assert.equal(test.probe.bumps, 0));
    it('holds no snapshot when all requests have ended', () => assert.equal(test.snapshot.users, 0));
  });
}

describe('the two lanes', () => {
  it('cannot be told apart', async () => {
    await using fast = await startTestGateway({ fastLane: true });
    await using slow = await startTestGateway({ fastLane: false });
    for (const { name, request, search = '' } of behaviours) {
      const [a, b] = await Promise.all([send(`${fast.url}${search}`, request), send(`${slow.url}${search}`, request)]);
      assert.deepEqual(comparable(a), comparable(b), name);
    }
  });
});

/** All but the time of day. */
function comparable({ status, headers: { date: _date, ...headers }, body }: Sent): unknown {
  return { status, headers, body };
}

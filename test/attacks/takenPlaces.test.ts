import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openTestDoor } from '../plugins/authentication/support/openTestDoor.ts';
import { transports } from '../plugins/authentication/support/transports.ts';
import { send } from '../server/support/send.ts';
import { startTestGateway } from '../server/support/startTestGateway.ts';

const SELF = '{ self { self { self { hello } } } }';
const onePlace = { rules: [{ name: 'one', key: 'all', concurrency: 1 }] };
const json = { 'content-type': 'application/json' };

// A few requests that never run would otherwise lock out everybody who shares the limit, for as long as the process lives.
describe('places at a time are given back by operations that never run', { timeout: 30_000 }, () => {
  for (const fastLane of [true, false]) {
    it(`for want of a stream (${fastLane ? 'fast lane' : 'Yoga'})`, async () => {
      await using test = await startTestGateway({ fastLane, frontDoor: await openTestDoor({ rate_limit: onePlace }) });
      const ask = async (query: string) =>
        (await send(test.url, { headers: json, body: JSON.stringify({ query }) })).body;
      for (let n = 0; n < 2; n += 1) assert.match(await ask('subscription { ticks(to: 1) }'), /NOT_ACCEPTABLE/);
      assert.match(await ask('{ hello }'), /world/);
    });
  }

  for (const transport of transports) {
    it(`for their cost, over ${transport.name}`, async () => {
      const frontDoor = await openTestDoor({ rate_limit: onePlace, demand_control: { max: 2 } });
      await using test = await startTestGateway({ fastLane: transport.fastLane, frontDoor });
      for (let n = 0; n < 2; n += 1)
        assert.match((await transport.ask(test.url, {}, SELF)).body, /COST_ESTIMATED_TOO_EXPENSIVE/);
      const hello = transport.name.startsWith('multipart') || transport.name === 'SSE' ? undefined : '{ hello }';
      assert.match((await transport.ask(test.url, {}, hello)).body, /"hello":"world"|"ticks":1/);
    });
  }

  it('because a plugin answers in their place', async () => {
    await using test = await startTestGateway({
      frontDoor: await openTestDoor({ rate_limit: onePlace }),
      plugins: [{ onExecute: ({ setResultAndStopExecution }) => setResultAndStopExecution({ data: { kept: true } }) }],
    });
    for (let n = 0; n < 3; n += 1)
      assert.match((await send(test.url, { headers: json, body: '{"query":"{ hello }"}' })).body, /kept/);
  });
});

describe('limits by cost', { timeout: 30_000 }, () => {
  const open = async (demand_control: object) =>
    startTestGateway({
      frontDoor: await openTestDoor({
        demand_control,
        rate_limit: { rules: [{ name: 'work', key: 'all', count: 'cost', rate: 10, window: '1h' }] },
      }),
    });

  it('charge what an operation is estimated to cost, before it runs', async () => {
    await using test = await open({ mode: 'measure' });
    const ask = async () => (await send(test.url, { headers: json, body: JSON.stringify({ query: SELF }) })).body;
    for (let n = 0; n < 3; n += 1) assert.match(await ask(), /world/);
    assert.match(await ask(), /RATE_LIMITED/);
    assert.equal(test.probe.executions, 3);
  });

  it('give back what did not come', async () => {
    await using test = await open({ mode: 'measure' });
    const ask = async (query: string) => {
      const { body, headers } = await send(test.url, { headers: json, body: JSON.stringify({ query }) });
      return { body, left: /r=(\d+)/.exec(String(headers['ratelimit']))?.[1] };
    };
    // Its variable skips nothing of the estimate; the answer is null above what costs.
    assert.equal((await ask('{ self { throws self { hello } } }')).left, '8');
    assert.equal((await ask('{ hello }')).left, '8');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GatewayPlugin } from '../../../src/plugins/GatewayPlugin.ts';
import { send } from '../../server/support/send.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import { openTestDoor } from '../authentication/support/openTestDoor.ts';
import { transports } from '../authentication/support/transports.ts';

const SELF = '{ self { self { self { hello } } } }';

async function open(demand_control: object, plugins: readonly GatewayPlugin[] = []) {
  const test = await startTestGateway({ frontDoor: await openTestDoor({ demand_control }), plugins });
  const ask = async (query: string) => {
    const headers = { 'content-type': 'application/json', 'x-admin': 'yes' };
    const { status, body } = await send(test.url, { headers, body: JSON.stringify({ query }) });
    return { status, body, result: JSON.parse(body) as { extensions?: unknown; errors?: { extensions: object }[] } };
  };
  return { test, ask, [Symbol.asyncDispose]: () => test.gateway.close() };
}

describe('demand control', { timeout: 30_000 }, () => {
  it('refuses what costs too much, before anything is asked', async () => {
    await using door = await open({ max: 2 });
    const { status, result } = await door.ask(SELF);
    assert.equal(status, 200);
    assert.deepEqual(result.errors?.[0]?.extensions, {
      code: 'COST_ESTIMATED_TOO_EXPENSIVE',
      cost: { estimated: 3, max: 2 },
    });
    assert.equal(door.test.probe.executions, 0);
    assert.match((await door.ask('{ self { hello } }')).body, /"hello":"world"/);
  });

  for (const transport of transports) {
    it(`does so over ${transport.name}`, async () => {
      await using test = await startTestGateway({
        fastLane: transport.fastLane,
        frontDoor: await openTestDoor({ demand_control: { strategy: { static_estimated: { max: 2 } } } }),
      });
      const { body } = await transport.ask(test.url, {}, SELF);
      assert.match(body, /COST_ESTIMATED_TOO_EXPENSIVE/);
      // An `error` frame: the client of a WebSocket rejects with the errors themselves.
      if (transport.refusal === 4403) assert.match(body, /^\[\{"message"/);
      assert.equal(test.probe.executions, 0);
      assert.equal(test.snapshot.users, 0);
    });
  }

  it('only counts where it is to measure, and tells whom it may', async () => {
    const costs: unknown[] = [];
    const reading: GatewayPlugin = {
      onExecute: ({ args }) => ({
        onExecuteDone: () => void costs.push((args.contextValue as { cost?: unknown }).cost),
      }),
    };
    await using door = await open({ mode: 'measure', max: 2, expose: 'headers["x-admin"] == "yes"' }, [reading]);
    const { result } = await door.ask(SELF);
    assert.deepEqual(result.extensions, { cost: { estimated: 3, actual: 3, subgraphs: {} } });
    await using hidden = await open({ mode: 'measure', expose: 'headers["x-admin"] == "no"' });
    assert.equal((await hidden.ask(SELF)).result.extensions, undefined);
    await using absent = await open({ mode: 'measure', expose: 'caller.claims.admin == true' });
    assert.equal((await absent.ask(SELF)).result.extensions, undefined);
    assert.deepEqual(costs, [{ estimated: 3, actual: 3 }]);
  });

  it('sums up what was asked for, for whoever reads that', async () => {
    const frontDoor = await openTestDoor({ demand_control: { max: 2 } });
    await using test = await startTestGateway({ frontDoor });
    const headers = { 'content-type': 'application/json' };
    const ask = (query: string) => send(test.url, { headers, body: JSON.stringify({ query }) });
    for (const query of ['{ hello }', '{ self { self { hello } } }', '{ throws }', SELF, SELF]) await ask(query);
    assert.deepEqual(frontDoor.demandTotals?.operations, {
      count: 3,
      estimated: 2,
      actual: 2,
      refused: 2,
      exceeding: 2,
    });
    const measuring = await openTestDoor({ demand_control: { mode: 'measure', max: 2 } });
    await using other = await startTestGateway({ frontDoor: measuring });
    await send(other.url, { headers, body: JSON.stringify({ query: SELF }) });
    assert.deepEqual(measuring.demandTotals?.operations, {
      count: 1,
      estimated: 3,
      actual: 3,
      refused: 0,
      exceeding: 1,
    });
  });
});

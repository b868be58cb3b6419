import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { hashOf } from '../../src/plugins/hashOf.ts';
import type { FrontDoor } from '../../src/server/frontDoor/openFrontDoor.ts';
import { send } from '../server/support/send.ts';
import { startTestGateway } from '../server/support/startTestGateway.ts';
import { openTestDoor } from './authentication/support/openTestDoor.ts';
import { transports } from './authentication/support/transports.ts';

const BUMP = 'mutation Bump { bump }';
const SUBGRAPHS = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];
const keys = {
  keys: [
    { hash: await hashOf('reads'), consumer: 'ann', scopes: ['read'] },
    { hash: await hashOf('writes'), consumer: 'bob', scopes: ['read', 'write'] },
  ],
};
const authentication = { api_keys: keys, anonymous: true };
const unlessWrite = '!("write" in caller.scopes)';

for (const transport of transports) {
  describe(`blocked operations, ${transport.name}`, { timeout: 30_000 }, () => {
    const isSocket = transport.name.startsWith('WebSocket');
    const open = (frontDoor: FrontDoor) => startTestGateway({ fastLane: transport.fastLane, frontDoor });

    it('are mutations where the configuration says so, and only these', async () => {
      await using test = await open(await openTestDoor({ security: { block_mutations: true } }));
      const refused = await transport.ask(test.url, {}, BUMP);
      // Of a GET it is said first that mutations never come so.
      const [status, code] = transport.name === 'GET' ? [405, 'METHOD_NOT_ALLOWED'] : [403, 'OPERATION_BLOCKED'];
      assert.match(refused.body, new RegExp(`"code":"${code}"`));
      if (!isSocket) assert.equal(refused.status, status);
      assert.equal(test.probe.executions, 0);
      assert.equal((await transport.ask(test.url, {})).status, 200);
      // Not by a name that another operation of the document has.
      const hidden = await transport.ask(test.url, {}, `{ hello } ${BUMP}`);
      assert.match(hidden.body, /OPERATION_RESOLUTION_FAILED/);
      assert.equal(test.probe.bumps, 0);
    });

    it('are subscriptions', async () => {
      await using test = await open(await openTestDoor({ security: { block_subscriptions: 'true' } }));
      const { body } = await transport.ask(test.url, {}, 'subscription { ticks(to: 1) }');
      assert.match(body, /"code":"OPERATION_BLOCKED"/);
      assert.match(body, /This subscription is not accepted here \(\\?"security.block_subscriptions\\?"\)/);
      const bumped = await transport.ask(test.url, {}, BUMP);
      if (transport.name !== 'GET') assert.match(bumped.body, /"bump":1/);
    });

    it('are those of whoever an expression names; what it cannot tell is blocked', async () => {
      if (transport.name === 'GET') return;
      const door = { authentication, security: { block_mutations: { condition: unlessWrite } } };
      await using test = await open(await openTestDoor(door));
      const ask = async (key?: string) =>
        (await transport.ask(test.url, key === undefined ? {} : { headers: { 'x-api-key': key } }, BUMP)).body;
      assert.match(await ask('writes'), /"bump":1/);
      assert.match(await ask('reads'), /OPERATION_BLOCKED/);
      assert.match(await ask(), /OPERATION_BLOCKED/);
      assert.equal(test.probe.bumps, 1);
    });
  });
}

describe('blocked operations', { timeout: 30_000 }, () => {
  it('are none where it is switched off, and cost no hook', async () => {
    for (const security of [
      {},
      { block_mutations: false },
      { block_mutations: { enabled: false, condition: 'true' } },
    ]) {
      await using test = await startTestGateway({ frontDoor: await openTestDoor({ security }) });
      const { body } = await send(test.url, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: BUMP }),
      });
      assert.equal(body, '{"data":{"bump":1}}');
    }
    assert.equal((await openTestDoor({})).plugins.blockedOperations, undefined);
  });

  it('are refused in a batch, too, each by itself', async () => {
    const frontDoor = await openTestDoor({ security: { block_mutations: true } });
    await using test = await startTestGateway({ frontDoor, config: { batching: { limit: 2 } } });
    const { body } = await send(test.url, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query: BUMP }, { query: '{ hello }' }]),
    });
    assert.match(body, /OPERATION_BLOCKED.*\{"data":\{"hello":"world"\}\}\]$/);
  });

  it('are decided by the operation, too, and change with the configuration', async () => {
    const frontDoor = await openTestDoor({ security: { block_mutations: 'operation.name == "Bump"' } });
    await using test = await startTestGateway({ frontDoor });
    const ask = async (query: string) =>
      (await send(test.url, { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) })).body;
    assert.match(await ask(BUMP), /OPERATION_BLOCKED/);
    assert.match(await ask('mutation Other { bump }'), /"bump":1/);
    const read = async (security?: object) =>
      (await loadConfig({ directory: process.cwd(), input: { subgraphs: SUBGRAPHS, security } })).config;
    await frontDoor.update?.(await read({ block_mutations: true }));
    assert.match(await ask('mutation Other { bump }'), /OPERATION_BLOCKED/);
    await frontDoor.update?.(await read());
    assert.match(await ask(BUMP), /"bump":2/);
  });

  it('have to be told by expressions that give yes or no', async () => {
    for (const security of [
      { block_mutations: 'caller.' },
      { block_mutations: { condition: '"text"' } },
      { block_subscriptions: '1 + 1' },
    ])
      await assert.rejects(openTestDoor({ security }), (error) =>
        /security\.block_(mutations(\.condition)?|subscriptions)".*Expected an expression/.test(JSON.stringify(error)),
      );
    await assert.rejects(openTestDoor({ security: { block_mutation: true } }), (error) =>
      /did you mean \\"block_mutations/.test(JSON.stringify(error)),
    );
  });
});

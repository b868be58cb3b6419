import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressRules } from '../../../src/server/frontDoor/addressRules.ts';
import { openTestDoor } from '../../plugins/authentication/support/openTestDoor.ts';
import { transports } from '../../plugins/authentication/support/transports.ts';
import { startTestGateway } from '../support/startTestGateway.ts';

describe('addresses', { timeout: 30_000 }, () => {
  it('are allowed and denied by themselves and by their networks', () => {
    const isAllowed = addressRules({
      allow: ['10.0.0.0/8', '2001:db8::/32', '1.2.3.4'],
      deny: ['10.6.6.0/24', '10.0.0.1'],
    });
    for (const address of ['10.1.2.3', '2001:db8::7', '1.2.3.4']) assert.equal(isAllowed(address), true, address);
    for (const address of ['10.6.6.6', '10.0.0.1', '11.0.0.1', '2001:db9::1', '1.2.3.5', 'nonsense', undefined])
      assert.equal(isAllowed(address), false, String(address));
    const open = addressRules({ deny: ['::1/128', '6.6.6.6'] });
    for (const address of ['1.2.3.4', undefined]) assert.equal(open(address), true);
    for (const address of ['::1', '6.6.6.6']) assert.equal(open(address), false);
  });

  for (const transport of transports) {
    it(`are looked at over ${transport.name}`, async () => {
      const open = async (addresses: object, trusted_hops = 0) =>
        startTestGateway({
          fastLane: transport.fastLane,
          config: { trusted_hops },
          frontDoor: await openTestDoor({ addresses }),
        });
      await using inside = await open({ allow: ['127.0.0.0/8'] });
      assert.equal((await transport.ask(inside.url, {})).status, 200);
      await using outside = await open({ deny: ['127.0.0.1'] });
      const refused = await transport.ask(outside.url, {});
      assert.equal(refused.status, transport.refusal === 401 ? 403 : 4403);
      assert.equal(outside.probe.executions, 0);
      if (transport.name.startsWith('WebSocket, conn')) return;
      await using behind = await open({ deny: ['6.6.6.6'] }, 1);
      const forwarded = { headers: { 'x-forwarded-for': '1.2.3.4, 6.6.6.6' } };
      assert.notEqual((await transport.ask(behind.url, forwarded)).status, 200);
      const spoofed = { headers: { 'x-forwarded-for': '6.6.6.6, 1.2.3.4' } };
      assert.equal((await transport.ask(behind.url, spoofed)).status, 200);
    });
  }

  it('have to be ones', async () => {
    for (const address of ['10.0.0.0/33', 'localhost', '10.0.0', '::1/129', '1.2.3.4/8/8'])
      await assert.rejects(openTestDoor({ addresses: { allow: [address] } }), (error) =>
        /Expected an address such as/.test(JSON.stringify(error)),
      );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import type { GatewayPlugin } from '../../src/plugins/GatewayPlugin.ts';
import { JSON_TYPE } from './support/Behaviour.ts';
import { collect } from './support/collect.ts';
import { send } from './support/send.ts';
import { startTestGateway } from './support/startTestGateway.ts';

/** Rewrites, answers or refuses by the text of the query. */
const steering: GatewayPlugin = {
  async onParams({ params, setParams, setResult, context }) {
    if (params.query === 'rewritten') setParams({ ...params, query: '{ hello }' });
    if (params.query === 'answered') setResult({ data: { known: 1 } });
    if (params.query === 'refused') throw new GatewayError('BAD_REQUEST', 'Not this one.');
    if (params.query === 'address') setResult({ data: { address: context.clientAddress?.() } });
  },
};

for (const lane of ['fast', 'yoga', 'ws'] as const) {
  describe(`hooks before parse, ${lane}`, () => {
    const ask = async (url: string, query: string): Promise<string> => {
      if (lane !== 'ws') return (await send(url, { headers: JSON_TYPE, body: JSON.stringify({ query }) })).body;
      const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
      try {
        return JSON.stringify((await collect(client.iterate({ query })))[0]);
      } catch (errors) {
        return JSON.stringify({ errors });
      } finally {
        await client.dispose();
      }
    };

    it('rewrite, answer and refuse', async () => {
      await using test = await startTestGateway({ plugins: [steering], fastLane: lane === 'fast' });
      assert.equal(await ask(test.url, 'rewritten'), '{"data":{"hello":"world"}}');
      assert.equal(await ask(test.url, 'answered'), '{"data":{"known":1}}');
      assert.match(await ask(test.url, 'refused'), /Not this one\..*BAD_REQUEST/);
      assert.equal(await ask(test.url, 'address'), '{"data":{"address":"127.0.0.1"}}');
      assert.equal(test.snapshot.users, 0);
    });
  });
}

describe('hooks at connection_init', () => {
  it('refuse with 4403 and a reason', async () => {
    const onConnect = () => {
      throw new GatewayError('BAD_REQUEST', 'Not today.');
    };
    await using test = await startTestGateway({ plugins: [{ onConnect }] });
    const client = createClient({ url: test.url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
    await assert.rejects(collect(client.iterate({ query: '{ hello }' })), { code: 4403, reason: 'Not today.' });
    await client.dispose();
  });

  it('let a socket live as long as the credentials of its caller', async () => {
    const plugin: GatewayPlugin = {
      onConnect({ context }) {
        context.caller = { key: 'a', id: 'a', method: 'jwt', scopes: [], claims: {}, expires: Date.now() + 150 };
      },
    };
    await using test = await startTestGateway({ plugins: [plugin] });
    const client = createClient({ url: test.url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
    const events = client.iterate({ query: 'subscription { forever }' });
    assert.deepEqual((await events.next()).value, { data: { forever: 1 } });
    await assert.rejects(events.next(), { code: 4403, reason: 'The credentials have expired.' });
    await test.probe.ended;
    await client.dispose();
  });
});

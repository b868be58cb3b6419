import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { collect } from '../../../server/support/collect.ts';
import { lanes, startLimited } from '../support/startLimited.ts';

for (const lane of lanes) {
  describe(`limits of fields, ${lane}`, { timeout: 20_000 }, () => {
    it('refuse the field, with null and an error at its place, and the rest is answered', async () => {
      await using limited = await startLimited(
        { rules: [{ name: 'secrets', fields: ['Query.echo'], rate: 1, window: '1m' }] },
        { lane },
      );
      const query = '{ hello echo(text: "a") again: echo(text: "b") self { hello } }';
      const { data, code, message, retryAfter, sent, isErrorFrame } = await limited.ask(query);
      assert.equal(JSON.stringify(data), '{"hello":"world","echo":"a","again":null,"self":{"hello":"world"}}');
      assert.deepEqual(
        [code, retryAfter, isErrorFrame ?? false, sent?.status ?? 200],
        ['RATE_LIMITED', 60, false, 200],
      );
      assert.equal(message, 'The limit "secrets" (1 request in 60 s, 1 at once) is reached; try again in 60 s.');
      if (sent !== undefined) {
        assert.equal(sent.headers['retry-after'], undefined);
        const [error] = (JSON.parse(sent.body) as { errors: Record<string, unknown>[] }).errors;
        assert.deepEqual(error, {
          message,
          locations: [{ line: 1, column: 25 }],
          path: ['again'],
          extensions: { code: 'RATE_LIMITED', limit: 'secrets', retryAfter: 60 },
        });
      }
      assert.deepEqual((await limited.ask('{ hello }')).data, { hello: 'world' });
      limited.clock.time += 60_000;
      assert.deepEqual((await limited.ask('{ echo(text: "c") }')).data, { echo: 'c' });
    });

    it('may be counted by arguments and caller, and never run what they refuse', async () => {
      await using limited = await startLimited(
        {
          rules: [
            { name: 'texts', fields: ['Query.echo'], key: ['caller', 'string(args.text)'], rate: 1, window: '1m' },
            { name: 'bumps', fields: ['Mutation.bump'], key: 'all', rate: 1, window: '1m' },
          ],
        },
        { lane },
      );
      const ask = async (text: string, caller: string) =>
        (await limited.ask(`{ echo(text: "${text}") }`, { caller })).data?.['echo'];
      assert.deepEqual(
        [await ask('a', 'ann'), await ask('a', 'ann'), await ask('b', 'ann'), await ask('a', 'bob')],
        ['a', null, 'b', 'a'],
      );
      assert.deepEqual((await limited.ask('mutation { bump }')).data, { bump: 1 });
      const refused = await limited.ask('mutation { bump }');
      assert.deepEqual([refused.data, refused.code], [null, 'RATE_LIMITED']);
      assert.equal(limited.test.probe.bumps, 1);
    });
  });
}

describe('the limit of a subscription field', { timeout: 20_000 }, () => {
  const section = {
    rules: [
      { name: 'ticks', fields: ['Subscription.ticks'], rate: 1, window: '1m' as const },
      { name: 'all', key: 'all', rate: 3, window: '1h' as const, concurrency: 1 },
    ],
  };

  it('refuses the whole subscription: 429 over HTTP', async () => {
    await using limited = await startLimited(section, { lane: 'yoga' });
    const headers = { accept: 'text/event-stream' };
    const open = () =>
      fetch(limited.test.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"query":"subscription { ticks(to: 1) }"}',
      });
    assert.match(await (await open()).text(), /"ticks":1/);
    const refused = await open();
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '60']);
    assert.match(await refused.text(), /RATE_LIMITED/);
    // Nothing is charged for it, nor held.
    const { sent } = await limited.ask('{ hello }');
    assert.match(String(sent?.headers['ratelimit']), /"all";r=1;.*"all-concurrency";r=0/);
  });

  it('refuses the whole subscription: an error frame over WebSocket', async () => {
    await using limited = await startLimited(section, { lane: 'ws' });
    const url = limited.test.url.replace('http', 'ws');
    const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
    const query = 'subscription { ticks(to: 2) }';
    assert.equal((await collect(client.iterate({ query }))).length, 2);
    await assert.rejects(collect(client.iterate({ query })), (errors) => {
      assert.match(JSON.stringify(errors), /RATE_LIMITED/);
      return true;
    });
    await client.dispose();
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GatewayPlugin } from '../../../src/plugins/GatewayPlugin.ts';
import { lanes, startLimited } from './support/startLimited.ts';

for (const lane of lanes) {
  describe(`rate limits, ${lane}`, { timeout: 20_000 }, () => {
    it('refuse past the burst, say when to come back, and admit then', async () => {
      await using limited = await startLimited(
        { rules: [{ name: 'each', rate: 2, window: '10s', burst: 3 }] },
        { lane },
      );
      for (let left = 2; left >= 0; left -= 1) {
        const reply = await limited.ask('{ hello }');
        assert.deepEqual(reply.data, { hello: 'world' });
        assert.equal(
          reply.sent?.headers['ratelimit'] ?? 'over ws',
          lane === 'ws' ? 'over ws' : `"each";r=${left};t=${(3 - left) * 5}`,
        );
      }
      const refused = await limited.ask('{ hello }');
      assert.equal(refused.code, 'RATE_LIMITED');
      assert.equal(refused.message, 'The limit "each" (2 requests in 10 s, 3 at once) is reached; try again in 5 s.');
      assert.equal(refused.retryAfter, 5);
      assert.equal(refused.data, undefined);
      if (lane === 'ws') assert.equal(refused.isErrorFrame, true);
      else {
        assert.equal(refused.sent?.status, 429);
        assert.equal(refused.sent.headers['retry-after'], '5');
        assert.equal(refused.sent.headers['ratelimit'], '"each";r=0;t=5');
        assert.equal(refused.sent.headers['ratelimit-policy'], '"each";q=2;w=10');
      }
      limited.clock.time += 4_999;
      assert.equal((await limited.ask('{ hello }')).retryAfter, 1);
      limited.clock.time += 1;
      assert.deepEqual((await limited.ask('{ hello }')).data, { hello: 'world' });
    });

    it('count each caller, and those without a name by address', async () => {
      await using limited = await startLimited({ rules: [{ name: 'each', rate: 1, window: '1m' }] }, { lane });
      const code = async (caller?: string) =>
        (await limited.ask('{ hello }', caller === undefined ? {} : { caller })).code;
      assert.deepEqual(
        [await code('ann'), await code('ann'), await code('bob')],
        [undefined, 'RATE_LIMITED', undefined],
      );
      assert.deepEqual([await code(), await code()], [undefined, 'RATE_LIMITED']);
      // A name that looks like an address is not that address.
      const likeness = { caller: 'eve', headers: { 'x-key': '127.0.0.1' } };
      assert.equal((await limited.ask('{ hello }', likeness)).code, undefined);
    });

    it('count what cannot be parsed, too', async () => {
      await using limited = await startLimited({ rules: [{ name: 'each', rate: 1, window: '1m' }] }, { lane });
      assert.equal((await limited.ask('{ hello')).code, 'GRAPHQL_PARSE_FAILED');
      assert.equal((await limited.ask('{ hello }')).code, 'RATE_LIMITED');
    });

    it('by operation are judged before it runs, and give back what was taken before', async () => {
      await using limited = await startLimited(
        {
          rules: [
            { name: 'all', key: 'all', rate: 10, window: '1m' },
            { name: 'bumps', key: 'operation', when: 'operation.kind == "mutation"', rate: 1, window: '1m' },
          ],
        },
        { lane },
      );
      assert.deepEqual((await limited.ask('mutation A { bump }')).data, { bump: 1 });
      const refused = await limited.ask('mutation A { bump }');
      assert.deepEqual([refused.code, refused.isErrorFrame ?? true], ['RATE_LIMITED', true]);
      assert.match(refused.message ?? '', /"bumps"/);
      if (lane !== 'ws') assert.equal(refused.sent?.headers['ratelimit'], '"bumps";r=0;t=60');
      assert.deepEqual((await limited.ask('mutation B { bump }')).data, { bump: 2 });
      const { data, sent } = await limited.ask('query A { hello }');
      assert.deepEqual(data, { hello: 'world' });
      // One for A, one for B and this; nothing for the one that was refused.
      if (lane !== 'ws') assert.equal(sent?.headers['ratelimit'], '"all";r=7;t=18');
      assert.equal(limited.test.probe.bumps, 2);
    });

    it('charge no rule where one refuses', async () => {
      await using limited = await startLimited(
        {
          rules: [
            { name: 'wide', key: 'all', rate: 3, window: '1m' },
            { name: 'narrow', rate: 1, window: '1m' },
          ],
        },
        { lane },
      );
      const code = async (caller: string) => (await limited.ask('{ hello }', { caller })).code;
      assert.equal(await code('ann'), undefined);
      for (let tries = 0; tries < 5; tries += 1) assert.equal(await code('ann'), 'RATE_LIMITED');
      assert.deepEqual(
        [await code('bob'), await code('eve'), await code('dan')],
        [undefined, undefined, 'RATE_LIMITED'],
      );
    });

    it('hold operations at a time until they have ended', async () => {
      await using limited = await startLimited({ rules: [{ name: 'few', concurrency: 1 }] }, { lane });
      const slow = limited.ask('{ slow }');
      await limited.test.probe.slowStarted;
      const refused = await limited.ask('{ hello }');
      assert.deepEqual([refused.code, refused.retryAfter, refused.isErrorFrame ?? true], ['RATE_LIMITED', 1, true]);
      limited.test.probe.releaseSlow();
      assert.deepEqual((await slow).data, { slow: 'done' });
      assert.deepEqual((await limited.ask('{ throws }')).data, { throws: null });
      assert.equal((await limited.ask('{ nowhere }')).code, 'GRAPHQL_VALIDATION_FAILED');
      assert.deepEqual((await limited.ask('{ hello }')).data, { hello: 'world' });
    });

    it('give a place at a time back where something else stops the operation', async () => {
      const stopping: GatewayPlugin = {
        onExecute({ context, setResultAndStopExecution }) {
          const { headers } = context as unknown as { readonly headers: Headers };
          if (headers.get('x-stop') !== null) setResultAndStopExecution({ data: { hello: 'stopped' } });
          if (headers.get('x-throw') !== null) throw new Error('broken');
        },
      };
      await using limited = await startLimited(
        { rules: [{ name: 'one', concurrency: 1 }] },
        { lane, plugins: [stopping] },
      );
      assert.deepEqual((await limited.ask('{ hello }', { headers: { 'x-stop': '1' } })).data, { hello: 'stopped' });
      assert.equal((await limited.ask('{ hello }', { headers: { 'x-throw': '1' } })).code, 'INTERNAL_SERVER_ERROR');
      // Refused over plain HTTP, before it starts.
      const { code } = await limited.ask('subscription { ticks(to: 1) }');
      assert.equal(code, lane === 'ws' ? undefined : 'NOT_ACCEPTABLE');
      assert.deepEqual((await limited.ask('{ hello }')).data, { hello: 'world' });
    });

    it('by cost charge what is told as late as at execution, and settle what is told after it', async () => {
      const costing: GatewayPlugin = {
        onExecute({ args }) {
          const cost: { estimated: number; actual?: number } = { estimated: 60 };
          Object.assign(args.contextValue as object, { cost });
          return {
            onExecuteDone() {
              cost.actual = 10;
            },
          };
        },
      };
      await using limited = await startLimited(
        {
          rules: [
            { name: 'work', count: 'cost', rate: 100, window: '100s' },
            { name: 'all', key: 'all', rate: 9, window: '9s' },
          ],
        },
        { lane, plugins: [costing] },
      );
      for (let count = 1; count <= 5; count += 1) {
        const { data, sent } = await limited.ask('{ hello }');
        assert.deepEqual(data, { hello: 'world' });
        if (sent !== undefined)
          assert.equal(
            sent.headers['ratelimit'],
            `"all";r=${9 - count};t=${count}, "work";r=${50 - count * 10};t=${50 + count * 10}`,
          );
      }
      assert.equal((await limited.ask('{ hello }')).code, 'RATE_LIMITED');
    });

    it('by cost charge the estimate and settle the difference', async () => {
      let actual: number | undefined;
      const costing: GatewayPlugin = {
        onParams({ context }) {
          const cost = {
            estimated: Number(context.headers.get('x-cost')),
            get actual() {
              return actual;
            },
          };
          Object.assign(context, { cost });
        },
      };
      await using limited = await startLimited(
        { rules: [{ name: 'work', count: 'cost', rate: 100, window: '100s' }] },
        { lane, plugins: [costing] },
      );
      const ask = (cost: number) => limited.ask('{ hello }', { headers: { 'x-cost': String(cost) } });
      assert.equal(
        (await ask(101)).message,
        'This operation counts as 101, which is more than the limit "work" (100 units of cost in 100 s, 100 at once) ever allows.',
      );
      assert.deepEqual((await ask(80)).data, { hello: 'world' });
      assert.equal((await ask(21)).retryAfter, 1);
      actual = 5;
      // 15 are given back, so that 85 are used; then 20 more than estimated make 108.
      assert.deepEqual((await ask(20)).data, { hello: 'world' });
      actual = 23;
      assert.deepEqual((await ask(3)).data, { hello: 'world' });
      assert.equal((await ask(1)).retryAfter, 9);
    });
  });
}

for (const lane of ['fast', 'yoga'] as const) {
  describe(`headers of limits, ${lane}`, () => {
    it('are shown to pages of other origins', async () => {
      await using limited = await startLimited({ rules: [{ name: 'each', rate: 1, window: '1m' }] }, { lane });
      const exposed = async (headers: Record<string, string>) =>
        (await limited.ask('{ hello }', { headers })).sent?.headers['access-control-expose-headers'];
      assert.equal(await exposed({}), undefined);
      assert.equal(await exposed({ origin: 'https://a.example' }), 'RateLimit, RateLimit-Policy, Retry-After');
    });

    it('say nothing where that is configured', async () => {
      await using limited = await startLimited(
        { rules: [{ name: 'each', rate: 1, window: '1m' }], headers: false },
        { lane },
      );
      await limited.ask('{ hello }');
      const { sent } = await limited.ask('{ hello }');
      assert.deepEqual([sent?.headers['ratelimit'], sent?.headers['retry-after']], [undefined, '60']);
    });
  });
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import type { GatewayPlugin } from '../../src/plugins/GatewayPlugin.ts';
import { send } from './support/send.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const ask = (test: TestGateway, value: unknown, headers: Readonly<Record<string, string>> = {}) =>
  send(test.url, { headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(value) });

for (const fastLane of [true, false]) {
  describe(`batches, ${fastLane ? 'fast lane' : 'Yoga'}`, { timeout: 30_000 }, () => {
    const open = (config: object = { batching: { limit: 3 } }, plugins: readonly GatewayPlugin[] = []) =>
      startTestGateway({ fastLane, config, plugins });

    it('are answered in their order, each operation by itself', async () => {
      await using test = await open();
      const { status, body, headers } = await ask(test, [
        { query: 'query($t: String!) { echo(text: $t) }', variables: { t: 'a' } },
        { query: '{ nothing }' },
        { query: 'mutation { bump }' },
      ]);
      const [first, second, third] = JSON.parse(body) as {
        data?: unknown;
        errors?: { extensions: { code: string } }[];
      }[];
      assert.equal(status, 200);
      assert.equal(headers['content-type'], 'application/json; charset=utf-8');
      assert.equal(Number(headers['content-length']), Buffer.byteLength(body));
      assert.deepEqual(first, { data: { echo: 'a' } });
      assert.equal(second?.errors?.[0]?.extensions.code, 'GRAPHQL_VALIDATION_FAILED');
      assert.deepEqual(third, { data: { bump: 1 } });
      assert.equal(test.snapshot.users, 0);
    });

    it('tell what is wrong with one of them there', async () => {
      await using test = await open();
      const { status, body } = await ask(test, [{ query: 7 }, { query: '{ hello }' }, 'x']);
      assert.equal(status, 200);
      assert.match(
        body,
        /^\[\{"errors":.*BAD_REQUEST.*\},\{"data":\{"hello":"world"\}\},\{"errors":.*BAD_REQUEST.*\}\]$/,
      );
      const stream = await ask(test, [{ query: 'subscription { ticks(to: 1) }' }]);
      assert.match(stream.body, /NOT_ACCEPTABLE/);
    });

    it('have the status of what failed where all of it did', async () => {
      const refusing: GatewayPlugin = {
        onParams({ params }) {
          if (params.query !== '{ hello }')
            throw new GatewayError('UNAUTHENTICATED', 'No.', {
              extensions: { http: { headers: { 'www-authenticate': 'Bearer' } } },
            });
        },
      };
      await using test = await open(undefined, [refusing]);
      const all = await ask(test, [{ query: '{ a }' }, { query: '{ b }' }]);
      assert.equal(all.status, 401);
      assert.equal(all.headers['www-authenticate'], 'Bearer');
      const one = await ask(test, [{ query: '{ a }' }, { query: '{ hello }' }]);
      assert.equal(one.status, 200);
    });

    it('are bounded, and off unless told', async () => {
      await using test = await open();
      const four = await ask(
        test,
        Array.from({ length: 4 }, () => ({ query: 'mutation { bump }' })),
      );
      assert.equal(four.status, 422);
      assert.match(four.body, /at most 3 operations.*got 4.*BATCH_LIMIT_EXCEEDED/);
      const none = await ask(test, []);
      assert.equal(none.status, 400);
      await using off = await open({ batching: false });
      const one = await ask(off, [{ query: 'mutation { bump }' }]);
      assert.equal(one.status, 400);
      assert.match(one.body, /batches are off here/);
      assert.equal(test.probe.executions + off.probe.executions, 0);
    });

    it('need a client that reads JSON', async () => {
      await using test = await open();
      const stream = await ask(test, [{ query: '{ hello }' }], { accept: 'text/event-stream' });
      assert.equal(stream.status, 406);
      const both = await ask(test, [{ query: '{ hello }' }], { accept: 'multipart/mixed, application/json' });
      assert.equal(both.body, '[{"data":{"hello":"world"}}]');
    });
  });
}

describe('the configuration of batches', () => {
  it('is a flag, or the words of Apollo Router', async () => {
    const read = async (batching: unknown) => {
      const subgraphs = [{ name: 'a', url: 'http://a', schema: { sdl: 'type Query { a: Int }' } }];
      return (await loadConfig({ directory: process.cwd(), input: { subgraphs, batching } })).config.batching;
    };
    assert.deepEqual(await read(true), { limit: 10 });
    assert.equal(await read('false'), false);
    assert.deepEqual(await read({ enabled: true, mode: 'batch_http_link' }), { limit: 10 });
    assert.deepEqual(await read({ limit: 25 }), { limit: 25 });
    assert.equal(await read({ enabled: false, limit: 25 }), false);
  });
});

describe('a batch beside what is remembered', () => {
  it('says nothing of how long one of its answers is good', async () => {
    const plugin: GatewayPlugin = {
      onParams({ context, params }) {
        if (params.query === '{ hello }')
          context.responseHeaders = new Map([
            ['cache-control', 'max-age=60'],
            ['etag', '"a"'],
            ['ratelimit', '"each";r=1'],
          ]);
      },
    };
    await using test = await startTestGateway({ config: { batching: { limit: 3 } }, plugins: [plugin] });
    const { headers } = await ask(test, [{ query: '{ hello }' }, { query: 'mutation { bump }' }]);
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['etag'], undefined);
    assert.equal(headers['ratelimit'], '"each";r=1');
  });
});

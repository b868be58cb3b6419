import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { openFrontDoor } from '../../../src/server/frontDoor/openFrontDoor.ts';
import { JSON_TYPE } from '../support/Behaviour.ts';
import { send } from '../support/send.ts';
import { startTestGateway } from '../support/startTestGateway.ts';

const log = { info() {}, warn() {}, error() {} };
const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];
const limit = (rate: number) => ({ rules: [{ name: 'few', key: 'all', rate, window: '1h' }] });

test('of another configuration all is taken over, or nothing', async () => {
  const input = { subgraphs, rate_limit: limit(1), security: { block_mutations: false } };
  const { config } = await loadConfig({ directory: process.cwd(), input });
  const frontDoor = await openFrontDoor(config, log);
  await using gateway = await startTestGateway({ frontDoor });
  const ask = async () => (await send(gateway.url, { headers: JSON_TYPE, body: '{"query":"{ hello }"}' })).status;
  assert.deepEqual([await ask(), await ask()], [200, 429]);
  const { config: wider } = await loadConfig({
    directory: process.cwd(),
    input: { ...input, rate_limit: limit(1_000_000) },
  });
  // A check before this one would have found it; nobody depends on that.
  const wrong = { ...wider, security: { block_mutations: 'caller.(', block_subscriptions: false } } as const;
  await assert.rejects(async () => frontDoor.update?.(wrong));
  assert.equal(await ask(), 429);
  await frontDoor.update?.(wider);
  assert.equal(await ask(), 200);
});

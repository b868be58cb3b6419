import assert from 'node:assert/strict';
import { it } from 'node:test';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import { createRedisKeys } from '../../src/stores/createRedisKeys.ts';
import { openRedis } from '../../src/stores/openRedis.ts';
import { hasRedis, startRedis } from './support/startRedis.ts';

const skip = hasRedis ? false : 'needs redis-server';
const HOUR = 3_600_000;

it('a key of Redis is known for less than a second, and goes on for an hour while Redis is away', {
  skip,
  timeout: 30_000,
}, async () => {
  await using server = await startRedis();
  await using redis = await openRedis(
    { url: server.url, namespace: 'test', timeout: 500 },
    { info() {}, warn() {}, error() {} },
  );
  let time = Date.now();
  const keys = createRedisKeys(redis, () => time);
  const consumerOf = async (hash: string) => (await keys.find(hash))?.id;
  await redis.client.set('test:api-key:a', '{"consumer":"ann"}');
  await redis.client.set('test:api-key:b', '{"consumer":"bob"}');
  assert.equal(await consumerOf('a'), 'ann');
  assert.equal(await consumerOf('b'), 'bob');
  await redis.client.del('test:api-key:a');
  time += 399;
  assert.equal(keys.find('a') instanceof Promise, false);
  time += 600;
  assert.equal(await consumerOf('a'), undefined);
  await server.kill();
  time += HOUR - 2_000;
  assert.equal(await consumerOf('b'), 'bob');
  time += 2_000;
  await assert.rejects(
    Promise.resolve(keys.find('b')),
    (error) => error instanceof GatewayError && error.code === 'AUTHENTICATION_UNAVAILABLE',
  );
});

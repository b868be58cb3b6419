import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRedis } from '../../src/stores/openRedis.ts';
import { until } from '../support/until.ts';
import { hasRedis, startRedis } from './support/startRedis.ts';

function recordingLog() {
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  return { lines, info: note, warn: note, error: note };
}

describe('the connection to Redis', { skip: hasRedis ? false : 'needs redis-server', timeout: 30_000 }, () => {
  it('fails at once while Redis is away, and works again by itself', async () => {
    await using server = await startRedis();
    const log = recordingLog();
    await using redis = await openRedis({ url: server.url, namespace: 'test', timeout: 500 }, log);
    let ups = 0;
    redis.onUp(() => {
      ups += 1;
    });
    assert.equal(ups, 1);
    assert.equal(await redis.client.set(`${redis.prefix}a`, '1'), 'OK');
    await server.kill();
    await until(() => !redis.isUp);
    const start = performance.now();
    await assert.rejects(redis.client.get('test:a'));
    assert.ok(performance.now() - start < 400);
    await server.restart();
    await until(() => redis.isUp);
    assert.equal(await redis.client.get('test:a'), null);
    assert.equal(ups, 2);
    assert.deepEqual(
      log.lines.map((line) => line.replace(/:\d+/, '').replace(/reached: .*/, 'reached')),
      ['Redis at redis://127.0.0.1 cannot be reached', 'Redis at redis://127.0.0.1 is back.'],
    );
  });

  it('hears messages, also after Redis was away', async () => {
    await using server = await startRedis();
    await using redis = await openRedis({ url: server.url, namespace: 'test', timeout: 500 }, recordingLog());
    const heard: string[] = [];
    redis.subscribe('news', (message) => void heard.push(message));
    const say = async (message: string) => {
      for (let tries = 0; tries < 200 && !heard.includes(message); tries += 1) {
        await redis.client.publish('test:news', message).catch(() => undefined);
        await sleep(20);
      }
      assert.ok(heard.includes(message));
    };
    await say('one');
    await server.kill();
    await server.restart();
    await say('two');
  });

  it('starts without Redis, and never tells its password', async () => {
    const log = recordingLog();
    await using redis = await openRedis({ url: 'redis://:hunter2@127.0.0.1:1', namespace: 'test', timeout: 300 }, log);
    await assert.rejects(redis.client.get('test:a'));
    assert.equal(redis.isUp, false);
    assert.match(log.lines.join(), /cannot be reached/);
    assert.doesNotMatch(log.lines.join(), /hunter2/);
  });
});

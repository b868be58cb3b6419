/** A process of its own that takes from limits on Redis as fast as it can: `node takeInProcess.ts URL MILLISECONDS`; prints what it was allowed. */
import { createRedisLimiter } from '../../../src/stores/createRedisLimiter.ts';
import { openRedis } from '../../../src/stores/openRedis.ts';
import { quota, rate } from '../../plugins/rateLimit/support/limiterSuite.ts';

const [, , url = '', milliseconds = '1000'] = process.argv;
const log = { info() {}, warn: console.error, error: console.error };
const redis = await openRedis({ url, namespace: 'many', timeout: 5_000 }, log);
const limiter = createRedisLimiter({ redis, local: undefined, log });
const policies = {
  rate: rate({ rate: 1_000, window: 1_000, burst: 200 }),
  quota: quota({ limit: 1_000 }),
};
const allowed = { rate: 0, quota: 0 };
process.stdin.once('data', async () => {
  const first = Date.now();
  const end = first + Number(milliseconds);
  let last = first;
  const work = async (kind: 'rate' | 'quota') => {
    while (Date.now() < end) {
      const { allowed: isAllowed } = await limiter.take([{ policy: policies[kind], key: 'all', quantity: 1 }]);
      if (!isAllowed) continue;
      allowed[kind] += 1;
      last = Date.now();
    }
  };
  await Promise.all([...Array.from({ length: 10 }, () => work('rate')), work('quota'), work('quota')]);
  process.stdout.write(`${JSON.stringify({ ...allowed, first, last })}\n`, () => process.exit());
});
process.stdout.write('ready\n');

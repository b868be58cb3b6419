/** What do limits cost a request: to count in memory, and with all that is around it (keys, headers of the answer, the ticket of what comes later)? */
import type { RateLimitConfig } from '../../src/config/RateLimitConfig.ts';
import type { OpenContext } from '../../src/plugins/GatewayPlugin.ts';
import { compileLimits } from '../../src/plugins/rateLimit/compileLimits.ts';
import { createMemoryLimiter } from '../../src/plugins/rateLimit/createMemoryLimiter.ts';
import type { Charge, RatePolicy } from '../../src/plugins/rateLimit/Limiter.ts';
import { useRateLimit } from '../../src/plugins/rateLimit/useRateLimit.ts';
import { type Case, compareCases } from './compareCases.ts';

const CALLERS = 10_000;
const callers = Array.from({ length: CALLERS }, (_, n) => ({
  key: `jwt:user-${n}`,
  id: `user-${n}`,
  method: 'jwt',
  scopes: [],
  claims: { tenant: `tenant-${n % 100}` },
  plan: 'pro',
}));
const headers = { get: () => null };
const params = { query: '{ a }' };
const rate = { rate: 1_000_000, window: 1_000 };
const rule = { ...rate, key: 'caller', count: 'requests', on: 'requests', fields: [] } as const;
const configuration: RateLimitConfig = {
  rules: [],
  plans: {},
  subgraphs: {},
  on_store_failure: 'open',
  headers: true,
  max_keys: 100_000,
};

export default async function rateLimits(): Promise<string> {
  const three = [
    { ...rule, name: 'caller' },
    { ...rule, name: 'address', key: 'address' },
    { ...rule, name: 'all', key: 'all' },
  ];
  const plan = { pro: { ...rate, quota: { day: 1_000_000_000, month: 1_000_000_000 } } };
  const tenant = { ...rule, name: 'tenant', key: 'caller.claims.tenant' };
  return compareCases('Limits in memory, 10,000 callers by turns', [
    take('taken from one', 1),
    take('taken from three', 3),
    await hook('a request under one rule', { rules: three.slice(0, 1) }),
    await hook('the same without headers', { rules: three.slice(0, 1), headers: false }),
    await hook('a request under three rules', { rules: three }),
    await hook('the same without headers', { rules: three, headers: false }),
    await hook('a request under a plan: rate, day, month', { plans: plan }),
    await hook('a request under a rule by an expression', { rules: [tenant] }),
  ]);
}

function take(name: string, count: number): Case {
  const limiter = createMemoryLimiter({ maxKeys: configuration.max_keys });
  const policies = Array.from(
    { length: count },
    (_, n): RatePolicy => ({ kind: 'rate', id: `${n}`, name: `${n}`, unit: 'requests', ...rate, burst: 1_000_000 }),
  );
  const charges = callers.map(({ key }) => policies.map((policy): Charge => ({ policy, key, quantity: 1 })));
  let turn = 0;
  return {
    name,
    run() {
      turn = (turn + 1) % CALLERS;
      return limiter.take(charges[turn] ?? []);
    },
  };
}

async function hook(name: string, section: Partial<RateLimitConfig>): Promise<Case> {
  const config = { ...configuration, ...section };
  const limits = await compileLimits(config, { warn: console.warn });
  const limiter = createMemoryLimiter({ maxKeys: config.max_keys });
  const { onParams } = useRateLimit({ limiter, current: () => limits });
  const ignore = () => undefined;
  let turn = 0;
  return {
    name,
    run() {
      turn = (turn + 1) % CALLERS;
      const caller = callers[turn];
      const context: OpenContext = { headers, caller, clientAddress: () => `10.0.0.${turn % 250}` };
      return onParams?.({ params, setParams: ignore, setResult: ignore, context });
    },
  };
}

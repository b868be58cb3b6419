import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { IssuesError } from '../../src/errors/Issue.ts';

const graph = { subgraphs: [{ name: 'a', url: 'http://127.0.0.1:9/', schema: { sdl: 'type Query { a: Int }' } }] };

async function issuesOf(rate_limit: unknown, more: object = {}): Promise<string[]> {
  const input = { ...graph, rate_limit, ...more };
  try {
    await loadConfig({ directory: import.meta.dirname, env: {}, input });
    return [];
  } catch (error) {
    assert.ok(error instanceof IssuesError);
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

test('limits are read with their defaults, in milliseconds', async () => {
  const rate_limit = {
    rules: [{ name: 'each', rate: 10, window: '1m' }],
    plans: { free: { quota: { day: '1000' }, cost: { rate: 5, window: 500, burst: 9 } } },
    default_plan: 'free',
  };
  const { config } = await loadConfig({ directory: import.meta.dirname, env: {}, input: { ...graph, rate_limit } });
  assert.deepEqual(config.rate_limit, {
    rules: [{ name: 'each', key: 'caller', fields: [], count: 'requests', on: 'requests', rate: 10, window: 60_000 }],
    plans: { free: { quota: { day: 1_000 }, cost: { rate: 5, window: 500, burst: 9 } } },
    subgraphs: {},
    default_plan: 'free',
    on_store_failure: 'open',
    headers: true,
    max_keys: 100_000,
  });
});

test('what is wrong with limits is told with its path', async () => {
  const rules = [
    { name: 'a b', rate: 1, window: '1s' },
    { name: 'rate', rate: 1 },
    { name: 'none' },
    { name: 'zero', rate: 0, window: 'soon' },
    { name: 'huge', rate: 1, window: '1h', burst: 9_000_000_000 },
    { name: 'part', rate: 1, window: 0.5 },
    { name: 'field', concurrency: 1, fields: ['Query.a'] },
    { name: 'fields', rate: 1, window: '1s', fields: ['search'] },
  ];
  assert.deepEqual(await issuesOf({ rules }), [
    'rate_limit.rules[0].name: Expected a name of letters, digits, "_", "." and "-".',
    'rate_limit.rules[1]: Expected "rate" and "window" together, and "burst" beside them.',
    'rate_limit.rules[2]: Expected a limit: "rate" with "window", "quota" or "concurrency".',
    'rate_limit.rules[3].rate: Expected an integer of at least 1; got 0.',
    'rate_limit.rules[3].window: Expected a duration such as "30s", "500ms" or a number of milliseconds; got "soon".',
    'rate_limit.rules[4]: Expected a smaller "burst" or "window"; so many cannot be counted exactly.',
    'rate_limit.rules[5].window: Expected whole milliseconds.',
    'rate_limit.rules[6]: Expected a "rate" or "quota" by requests for fields; cost and concurrency are of whole operations.',
    'rate_limit.rules[7].fields[0]: Expected a field such as "Query.search".',
  ]);
});

test('names that are taken or unknown and a store that is not there are told', async () => {
  const rule = { rate: 1, window: '1s' };
  const rate_limit = {
    rules: [
      { name: 'each', ...rule },
      { name: 'each', ...rule },
    ],
    plans: { free: {} },
    default_plan: 'fre',
    subgraphs: { b: { ...rule } },
    store: 'redis',
  };
  assert.deepEqual(await issuesOf(rate_limit), [
    'rate_limit.store: Expected a section "redis" with the address of the store; there is none.',
    'rate_limit.rules[1].name: Expected a name of its own; "each" is also the name of rules[0].',
    'rate_limit.default_plan: No plan has the name "fre"; did you mean "free"?',
    'rate_limit.subgraphs.b: No subgraph has the name "b"; did you mean "a"?',
  ]);
  assert.equal((await issuesOf(rate_limit, { redis: { url: 'redis://127.0.0.1:6379' } })).length, 3);
});

test('the words of other gateways are told with what they are here', async () => {
  assert.deepEqual(
    await issuesOf(
      {
        simple_strategy: { rate: 10, burst: 10, period: '1s' },
        rules: [{ name: 'each', capacity: 10, interval: '1s', limit_by: 'ip' }],
      },
      { traffic_shaping: { router: { global_rate_limit: { capacity: 10, interval: '1s' } } } },
    ),
    [
      'traffic_shaping.router.global_rate_limit: Unknown key "global_rate_limit"; here this is a rule: "rate_limit: { rules: [{ name: global, key: all, rate: 100, window: 1s }] }".',
      'rate_limit.rules[0].capacity: Unknown key "capacity"; here it is called "rate".',
      'rate_limit.rules[0].interval: Unknown key "interval"; here it is called "window".',
      'rate_limit.rules[0].limit_by: Unknown key "limit_by"; here it is called "key".',
      'rate_limit.simple_strategy: Unknown key "simple_strategy"; here this is a rule: "rules: [{ name: simple, rate: 10, burst: 10, window: 1s }]".',
    ],
  );
});

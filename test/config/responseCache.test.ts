import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { formatIssue, IssuesError } from '../../src/errors/Issue.ts';

const subgraphs = [{ name: 'shop', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];
const load = (cache: object) =>
  loadConfig({ directory: process.cwd(), input: { subgraphs, response_cache: cache } as never });

async function issuesOf(cache: object): Promise<string> {
  try {
    await load(cache);
    return 'none';
  } catch (error) {
    if (!(error instanceof IssuesError)) throw error;
    return error.issues.map((issue) => formatIssue(issue).trim()).join('\n');
  }
}

describe('the configuration of the cache', () => {
  for (const [name, cache, expected] of [
    ['Redis that is nowhere', { redis: true }, /response_cache\.redis: Expected "redis" with its "url"/],
    [
      'a subgraph that there is none of',
      { subgraph: { subgraphs: { shops: { ttl: '1m' } } } },
      /response_cache\.subgraph\.subgraphs\.shops: No subgraph has the name "shops"; did you mean "shop"\?/,
    ],
    [
      'an expression that is none',
      { subgraph: { all: { private_id: 'caller.(' } } },
      /response_cache\.subgraph\.all\.private_id: Expected an expression \(CEL\)/,
    ],
    [
      'an expression of another type',
      { subgraph: { subgraphs: { shop: { private_id: '1 == 1' } } } },
      /private_id.*Expected an expression of type string/,
    ],
    ['no time', { subgraph: { all: { ttl: 'soon' } } }, /ttl: Expected a duration/],
    ['an address without a port', { invalidation: { listen: 'localhost' } }, /listen: Expected "host:port"/],
    ['a short key', { invalidation: { shared_key: 'short' } }, /at least 8 characters/],
    ['no scope', { subgraph: { all: { scope: 'PRIVATE' } } }, /scope/],
  ] as const)
    it(`has an issue for ${name}`, async () => {
      assert.match(await issuesOf(cache), expected);
    });

  it('has defaults for all but the times', async () => {
    const { config } = await load({});
    assert.deepEqual(config.response_cache, {
      enabled: true,
      max_size: 67_108_864,
      redis: false,
      whole_operations: true,
      headers: true,
      cdn_cache_control: false,
      subgraph: { all: {}, subgraphs: {} },
      invalidation: { on_mutation: true, listen: '127.0.0.1:4009', path: '/invalidation' },
    });
  });

  it('has durations in milliseconds', async () => {
    const { config } = await load({ subgraph: { all: { ttl: '1m', negative_ttl: 500 } } });
    assert.deepEqual(config.response_cache?.subgraph.all, { ttl: 60_000, negative_ttl: 500 });
  });
});

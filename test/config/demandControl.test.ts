import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { formatIssue, IssuesError } from '../../src/errors/Issue.ts';

const subgraphs = [{ name: 'shop', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];
const load = async (demand_control: object) => {
  const input = { subgraphs, demand_control } as never;
  const { config } = await loadConfig({ directory: process.cwd(), input });
  return config.demand_control;
};

async function issuesOf(demand: object): Promise<string> {
  try {
    await load(demand);
    return 'none';
  } catch (error) {
    if (!(error instanceof IssuesError)) throw error;
    return error.issues.map((issue) => formatIssue(issue).trim()).join('\n');
  }
}

const nested = (static_estimated: object) => ({ strategy: { static_estimated } });

describe('the configuration of costs', () => {
  for (const [name, demand, expected] of [
    ['nothing to enforce', {}, /Expected "max", or "max" of a subgraph, or "mode: measure"\./],
    ['nothing that is enforced of a subgraph', { subgraph: { all: { list_size: 3 } } }, /Expected "max"/],
    ['an expression that is none', { max: 10, expose: 'caller.' }, /demand_control\.expose/],
    ['an expression of another type', { max: 10, expose: 'caller.id + "x"' }, /type bool/],
    [
      'a subgraph that there is none of',
      { subgraph: { subgraphs: { shops: { max: 10 } } } },
      /demand_control\.subgraph\.subgraphs\.shops: No subgraph has the name "shops"; did you mean "shop"\?/,
    ],
    [
      'such a subgraph where Apollo Router has it',
      nested({ max: 1, subgraph: { subgraphs: { shops: { max: 10 } } } }),
      /demand_control\.strategy\.static_estimated\.subgraph\.subgraphs\.shops: No subgraph has the name "shops"/,
    ],
    ['less than nothing', { subgraph: { all: { max: -1 } } }, /demand_control\.subgraph\.all\.max: /],
    [
      'a key that is none',
      { subgraph: { all: { maximum: 1 } } },
      /Unknown key "maximum"; expected one of "max", "list_size"/,
    ],
    ['a way to count that is none', { max: 1, actual_cost_mode: 'by_answer' }, /actual_cost_mode: .*by_subgraph/],
  ] as const)
    it(`has an issue for ${name}`, async () => {
      assert.match(await issuesOf(demand), expected);
    });

  it('has defaults', async () => {
    assert.deepEqual(await load({ mode: 'measure' }), {
      enabled: true,
      mode: 'measure',
      max: undefined,
      list_size: 10,
      actual_cost_mode: 'by_response_shape',
      subgraph: { all: {}, subgraphs: {} },
      expose: false,
    });
  });

  it('is the same as Apollo Router nests it; what is said plainly wins', async () => {
    const subgraph = { all: { max: 5, list_size: 2 }, subgraphs: { shop: { max: 7 } } };
    const settings = { max: 9, list_size: 3, actual_cost_mode: 'by_subgraph', subgraph };
    assert.deepEqual(await load(nested(settings)), await load(settings));
    assert.equal((await load({ max: 8, ...nested(settings) }))?.max, 8);
    assert.deepEqual((await load({ subgraph: { all: { max: 1 } }, ...nested(settings) }))?.subgraph, {
      all: { max: 1 },
      subgraphs: {},
    });
  });
});

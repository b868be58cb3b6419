import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createGateway, type GatewayPlugin, type Source } from '../../../src/index.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost", "@listSize"])';
const USERS = `${LINK}
type Query { me: User users(first: Int): [User] @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
  few(first: Int): [User] @listSize(slicingArguments: ["first"])
  found(by: By @cost(weight: 3)): User }
type Mutation { rename(name: String): User }
type Subscription { online: User }
input By { name: String @cost(weight: 2) }
type User @key(fields: "id") { id: ID! name: String }`;
const REVIEWS = `${LINK}
type User @key(fields: "id") { id: ID! stars: Int reviews: [Review] @listSize(assumedSize: 5) }
type Review @cost(weight: 2) { text: String }`;

const people = ['1', '2', '3'].map((id) => ({ __typename: 'User', id, name: `user ${id}` }));

interface Setting {
  readonly demand_control: object;
  readonly reviews?: Source['fetch'];
  readonly more?: object;
  readonly plugins?: readonly GatewayPlugin[];
}

async function start(t: TestContext, { demand_control, reviews, more = {}, plugins = [] }: Setting) {
  const asked: { readonly subgraph: string; readonly document: string; readonly variables: string }[] = [];
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const users: Source = {
    name: 'users',
    visible: () => '',
    async fetch({ operation: { document }, variables }) {
      asked.push({ subgraph: 'users', document, variables });
      const { first = 2 } = JSON.parse(variables) as { first?: number };
      return { data: { me: people[0], found: people[1], rename: people[2], users: people.slice(0, first) } };
    },
    async *subscribe() {
      yield { data: { online: people[0] } };
      yield { data: { online: null } };
      yield { data: { online: people[1] } };
    },
  };
  const sources: Record<string, Source> = {
    users,
    reviews: {
      name: 'reviews',
      visible: () => '',
      async fetch(request) {
        const { variables, operation } = request;
        asked.push({ subgraph: 'reviews', document: operation.document, variables });
        if (reviews !== undefined) return reviews(request);
        const [representations = []] = Object.values(JSON.parse(variables) as Record<string, { id: string }[]>);
        const entities = representations.map(({ id }) => ({
          __typename: 'User',
          stars: Number(id),
          reviews: Array.from({ length: Number(id) }, () => ({ text: 'fine' })),
        }));
        return { data: { _entities: entities } };
      },
    },
  };
  const url = 'http://127.0.0.1:9/';
  const gateway = await createGateway({
    subgraphs: [
      { name: 'users', url, schema: { sdl: USERS } },
      { name: 'reviews', url, schema: { sdl: REVIEWS } },
    ],
    demand_control: { expose: true, ...demand_control },
    state_directory: '/nonexistent',
    sources,
    plugins,
    log: { info: note, warn: note, error: note },
    ...more,
  } as never);
  t.after(() => gateway.close());
  const ask = async (query: string, { variables = {}, accept = 'application/json' } = {}) => {
    const headers = { 'content-type': 'application/json', accept };
    const request = { method: 'POST', headers, body: JSON.stringify({ query, variables }) };
    const response = await gateway.fetch(new Request('http://any.example/graphql', request));
    return { status: response.status, body: await response.text() };
  };
  /** What the answer says of its costs. */
  const costs = async (query: string, variables = {}) => {
    const { extensions } = JSON.parse((await ask(query, { variables })).body) as { extensions: { cost: object } };
    return extensions.cost as { estimated: number; actual: number; subgraphs: object };
  };
  return { ask, costs, asked, lines };
}

const MEASURE = { mode: 'measure' };

describe('the cost of what each subgraph is asked', { timeout: 30_000 }, () => {
  it('is that of its calls: entities as many as are asked for, lists as they are said to be, then what came', async (t) => {
    const { costs } = await start(t, { demand_control: MEASURE });
    const query = 'query($first: Int) { users(first: $first) { name stars reviews { text } } }';
    assert.deepEqual((await costs(query, { first: 3 })).subgraphs, {
      // Entities 3 × (1 + 5 × 2), and what came of them 3 + (1 + 2 + 3) × 2.
      reviews: { estimated: 33, actual: 15, calls: 1 },
      users: { estimated: 3, actual: 3, calls: 1 },
    });
    // Two come where ten are asked for: of entities that is known.
    const query10 = 'query($n: Int) { users(first: $n) { stars } }';
    assert.deepEqual((await costs(query10, { n: 10 })).subgraphs, {
      reviews: { estimated: 2, actual: 2, calls: 1 },
      users: { estimated: 10, actual: 2, calls: 1 },
    });
  });

  it('has the weights of arguments, and that of a mutation', async (t) => {
    const { costs } = await start(t, { demand_control: MEASURE });
    assert.deepEqual((await costs('query($by: By) { found(by: $by) { id } }', { by: { name: 'a' } })).subgraphs, {
      users: { estimated: 6, actual: 6, calls: 1 },
    });
    assert.deepEqual((await costs('mutation { rename(name: "a") { name stars } }')).subgraphs, {
      reviews: { estimated: 1, actual: 1, calls: 1 },
      users: { estimated: 11, actual: 11, calls: 1 },
    });
    assert.deepEqual((await costs('{ __typename }')).subgraphs, {});
  });

  it('is there of a call that fails, but for what would have come', async (t) => {
    const reviews = () => Promise.reject(new Error('broken'));
    const { costs } = await start(t, { demand_control: MEASURE, reviews });
    assert.deepEqual((await costs('{ me { stars } }')).subgraphs, {
      reviews: { estimated: 1, actual: 0, calls: 1 },
      users: { estimated: 1, actual: 1, calls: 1 },
    });
  });

  it('has lists of a size that is told for that subgraph', async (t) => {
    const subgraph = { all: { list_size: 4 }, subgraphs: { reviews: { max: 1000 } } };
    const { costs } = await start(t, { demand_control: { ...MEASURE, subgraph } });
    assert.deepEqual((await costs('{ users { id } }')).subgraphs, { users: { estimated: 4, actual: 2, calls: 1 } });
  });

  it('can be summed up for the whole operation', async (t) => {
    const query = '{ me { stars } }';
    const shape = await start(t, { demand_control: MEASURE });
    assert.equal((await shape.costs(query)).actual, 1);
    const calls = await start(t, { demand_control: { ...MEASURE, actual_cost_mode: 'by_subgraph' } });
    assert.equal((await calls.costs(query)).actual, 2);
  });

  it('is read by plugins', async (t) => {
    const seen: unknown[] = [];
    const reading: GatewayPlugin = {
      onExecute: ({ args }) => ({
        onExecuteDone() {
          const { cost } = args.contextValue as { cost?: { subgraphs?: ReadonlyMap<string, object> } };
          seen.push(...(cost?.subgraphs ?? []));
        },
      }),
    };
    const { ask } = await start(t, { demand_control: { ...MEASURE, expose: false }, plugins: [reading] });
    assert.deepEqual(JSON.parse((await ask('{ me { name } }')).body), { data: { me: { name: 'user 1' } } });
    assert.deepEqual(seen, [['users', { estimated: 1, actual: 1, calls: 1 }]]);
  });
});

describe('the most that a call of a subgraph may cost', { timeout: 30_000 }, () => {
  const QUERY = '{ users { name stars reviews { text } } }';

  it('refuses what that subgraph would give, and the rest is answered', async (t) => {
    const { ask, asked, lines } = await start(t, {
      demand_control: { subgraph: { subgraphs: { reviews: { max: 21 } } } },
    });
    const { status, body } = await ask(QUERY);
    assert.equal(status, 200);
    const { data, errors, extensions } = JSON.parse(body);
    assert.deepEqual(data, {
      users: [
        { name: 'user 1', stars: null, reviews: null },
        { name: 'user 2', stars: null, reviews: null },
      ],
    });
    const cost = { estimated: 22, max: 21 };
    const told = { code: 'SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE', subgraph: 'reviews', cost };
    for (const error of errors) {
      assert.equal(
        error.message,
        'The call of the subgraph "reviews" would cost 22; at most 21 is allowed ("demand_control.subgraph").',
      );
      assert.deepEqual(error.extensions, told);
    }
    assert.deepEqual(new Set(errors.map(({ path }: { path: unknown[] }) => path[1])), new Set([0, 1]));
    assert.deepEqual(extensions.cost.subgraphs, { users: { estimated: 10, actual: 2, calls: 1 } });
    assert.deepEqual(
      asked.map(({ subgraph }) => subgraph),
      ['users'],
    );
    // It does answer.
    assert.deepEqual(lines, []);
    // By as much as is really asked for.
    assert.match((await ask('{ me { stars } }')).body, /"stars":1/);
  });

  it('only counts where it is to measure', async (t) => {
    const demand_control = { mode: 'measure', subgraph: { all: { max: 0 } } };
    const { ask } = await start(t, { demand_control });
    const { data, errors } = JSON.parse((await ask(QUERY)).body);
    assert.equal(data.users[1].stars, 2);
    assert.equal(errors, undefined);
  });

  it('is written as Apollo Router nests it, too; a name wins over all', async (t) => {
    const subgraph = { all: { max: 1 }, subgraphs: { users: { max: 10 } } };
    const { ask } = await start(t, {
      demand_control: { strategy: { static_estimated: { max: 1000, list_size: 10, subgraph } } },
    });
    assert.match((await ask(QUERY)).body, /would cost 22; at most 1 is/);
    assert.match((await ask('{ me { name stars } }')).body, /"name":"user 1","stars":1/);
  });

  it('can only be told where the operation says how many items it wants', async (t) => {
    const demand_control = { expose: false, max: 100 };
    const { ask, asked } = await start(t, { demand_control });
    const { errors } = JSON.parse((await ask('{ few { id } }')).body);
    assert.deepEqual(errors[0].extensions, { code: 'COST_QUERY_PARSE_FAILURE' });
    assert.match(errors[0].message, /^Expected exactly one of "first" to say how many items "Query.few" is to have/);
    assert.equal(asked.length, 0);
    await ask('{ few(first: 2) { id } }');
    const measuring = await start(t, { demand_control: { ...demand_control, mode: 'measure' } });
    await measuring.ask('{ few { id } }');
    assert.deepEqual([asked.length, measuring.asked.length], [1, 1]);
  });

  it('is for subscriptions, too, which cost what their events have', async (t) => {
    const contexts: { cost?: { subgraphs?: ReadonlyMap<string, object> } }[] = [];
    const plugins: GatewayPlugin[] = [{ onSubscribe: ({ args }) => void contexts.push(args.contextValue as object) }];
    const { ask } = await start(t, { demand_control: MEASURE, plugins });
    const query = 'subscription { online { name stars } }';
    assert.match((await ask(query, { accept: 'text/event-stream' })).body, /"stars":2/);
    assert.deepEqual(Object.fromEntries(contexts[0]?.cost?.subgraphs ?? []), {
      users: { estimated: 1, actual: 2, calls: 1 },
      reviews: { estimated: 2, actual: 2, calls: 2 },
    });
    const limited = await start(t, { demand_control: { subgraph: { subgraphs: { users: { max: 0 } } } } });
    const { body } = await limited.ask(query, { accept: 'text/event-stream' });
    assert.match(body, /SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE/);
    assert.doesNotMatch(body, /user 1/);
  });

  it('is looked at after the limit of the subgraph, which counts what is refused here', async (t) => {
    const rate_limit = { subgraphs: { users: { rate: 1, window: '1h' } } };
    const { ask } = await start(t, { demand_control: { subgraph: { all: { max: 0 } } }, more: { rate_limit } });
    assert.match((await ask('{ me { id } }')).body, /SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE/);
    assert.match((await ask('{ me { id } }')).body, /RATE_LIMITED/);
  });

  it('is nothing to what the limit of the subgraph has refused', async (t) => {
    const rate_limit = { subgraphs: { users: { rate: 1, window: '1h' } } };
    const { costs, ask } = await start(t, { demand_control: MEASURE, more: { rate_limit } });
    const users = { estimated: 1, actual: 1, calls: 1 };
    assert.deepEqual((await costs('{ me { id } }')).subgraphs, { users });
    const { body } = await ask('{ me { name } }');
    assert.match(body, /RATE_LIMITED/);
    assert.deepEqual(JSON.parse(body).extensions.cost.subgraphs, {});
  });
});

describe('the cost of what nobody is asked', { timeout: 30_000 }, () => {
  it('is nothing where it is remembered, and that of what is missing', async (t) => {
    const more = { response_cache: { whole_operations: false, subgraph: { all: { ttl: '1h' } } } };
    const { costs, asked } = await start(t, { demand_control: MEASURE, more });
    const query = 'query($first: Int) { users(first: $first) { stars } }';
    assert.deepEqual((await costs(query, { first: 2 })).subgraphs, {
      reviews: { estimated: 2, actual: 2, calls: 1 },
      users: { estimated: 2, actual: 2, calls: 1 },
    });
    assert.deepEqual((await costs(query, { first: 2 })).subgraphs, {});
    assert.deepEqual((await costs(query, { first: 3 })).subgraphs, {
      reviews: { estimated: 1, actual: 1, calls: 1 },
      users: { estimated: 3, actual: 3, calls: 1 },
    });
    assert.equal(asked.length, 4);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildSchema,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  isObjectType,
  NoUnusedVariablesRule,
  parse,
  printSchema,
  specifiedRules,
  validate,
} from 'graphql';
import { createMemoryLimiter } from '../../../../src/plugins/rateLimit/createMemoryLimiter.ts';
import { limitFields } from '../../../../src/plugins/rateLimit/fields/limitFields.ts';
import type { Charge, Limiter } from '../../../../src/plugins/rateLimit/Limiter.ts';
import type { Asked, Charging, Limits } from '../../../../src/plugins/rateLimit/Limits.ts';
import { random, randomOperation } from '../../../support/randomOperation.ts';
import { rate } from '../support/limiterSuite.ts';

const schema = buildSchema(`
  type Query { a: A aMust: A! list: [A] mustList: [A!]! nested: [[A!]]! node: Node! nodes: [Node] any: [Any!] count: Int! name: String }
  interface Node { id: ID! next: Node peers: [Node!]! label(upper: Boolean): String }
  type A implements Node { id: ID! next: Node peers: [Node!]! label(upper: Boolean): String b: B! bs: [B!]! size: Int! }
  type B implements Node { id: ID! next: Node peers: [Node!]! label(upper: Boolean): String a: A weight: Int as: [A!] }
  union Any = A | B
`);

const rules = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule);

/** Values that nest without end. */
const a: Record<string, unknown> = { __typename: 'A', id: '1', label: 'a', size: 1 };
const b: Record<string, unknown> = { __typename: 'B', id: '2', label: 'b', weight: 2, a, as: [a] };
Object.assign(a, { next: b, peers: [a, b], b, bs: [b, b] });
Object.assign(b, { next: null, peers: [a] });
const root = {
  a,
  aMust: a,
  list: [a, null, a],
  mustList: [a, a],
  nested: [[a], null, []],
  node: b,
  nodes: [a, b, null],
  any: [b, a],
  count: 3,
  name: 'q',
};

/** What the algorithm of graphql-js makes of fields that fail. */
function withFailing(coordinates: ReadonlySet<string>): GraphQLSchema {
  const failing = buildSchema(printSchema(schema));
  for (const type of Object.values(failing.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields()))
      if (coordinates.has(`${type.name}.${field.name}`))
        field.resolve = () => {
          throw new GraphQLError('limited');
        };
  }
  return failing;
}

const policy = rate({ rate: 1, window: 3_600_000, burst: 1 });
const spent: Charging = (_asked, charges) => void charges.push({ policy, key: '', quantity: 1 });

function limitsOf(coordinates: Iterable<string>, charging: Charging = spent): Limits['fields'] {
  return new Map([...coordinates].map((coordinate) => [coordinate, [charging]] as const));
}

function spentLimiter() {
  const limiter = createMemoryLimiter({ maxKeys: 10, now: () => 1_000_000 });
  limiter.take([{ policy, key: '', quantity: 1 }]);
  return limiter;
}

/** Admits everybody and notes what is charged. */
function recording(seen: Charge[]): Limiter {
  return {
    ...spentLimiter(),
    take(charges) {
      seen.push(...charges);
      return { allowed: true, standings: [] };
    },
  };
}

const asked: Asked = { headers: new Headers(), cost: 1 };

async function run(query: string, coordinates: Iterable<string>, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  const runWithout = await limitFields(spentLimiter(), {
    fields: limitsOf(coordinates),
    asked,
    document,
    schema,
    operationName: undefined,
    variables,
  });
  const args: ExecutionArgs = { schema, document, rootValue: root, variableValues: variables };
  return (await (runWithout === undefined ? execute(args) : runWithout(execute)(args))) as ExecutionResult;
}

/** Fields of an interface and of the types that have it are limited together. */
function closed(next: () => number): Set<string> {
  const own = [
    'Query.a',
    'Query.aMust',
    'Query.list',
    'Query.mustList',
    'Query.nested',
    'Query.node',
    'Query.nodes',
    'Query.any',
    'Query.count',
    'Query.name',
    'A.b',
    'A.bs',
    'A.size',
    'B.a',
    'B.weight',
    'B.as',
  ];
  const shared = ['id', 'next', 'peers', 'label'];
  const chosen = new Set(own.filter(() => next() < 0.12));
  for (const name of shared) if (next() < 0.12) for (const type of ['Node', 'A', 'B']) chosen.add(`${type}.${name}`);
  return chosen;
}

test('a refused field answers as one that fails: null, an error at its path, and null further up where it must not be', async () => {
  let refused = 0;
  for (let seed = 1; seed <= 300; seed += 1) {
    const next = random(seed);
    const coordinates = closed(next);
    const query = randomOperation(schema, next, {
      'Node.label': ['', '(upper: true)'],
      'A.label': [''],
      'B.label': [''],
    });
    assert.deepEqual(validate(schema, parse(query), rules), [], query);
    const variables = next() < 0.5 ? {} : { yes: next() < 0.5, no: next() < 0.5 };
    const expected = (await execute({
      schema: withFailing(coordinates),
      document: parse(query),
      rootValue: root,
      variableValues: variables,
    })) as ExecutionResult;
    const got = await run(query, coordinates, variables);
    const told = `seed ${seed}: ${query} without ${[...coordinates]}`;
    assert.equal(JSON.stringify(got.data), JSON.stringify(expected.data), told);
    const pathsOf = ({ errors = [] }: ExecutionResult) => new Set(errors.map(({ path }) => (path ?? []).join('.')));
    assert.equal(got.errors === undefined, expected.errors === undefined, told);
    assert.equal(pathsOf(got).size, got.errors?.length ?? 0, told);
    // Below what is null already, graphql-js may tell of more or fewer.
    const visible = (path: string) => hasParent(expected.data, path.split('.'));
    const [one, other] = [pathsOf(got), pathsOf(expected)].map((paths) => [...paths].filter(visible).sort());
    assert.deepEqual(one, other, told);
    if (got.errors !== undefined) refused += 1;
  }
  assert.ok(refused > 100, `${refused}`);
});

/** Whether the object of a path is in the answer: errors below what is null are anybody's. */
function hasParent(data: unknown, path: readonly string[]): boolean {
  let value = data;
  for (const step of path.slice(0, -1)) value = (value as Record<string, unknown> | null | undefined)?.[step];
  return value !== null && value !== undefined;
}

test('what is asked for is counted by place and name, and what is skipped is not', async () => {
  const times = async (query: string, coordinate: string, variables: Record<string, unknown> = {}) => {
    const seen: Charge[] = [];
    const limiter = recording(seen);
    const charging: Charging = (one, charges) =>
      void charges.push({ policy, key: JSON.stringify(one.args), quantity: 1 });
    await limitFields(limiter, {
      fields: limitsOf([coordinate], charging),
      asked,
      document: parse(query),
      schema,
      operationName: undefined,
      variables,
    });
    return seen.map(({ key, quantity }) => `${key} ${quantity}`);
  };
  assert.deepEqual(await times('{ a { id } x: a { id } }', 'Query.a'), ['{} 1', '{} 1']);
  assert.deepEqual(await times('{ a { id } ...F } fragment F on Query { a { size } }', 'Query.a'), ['{} 1']);
  assert.deepEqual(await times('{ x: a { ...F } y: a { ...F } } fragment F on A { label(upper: true) }', 'A.label'), [
    '{"upper":true} 2',
  ]);
  assert.deepEqual(await times('query ($u: Boolean) { a { label(upper: $u) } }', 'A.label', { u: false }), [
    '{"upper":false} 1',
  ]);
  assert.deepEqual(await times('{ node { label } }', 'B.label'), ['{} 1']);
  assert.deepEqual(await times('{ a { label ... on Node { label } } }', 'A.label'), ['{} 1']);
  assert.deepEqual(await times('{ node { ... on A { label } ... on B { label } } }', 'Node.label'), ['{} 1']);
  assert.deepEqual(await times('{ a { label } }', 'Node.label'), ['{} 1']);
  assert.deepEqual(await times('{ b: name }', 'Query.count'), []);
  const skipped = 'query ($no: Boolean = true) { count @skip(if: $no) ... @include(if: false) { count } }';
  assert.deepEqual(await times(skipped, 'Query.count'), []);
  assert.deepEqual(await times(skipped, 'Query.count', { no: false }), ['{} 1']);
});

test('fragments in fragments are charged as many, without being counted one by one', async () => {
  const fragments = Array.from(
    { length: 40 },
    (_, n) => `fragment F${n} on A { x: next { ...G${n} } y: next { ...G${n} } } fragment G${n} on A { ...F${n + 1} }`,
  );
  const query = `{ a { ...F0 } } ${fragments.join(' ')} fragment F40 on A { size }`;
  const seen: Charge[] = [];
  const limiter = recording(seen);
  await limitFields(limiter, {
    fields: limitsOf(['A.size', 'A.next']),
    asked,
    document: parse(query),
    schema,
    operationName: undefined,
    variables: {},
  });
  const most = Math.max(...seen.map(({ quantity }) => quantity));
  assert.ok(most >= 1_000, `${most}`);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceResult } from '../../src/execute/Source.ts';
import { createPair, type Data, type Entity, errorPaths, type PairOptions } from '../support/monolith.ts';

const TEXT = `
# subgraph: a
type Query { items: [Item] strict: [Item!]! grid: [[Item!]!] one: Item other: Item numbers: [[Int!]!] }
type Item @key(fields: "id") { id: ID name: String sub: Sub }
type Sub @key(fields: "id") { id: ID! }

# subgraph: b
type Query { far: String kinds: [Kind!] colour: Kind }
type Item @key(fields: "id") { id: ID must: Int! may: Int kinds: [Kind!] }
type Sub @key(fields: "id") { id: ID! text: String! }
enum Kind { RED GREEN BLUE @inaccessible }

# subgraph: c
type Item @key(fields: "id") { id: ID loose: String tight: String! }
scalar Json
type Query { json(value: Json): Json text(value: String): String }
`;

const item = (id: unknown, more: Entity = {}): Entity => ({
  id,
  name: `item ${id}`,
  must: 1,
  may: 2,
  kinds: ['RED'],
  loose: 'l',
  tight: 't',
  ...more,
});

function pairOf(items: readonly unknown[], entities: readonly Entity[], options: PairOptions = {}, roots: Entity = {}) {
  const data: Data = {
    roots: { items, strict: items, one: items[0], other: items[0], ...roots },
    entities: { Item: entities },
  };
  return createPair(TEXT, data, options);
}

test('a null key is not sent while its siblings are', async () => {
  const one = item('1');
  const { sent, result } = await pairOf([one, item(null), null, item('2')], [one, item('2')]).run(
    '{ items { name may } }',
  );
  assert.deepEqual(sent[1]?.variables, {
    representations: [
      { __typename: 'Item', id: '1' },
      { __typename: 'Item', id: '2' },
    ],
  });
  assert.deepEqual(result, {
    data: { items: [{ name: 'item 1', may: 2 }, { name: 'item null', may: null }, null, { name: 'item 2', may: 2 }] },
  });
});

test('where no key can be read, nothing is asked for', async () => {
  const { sent } = await pairOf([item(null)], []).run('{ items { may } }');
  assert.equal(sent.length, 1);
});

test('an entity that is null is null without an error; an entity that failed has its error at each place', async () => {
  const failing = item('2', {
    may: () => {
      throw new Error('no');
    },
  });
  const { result } = await pairOf([item('1'), item('2'), item('2')], [failing]).run('{ items { id may } }');
  assert.deepEqual(result.data, {
    items: [
      { id: '1', may: null },
      { id: '2', may: null },
      { id: '2', may: null },
    ],
  });
  assert.deepEqual(errorPaths(result), ['["items",1,"may"]', '["items",2,"may"]']);
});

test('fewer entities than representations are nulls, not a shift', async () => {
  const intercept: PairOptions['intercept'] = async (subgraph, _, next) =>
    subgraph === 'b' ? { data: { _entities: [{ may: 7 }] } } : next();
  const { result } = await pairOf([item('1'), item('2')], [], { intercept }).run('{ items { id may } }');
  assert.deepEqual(result.data, {
    items: [
      { id: '1', may: 7 },
      { id: '2', may: null },
    ],
  });
});

test('ids that are numbers and ids that are strings are kept apart', async () => {
  const intercept: PairOptions['intercept'] = async (subgraph, { variables }, next) => {
    if (subgraph === 'a') return { data: { items: [{ id: 1 }, { id: '1' }, { id: 1 }] } };
    if (subgraph !== 'b') return next();
    const { representations } = JSON.parse(variables) as { representations: Entity[] };
    return { data: { _entities: representations.map(({ id }) => ({ may: typeof id === 'number' ? 1 : 2 })) } };
  };
  const { result, sent } = await pairOf([], [], { intercept }).run('{ items { id may } }');
  assert.deepEqual(result.data, {
    items: [
      { id: '1', may: 1 },
      { id: '1', may: 2 },
      { id: '1', may: 1 },
    ],
  });
  assert.deepEqual(
    sent[1]?.variables['representations'],
    [1, '1'].map((id) => ({ __typename: 'Item', id })),
  );
});

test('a shared entity bubbles only where the position may not be null', async () => {
  const { result } = await pairOf([item('1'), item('2')], [item('1', { must: null }), item('2')]).run(
    '{ items { id must } one { id } }',
  );
  assert.deepEqual(result.data, { items: [null, { id: '2', must: 1 }], one: { id: '1' } });
  assert.deepEqual(errorPaths(result), ['["items",0,"must"]']);
});

test('a non-null list is null as a whole where an item is', async () => {
  const { result } = await pairOf([item('1'), item('2')], [item('1', { must: null }), item('2')]).run(
    '{ strict { must } }',
  );
  assert.equal(result.data, null);
  assert.equal(result.errors?.length, 1);
});

test('null bubbles through lists of lists to the nearest that may be null', async () => {
  const one = item('1');
  const bad = item('2', { must: null });
  const roots = {
    grid: [[one, bad], [one]],
    numbers: [
      [1, 2],
      [3, null],
    ],
  };
  const pair = pairOf([], [one, bad], {}, roots);
  assert.deepEqual((await pair.run('{ grid { id must } }')).result.data, { grid: null });
  assert.deepEqual((await pair.run('{ grid { id may } }')).result.data, {
    grid: [
      [
        { id: '1', may: 2 },
        { id: '2', may: 2 },
      ],
      [{ id: '1', may: 2 }],
    ],
  });
  const bubbled = await pair.run('{ numbers }');
  assert.deepEqual(bubbled.result.data, { numbers: null });
});

test('lists of lists are joined item by item', async () => {
  const items = [item('1'), item('2'), item('3')];
  const pair = pairOf(items, items, {}, { grid: [[items[0], items[1]], [], [items[2]]], numbers: [[1], []] });
  await pair.compare('{ grid { id may loose } numbers }');
});

test('an enum value that the schema does not have is an error at its place, and bubbles out of a list of non-null', async () => {
  const { result } = await pairOf([item('1')], [item('1')], {
    intercept: async (subgraph, _, next) =>
      subgraph === 'b' ? { data: { _entities: [{ kinds: ['RED', 'PINK'], may: 3 }] } } : next(),
  }).run('{ items { kinds may } }');
  assert.deepEqual(result.data, { items: [{ kinds: null, may: 3 }] });
  assert.deepEqual(
    result.errors?.map(({ path, extensions }) => [path, extensions?.['code']]),
    [[['items', 0, 'kinds', 1], 'INVALID_VALUE']],
  );
});

test('an inaccessible enum value is null to the client', async () => {
  const { result } = await pairOf([], [], {}, { colour: 'BLUE' }).run('{ colour }');
  assert.deepEqual(result, { data: { colour: null } });
});

const inB = (reply: SourceResult | Error): PairOptions => ({
  intercept: async (subgraph, _, next) => {
    if (subgraph !== 'b') return next();
    if (reply instanceof Error) throw reply;
    return reply;
  },
});

test('an error without a path is told where its fetch is missed', async () => {
  const { result } = await pairOf([item('1')], [item('1')], inB({ data: null, errors: [{ message: 'lost' }] })).run(
    '{ items { id may loose } far }',
  );
  assert.deepEqual(result.data, { items: [{ id: '1', may: null, loose: 'l' }], far: null });
  assert.deepEqual(errorPaths(result), ['["far"]', '["items",0,"may"]']);
});

test('an error without a path beside whole data is told once, without a path', async () => {
  const { result } = await pairOf(
    [item('1')],
    [item('1')],
    inB({ data: { _entities: [{ may: 4 }] }, errors: [{ message: 'careful', extensions: { code: 'W' } }] }),
  ).run('{ items { may } }');
  assert.deepEqual(result, {
    data: { items: [{ may: 4 }] },
    errors: [{ message: 'careful', extensions: { code: 'W', subgraph: 'b' } }],
  });
});

test('an error in the middle of an entity has the path of the client', async () => {
  const reply = {
    data: { _entities: [{ kinds: null }] },
    errors: [{ message: 'bad', path: ['_entities', 0, 'kinds', 3] }],
  };
  const { result } = await pairOf([item('1')], [], inB(reply)).run('{ items { k: kinds } }');
  assert.deepEqual(errorPaths(result), ['["items",0,"k",3]']);
});

test('neither data nor errors is an invalid response', async () => {
  const { result } = await pairOf([item('1')], [], inB({})).run('{ items { id may } }');
  assert.deepEqual(result.data, { items: [{ id: '1', may: null }] });
  assert.equal(result.errors?.[0]?.extensions?.['code'], 'SUBGRAPH_INVALID_RESPONSE');
});

test('entities that are no list are nulls with the error that came', async () => {
  const { result } = await pairOf(
    [item('1')],
    [],
    inB({ data: { _entities: null }, errors: [{ message: 'all', path: ['_entities'] }] }),
  ).run('{ items { id may } }');
  assert.deepEqual(result.data, { items: [{ id: '1', may: null }] });
  assert.deepEqual(errorPaths(result), ['["items",0,"may"]']);
});

test('a non-null field of an entity that is not there bubbles with one error', async () => {
  const { result } = await pairOf([item('1')], []).run('{ items { id must tight } }');
  assert.deepEqual(result.data, { items: [null] });
  assert.equal(result.errors?.[0]?.extensions?.['code'], 'NULL_VALUE');
});

test('a skipped non-null field does not bubble', async () => {
  const { result } = await pairOf([item('1')], []).run(
    'query ($a: Boolean = false) { items { id must @include(if: $a) } }',
  );
  assert.deepEqual(result, { data: { items: [{ id: '1' }] } });
});

test('a scalar where an object belongs is an invalid value', async () => {
  const { result } = await pairOf([], [], { intercept: async () => ({ data: { one: 'text', other: ['list'] } }) }).run(
    '{ one { name } other { name } }',
  );
  assert.deepEqual(result.data, { one: null, other: null });
  assert.deepEqual(
    result.errors?.map(({ extensions }) => extensions?.['code']),
    ['INVALID_VALUE', 'INVALID_VALUE'],
  );
});

test('big integers, negative zero and lone surrogates pass as they are', async () => {
  const pair = pairOf(
    [],
    [],
    {},
    { json: ({ value }: { value: unknown }) => value, text: ({ value }: { value: unknown }) => value },
  );
  const { sent } = await pair.run('{ json(value: { n: 9007199254740993, z: -0 }) }');
  assert.match(sent[0]?.document ?? '', /n: 9007199254740993, z: -0/);
  const { result } = await pair.run('query ($t: String) { text(value: $t) }', { t: 'a\ud800b' });
  assert.deepEqual(result.data, { text: 'a\ud800b' });
});

test('a default that a client does not override goes to the subgraph as it is written', async () => {
  const pair = pairOf([], [], { intercept: async () => ({ data: { json: 1 } }) });
  const { sent } = await pair.run('query ($v: Json = 9007199254740993) { json(value: $v) }');
  assert.match(sent[0]?.document ?? '', /\$v: Json = 9007199254740993/);
  assert.deepEqual(sent[0]?.variables, {});
});

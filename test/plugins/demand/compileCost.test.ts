import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getOperationAST, parse } from 'graphql';
import { clientPricing } from '../../../src/plugins/demand/clientPricing.ts';
import { compileCost } from '../../../src/plugins/demand/compileCost.ts';
import { clientSchema } from '../../../src/supergraph/clientSchema.ts';
import { readCosts } from '../../../src/supergraph/readCosts.ts';

const SDL = parse(`
  schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: [{ name: "@listSize", as: "@sized" }]) {
    query: Query mutation: Mutation
  }
  type Query {
    item: Item
    items(first: Int, last: Int): [Item!]! @sized(slicingArguments: ["first", "last"])
    guessed: [Item] @sized(assumedSize: 4, slicingArguments: ["first"])
    found(filter: Filter, ids: [ID!] @cost(weight: 3)): [Item]
    page(first: Int): Page @sized(slicingArguments: ["first"], sizedFields: ["edges"])
    deep(input: Slice): [Item] @sized(slicingArguments: ["input.page.size"])
    usual(first: Int = 3): [Item] @sized(slicingArguments: ["first"])
    either: [Either]
    level: Level
    dear: String @cost(weight: 7)
    matrix: [[Item]]
    plain(first: Int): [Int] @sized(slicingArguments: ["first"])
    loose(first: Int): [Item] @sized(slicingArguments: ["first"], requireOneSlicingArgument: false)
  }
  type Mutation { add: Item }
  input Filter @cost(weight: 2) { text: String @cost(weight: 5) and: [Filter] }
  input Slice { page: Size }
  input Size { size: Int }
  type Page { edges: [Edge] total: Int }
  type Edge { node: Item }
  type Item { id: ID name: String @cost(weight: 2) owner: Owner parts: [Item] }
  type Owner @cost(weight: 6) { id: ID }
  union Either = Item | Owner
  enum Level @cost(weight: 4) { LOW HIGH }
`);
const schema = clientSchema(SDL);
const costs = readCosts(SDL);

function compile(text: string) {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (operation === null || operation === undefined) throw new Error('no operation');
  return compileCost(document, operation, { pricing: clientPricing(schema, costs), listSize: 10 });
}
const estimate = (text: string, variables: Record<string, unknown> = {}) => compile(text).estimate(variables);

describe('the estimated cost of an operation', () => {
  for (const [name, text, expected] of [
    ['an object is 1, a scalar nothing', '{ item { id } }', 1],
    ['a mutation is 10 by itself', 'mutation { add { id } }', 11],
    ['a field has the weight of its own', '{ dear item { name } }', 10],
    ['or that of its type', '{ item { owner { id } } level }', 11],
    ['a list is so many times its items as it is asked for', '{ items(first: 3) { id owner { id } } }', 21],
    ['or the greatest of several numbers', '{ items(first: 3, last: 5) { id } }', 5],
    ['or what is assumed of it', '{ guessed { id } }', 4],
    ['or what the configuration says of all lists', '{ items { id } }', 10],
    ['lists in lists multiply', '{ items(first: 3) { parts { parts { id } } } }', 3 * (1 + 10 * (1 + 10))],
    [
      'the size of a field can be that of fields below',
      '{ page(first: 6) { edges { node { id } } total } }',
      1 + 6 * 2,
    ],
    ['a number may stand inside of an input object', '{ deep(input: { page: { size: 2 } }) { id } }', 2 + 2],
    ['arguments have weights', '{ found(ids: ["a", "b"]) { id } }', 16],
    ['input objects with all that is in them', '{ found(filter: { text: "a", and: [{ text: "b" }, {}] }) { id } }', 26],
    ['a field that is selected twice costs once', '{ item { id } item { name } ... { item { id } } }', 3],
    ['a fragment too', '{ ...F ...F } fragment F on Query { item { id } }', 1],
    ['aliases are fields of their own', '{ a: item { id } b: item { id } }', 2],
    ['members of a union count together', '{ either { ... on Item { name } ... on Owner { id } } }', 10 * (1 + 2)],
    ['what is skipped costs nothing', '{ item @skip(if: true) { id } dear @include(if: false) }', 0],
    ['nor does introspection', '{ __typename __schema { types { name } } }', 0],
    ['nobody gets cheaper by less than nothing', '{ items(first: -5) { id } item { id } }', 11],
  ] as const) {
    it(name, () => assert.equal(estimate(text), expected));
  }

  it('hangs on variables and their defaults', () => {
    const text = 'query($n: Int = 4, $yes: Boolean!) { items(first: $n) { id } item @include(if: $yes) { id } }';
    assert.equal(estimate(text, { n: 2, yes: true }), 3);
    assert.equal(estimate(text, { yes: false }), 4);
    assert.equal(estimate('query($s: Slice) { deep(input: $s) { id } }', { s: { page: { size: 3 } } }), 2 + 3);
    assert.equal(estimate('query($f: Filter) { found(filter: $f) { id } }', { f: { text: 'x' } }), 17);
  });

  it('takes arguments for what they are by default', () => {
    assert.equal(estimate('{ usual { id } }'), 3);
    assert.equal(estimate('{ usual(first: 2) { id } }'), 2);
    assert.equal(estimate('query($n: Int) { usual(first: $n) { id } }'), 3);
    // That is not three.
    assert.equal(estimate('{ usual(first: null) { id } }'), 10);
  });

  it('has an end, however much is asked for', () => {
    const nested = `${'{ parts '.repeat(50)}{ id }${'}'.repeat(50)}`;
    assert.equal(estimate(`{ items(first: 2000000000) ${nested} }`), 1_000_000_000_000);
  });
});

describe('a list that has to be told its size', () => {
  const fault = (text: string, variables: Record<string, unknown> = {}) => compile(text).fault(variables);
  const none = /^Expected exactly one of "first", "last" to say how many items "Query.items" is to have; got none\.$/;

  it('is told it by exactly one argument', () => {
    assert.match(fault('{ items { id } }') ?? '', none);
    assert.match(fault('{ items(first: 1, last: 2) { id } }') ?? '', /got 2\.$/);
    assert.match(fault('query($n: Int) { items(first: $n) { id } }') ?? '', none);
    assert.match(fault('{ items(first: null) { id } }') ?? '', none);
    assert.match(fault('{ item { id } ... { page { total } } }') ?? '', /"Query.page"/);
    assert.match(fault('{ deep(input: { page: {} }) { id } }') ?? '', /"input.page.size".*"Query.deep"/);
    assert.match(fault('{ plain }') ?? '', /"Query.plain"/);
    for (const [text, variables] of [
      ['{ items(first: 1) { id } }', {}],
      ['query($n: Int, $m: Int) { items(first: $n, last: $m) { id } }', { m: 3 }],
      ['query($n: Int = 4) { items(first: $n) { id } }', {}],
      ['{ usual { id } deep(input: { page: { size: 2 } }) { id } }', {}],
      ['query($no: Boolean!) { items @include(if: $no) { id } }', { no: false }],
      ['{ item { parts { id } } matrix { id } loose { id } }', {}],
    ] as const)
      assert.equal(fault(text, variables), undefined, text);
  });
});

describe('the actual cost of an operation', () => {
  const actual = (text: string, data: unknown) => compile(text).actual({}, data);

  it('is that of what came', () => {
    assert.equal(
      actual('{ items(first: 100) { id owner { id } } }', {
        items: [
          { id: 1, owner: null },
          { id: 2, owner: {} },
        ],
      }),
      8,
    );
    assert.equal(actual('{ matrix { id } }', { matrix: [[{ id: 1 }, null], null, [{ id: 2 }]] }), 2);
    assert.equal(actual('{ items { name } }', { items: [{ name: null }, { name: 'a' }] }), 4);
    assert.equal(
      actual('{ either { ... on Item { name } ... on Owner { id } } }', { either: [{ name: 'a' }, { id: 1 }] }),
      4,
    );
  });

  it('counts what it was asked with, and nothing where nothing came', () => {
    assert.equal(actual('{ found(ids: ["a"]) { id } }', { found: [] }), 3);
    assert.equal(actual('mutation { add { id } }', null), 10);
  });

  it('never is more than the estimate where lists are not longer than they were taken for', () => {
    const text = '{ items(first: 2) { id name owner { id } parts { id } } }';
    const item = { id: 1, name: 'a', owner: { id: 1 }, parts: Array.from({ length: 10 }, () => ({ id: 2 })) };
    assert.equal(actual(text, { items: [item, item] }), estimate(text));
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findUnsatisfied } from '../../src/plan/findUnsatisfied.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';

function composeOf(...sdls: readonly string[]) {
  const subgraphs = sdls.map((sdl, index) => ({
    name: `s${index}`,
    url: '',
    sdl,
    definition: { source: { kind: 'graphql' as const } },
  }));
  return compose(subgraphs, { findUnsatisfied });
}

const refused: readonly (readonly [title: string, sdl: string, code: string, path: string, message: RegExp])[] = [
  [
    'a lookup without arguments',
    'type Query { t: T @lookup } type T { id: ID! }',
    'LOOKUP_MUST_HAVE_ARGUMENTS',
    'Query.t',
    /Expected the key as arguments/,
  ],
  [
    'a lookup of a scalar',
    'type Query { t(id: ID!): String @lookup }',
    'LOOKUP_RETURNS_NO_ENTITY',
    'Query.t',
    /it returns "String"/,
  ],
  [
    'a lookup of lists of lists',
    'type Query { t(ids: [ID!]!): [[T]] @lookup } type T { id: ID! }',
    'LOOKUP_RETURNS_LIST',
    'Query.t',
    /lists of lists/,
  ],
  [
    'an argument that is no field',
    'type Query { t(key: ID!): T @lookup } type T { id: ID! }',
    'LOOKUP_ARGUMENT_WITHOUT_FIELD',
    'Query.t(key:)',
    /Expected a field "key" on "T"/,
  ],
  [
    'a field that is not there',
    'type Query { t(key: ID! @is(field: "sku")): T @lookup } type T { id: ID! }',
    'IS_INVALID_FIELDS',
    'Query.t(key:)',
    /"T" has no field "sku"/,
  ],
  [
    'a map that cannot be read',
    'type Query { t(key: ID! @is(field: "{ id")): T @lookup } type T { id: ID! }',
    'IS_INVALID_SYNTAX',
    'Query.t(key:)',
    /./,
  ],
  [
    'a lookup that nothing leads to',
    'type Query { t: T } type T { id: ID! } type Far { t(id: ID!): T @lookup }',
    'LOOKUP_NOT_REACHABLE',
    'Far.t',
    /No fields without arguments lead from "Query"/,
  ],
  [
    'a requirement of what cannot be looked up',
    'type Query { t: T } type T { id: ID! x(a: Int @require(field: "y")): Int }',
    'REQUIRE_WITHOUT_LOOKUP',
    'T.x',
    /Expected a "@lookup" of "T"/,
  ],
  [
    'a requirement at the root',
    'type Query { t(id: ID!): T @lookup x(a: Int @require(field: "y")): Int } type T { id: ID! }',
    'REQUIRE_INVALID_USAGE',
    'Query.x',
    /Expected "@require" in an object type that is looked up/,
  ],
  [
    'a requirement that no subgraph has',
    'type Query { t(id: ID!): T @lookup } type T { id: ID! x(a: Int @require(field: "y")): Int }',
    'UNKNOWN_REQUIRED_FIELD',
    'T.x',
    /It needs "T.y", which no subgraph has/,
  ],
  [
    'a requirement of an object as if it were a leaf',
    'type Query { t(id: ID!): T @lookup } type T { id: ID! o: O x(a: Int @require(field: "o")): Int } type O { y: Int }',
    'UNKNOWN_REQUIRED_FIELD',
    'T.x',
    /"T.o", which is an object: expected a selection/,
  ],
];

for (const [title, sdl, code, path, message] of refused) {
  test(`refused: ${title}`, () => {
    const result = composeOf(sdl);
    assert.ok('issues' in result, 'It composes.');
    assert.deepEqual(
      result.issues.map((issue) => [issue.code, issue.path, issue.subgraphs]),
      [[code, path, ['s0']]],
    );
    assert.match(result.issues[0]?.message ?? '', message);
  });
}

test('names that a link gives the words are honoured', () => {
  const link =
    'extend schema @link(url: "https://specs.example.org/composite-schemas/v1", as: "cs", import: [{ name: "@lookup", as: "@finds" }, "@internal"])';
  const composed = composeOf(
    `${link} type Query { t(id: ID!): T @finds @internal } type T { id: ID! size(of: Int @cs__require(field: "width")): Int }`,
    'type Query { all: [T!]! } type T @key(fields: "id") { id: ID! width: Int }',
  );
  assert.ok('sdl' in composed, JSON.stringify(composed));
  const { clientSchema, types } = parseSupergraph(composed.sdl);
  assert.deepEqual(Object.keys(clientSchema.getQueryType()?.getFields() ?? {}), ['all']);
  assert.deepEqual([...(types.get('T')?.fields.get('size')?.args.keys() ?? [])], []);
});

test('a federated subgraph may have lookups beside `_entities`', () => {
  const composed = composeOf(
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
     directive @lookup on FIELD_DEFINITION
     type Query { bySku(sku: ID!): T @lookup }
     type T @key(fields: "id") { id: ID! @shareable sku: ID! @shareable size: Int }`,
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
     type Query { all: [T!]! }
     type T @key(fields: "sku") { sku: ID! @shareable name: String }`,
  );
  assert.ok('sdl' in composed, JSON.stringify(composed));
  const kinds = [...(parseSupergraph(composed.sdl).types.get('T')?.graphs.get(0)?.lookups ?? [])].map(
    ({ kind }) => kind,
  );
  assert.deepEqual(kinds.sort(), ['entities', 'root']);
});

/** What the composer alone would refuse, or compose wrongly. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printSchema } from 'graphql';
import { findUnsatisfied } from '../../../src/plan/findUnsatisfied.ts';
import { compose } from '../../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../../src/supergraph/parseSupergraph.ts';
import { subgraphs } from './subgraphs.ts';

function composed(text: string): string {
  const result = compose(subgraphs(text));
  assert.ok('sdl' in result, JSON.stringify('issues' in result ? result.issues : []));
  return result.sdl;
}

test('costs from a specification of their own, under any name, are costs', () => {
  const sdl = composed(`# subgraph: a
@link(url: "https://specs.apollo.dev/cost/v0.1", import: [{ name: "@cost", as: "@price" }, "@listSize"])
type Query { a: Int @price(weight: 5) b(first: Int): [Int] @listSize(slicingArguments: ["first"]) }`);
  assert.match(sdl, /a: Int[^\n]*@cost\(weight: 5\)/);
  assert.match(sdl, /@listSize\(slicingArguments: \["first"\]/);
});

test('the cost of an argument on an interface is left out', () => {
  const sdl = composed(`# subgraph: a
type Query { a: A i: I } interface I { x(n: Int @cost(weight: 3)): Int } type A implements I { x(n: Int @cost(weight: 3)): Int }`);
  assert.match(sdl, /type A[^}]*x\(n: Int @cost\(weight: 3\)\)/);
});

test('a directive that goes by the name of its specification is composed without an import', () => {
  const sdl = composed(`# subgraph: a
@link(url: "https://example.com/foo/v1.0") @composeDirective(name: "@foo__bar") @composeDirective(name: "@foo")
directive @foo on FIELD_DEFINITION
directive @foo__bar(n: Int) on FIELD_DEFINITION
type Query { a: Int @foo__bar(n: 1) @foo }`);
  assert.match(sdl, /a: Int[^\n]*@foo__bar\(n: 1\)/);
  assert.match(sdl, /a: Int[^\n]*@foo\b(?!__)/);
});

test('what federation merges by itself may be named as composed, too', () => {
  assert.match(
    composed('# subgraph: a\n@composeDirective(name: "@tag")\ntype Query { a: Int @tag(name: "x") }'),
    /@tag\(name: "x"\)/,
  );
});

test('specifications that concern a subgraph alone need not agree', () => {
  const own = (name: string, version: string) => `# subgraph: ${name}
@link(url: "https://example.com/foo/${version}", import: ["@foo"])
directive @foo on FIELD_DEFINITION
type Query { ${name}: Int @foo }
`;
  composed(own('a', 'v1.0') + own('b', 'v2.0'));
});

test('a single scope stands for a list of one', () => {
  const sdl = composed(`# subgraph: a
type Query { a: Int @requiresScopes(scopes: ["read"]) b: Int @policy(policies: "admin") }`);
  assert.match(sdl, /a: Int[^\n]*@requiresScopes\(scopes: \[\["read"\]\]\)/);
  assert.match(sdl, /b: Int[^\n]*@policy\(policies: \[\["admin"\]\]\)/);
});

const UNION = `# subgraph: a
type Query { any: [Any!] @shareable }
union Any = A | B
type A { id: ID! @shareable }
type B { id: ID! }
# subgraph: b
type Query { any: [A!] @shareable }
type A { id: ID! @shareable }`;

test('a field whose types differ has the widest of them, and each subgraph says what it has', () => {
  const sdl = composed(UNION);
  assert.match(
    sdl,
    /any: \[Any!\] @join__field\(graph: A, type: "\[Any!\]"\) @join__field\(graph: B, type: "\[A!\]"\)/,
  );
  assert.match(printSchema(parseSupergraph(sdl).clientSchema), /any: \[Any!\]/);
  const swapped = composed(`# subgraph: b${UNION.split('# subgraph: b')[1]}\n${UNION.split('# subgraph: b')[0]}`);
  assert.match(swapped, /any: \[Any!\]/);
});

test('clients see nothing of the scalars of specifications', () => {
  const schema = parseSupergraph(
    composed('# subgraph: a\ntype Query { a: Int @requiresScopes(scopes: [["x"]]) b: Int @policy(policies: [["y"]]) }'),
  ).clientSchema;
  assert.doesNotMatch(printSchema(schema), /__Scope|__Policy/);
});

test('a field that an interface object only mentions is not resolved there', () => {
  const sdl = composed(`# subgraph: a
type Query { users: [Named!]! } interface Named @key(fields: "id") { id: ID! name: String } type User implements Named @key(fields: "id") { id: ID! name: String }
# subgraph: b
type Query { named: [Named] } type Named @key(fields: "id") @interfaceObject { id: ID! name: String @external login: String @requires(fields: "name") }`);
  assert.match(
    sdl,
    /interface Named[^}]*name: String @join__field\(graph: A\) @join__field\(graph: B, external: true\)/,
  );
});

test('an extension that only mentions what is in the key of another subgraph does not resolve it', () => {
  const sdl = composed(`# subgraph: users
type Query { users: [User] } type User @key(fields: "id name") @key(fields: "id") { id: ID! name: String! }
# subgraph: feed
type Query { us: [User] }
extend type User @key(fields: "id") { id: ID @external name: String! @external notes: [String] @requires(fields: "name") }`);
  assert.match(sdl, /name: String! @join__field\(graph: USERS\) @join__field\(graph: FEED, external: true\)/);
});

test('cache tags are carried as Apollo writes them, under any name', () => {
  const sdl = composed(`# subgraph: a
# import: { name: "@cacheTag", as: "@stored" }
type Query { a(id: ID!): T @stored(format: "a-{$args.id}") } type T @key(fields: "id") @stored(format: "t") { id: ID! x: Int }
# subgraph: b
type T @key(fields: "id") @cacheTag(format: "t") { id: ID! y: Int }`);
  const tag = (graphs: string, format: string) =>
    `@join__directive(graphs: [${graphs}], name: "federation__cacheTag", args: { format: "${format}" })`;
  assert.ok(sdl.includes(`a(id: ID!): T @join__field(graph: A) ${tag('A', 'a-{$args.id}')}`), sdl);
  assert.match(sdl, new RegExp(`type T [^{]*${RegExp.escape(tag('A, B', 't'))}`));
  assert.match(sdl, /@link\(url: "https:\/\/specs\.apollo\.dev\/cacheTag\/v0\.1", for: EXECUTION\)/);
  assert.doesNotMatch(printSchema(parseSupergraph(sdl).clientSchema), /cacheTag|join__|stored/);
});

test('a directive that one subgraph composes may go by another name where it is not', () => {
  const sdl = composed(`# subgraph: a
@link(url: "https://example.com/foo/v1.0", import: ["@foo"]) @composeDirective(name: "@foo")
directive @foo(n: Int) on FIELD_DEFINITION
type Query { a: Int @foo(n: 1) }
# subgraph: b
@link(url: "https://example.com/foo/v1.0", import: [{ name: "@foo", as: "@mine" }])
directive @mine(n: Int) on FIELD_DEFINITION
type Query { b: Int @mine(n: 1) }`);
  assert.match(sdl, /a: Int[^\n]*@foo\(n: 1\)/);
  assert.doesNotMatch(sdl, /@mine/);
});

test('an interface without types, and one whose key is no way in, need none of the types of others', () => {
  composed(`# subgraph: a
type Query { i: I } interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! }
# subgraph: b
interface I @key(fields: "id", resolvable: false) { id: ID! } interface Lonely @key(fields: "id") { id: ID! }`);
});

const clientOf = (text: string) => printSchema(parseSupergraph(composed(text)).clientSchema);

test('an argument is what all subgraphs can take, inside lists too, and has a default only where each has one', () => {
  const schema = clientOf(`# subgraph: a
type Query { x(ids: [Int], n: Int = 1, f: Float = 2.0): Int @shareable }
# subgraph: b
type Query { x(ids: [Int!], n: Int, f: Float = 2): Int @shareable }`);
  assert.match(schema, /x\(ids: \[Int!\], n: Int, f: Float = 2\): Int/);
});

test('an executable directive is what all subgraphs know of it', () => {
  const schema = clientOf(`# subgraph: a
directive @both(n: Int, only: Int) repeatable on FIELD | QUERY
directive @mixed on FIELD | FIELD_DEFINITION
directive @alone on FIELD
type Query { a: Int @mixed }
# subgraph: b
directive @both(n: Int!) on QUERY | MUTATION
directive @mixed on FIELD
type Query { b: Int }`);
  assert.match(schema, /^directive @both\(n: Int!\) on QUERY$/m);
  assert.match(schema, /^directive @mixed on FIELD$/m);
  assert.doesNotMatch(schema, /@alone/);
});

test('what a linked specification brings is not for clients', () => {
  const schema = clientOf(`# subgraph: a
@link(url: "https://example.com/foo/v1.0", import: ["@foo"]) @composeDirective(name: "@foo")
directive @foo on FIELD | FIELD_DEFINITION
type Query { a: Int @foo }`);
  assert.doesNotMatch(schema, /@foo/);
});

test('descriptions and reasons of deprecation are those that most subgraphs have', () => {
  const schema = clientOf(`# subgraph: a
"" type Query { "one" x: Int @shareable @deprecated(reason: "old") }
# subgraph: b
"All" type Query { "two" x: Int @shareable @deprecated(reason: "gone") }
# subgraph: c
"The graph" schema { query: Query }
type Query { "two" x: Int @shareable @deprecated(reason: "gone") }`);
  assert.match(schema, /"""The graph"""\nschema/);
  assert.match(schema, /"""All"""\ntype Query \{\n {2}"""two"""\n {2}x: Int @deprecated\(reason: "gone"\)/);
});

const SECOND_OPINION: readonly (readonly [string, string])[] = [
  [
    'a requirement with fragments',
    `# subgraph: a
type Query { t: T } interface F { f: String! } interface G implements F { f: String! g: String! }
type H implements F & G { f: String! g: String! } type T @key(fields: "id") { id: ID! data: F }
# subgraph: b
interface F { f: String! } interface G implements F { f: String! g: String! } type H implements F & G @inaccessible { f: String! @external g: String! @external }
type T @key(fields: "id") { id: ID! data: F @external r: Int @requires(fields: "data { f ... on G { g } }") }`,
  ],
  [
    'a key that is computed',
    `# subgraph: b
type T @key(fields: "id") { id: ID! f: String }
# subgraph: c
type Query { t: T } type T @key(fields: "id") { id: ID! f: String @external code: ID! @requires(fields: "f") @shareable }
# subgraph: d
type T @key(fields: "id", resolvable: false) @key(fields: "code") { id: ID! code: ID! g: Int }`,
  ],
  [
    'a requirement that a third subgraph takes over under a label',
    `# subgraph: a
type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }
# subgraph: b
type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }
# subgraph: c
type T @key(fields: "id") { id: ID! x: Int @override(from: "a", label: "moved") }`,
  ],
];

for (const [name, text] of SECOND_OPINION) {
  test(`${name} composes where the planner finds a way`, () => {
    assert.ok('issues' in compose(subgraphs(text)), 'the composer needs no second opinion any more');
    assert.ok('sdl' in compose(subgraphs(text), { findUnsatisfied }));
  });
}

test('what cannot be had is refused, whoever is asked', () => {
  const result = compose(
    subgraphs(`# subgraph: a
type Query { t: T } union U = A | V type A { id: ID! } type V { x: Int } type T { u: U @shareable }
# subgraph: b
type T @key(fields: "id") { id: ID! r: Int }`),
    { findUnsatisfied },
  );
  assert.ok('issues' in result);
  assert.deepEqual([...new Set(result.issues.map(({ code }) => code))], ['SATISFIABILITY_ERROR']);
});

test('a supergraph whose client schema is invalid is refused', () => {
  const result = compose(
    subgraphs(`# subgraph: a
type Query { i: I0 } interface I0 { label: String } type V implements I0 @shareable { label: String x: Int }
# subgraph: b
type Query { j: I1 } interface I0 { x: Int } interface I1 implements I0 { x: Int } type V implements I0 & I1 @shareable { label: String x: Int }`),
  );
  assert.ok('issues' in result);
  assert.match(JSON.stringify(result.issues), /I1 does not provide it|INTERFACE_FIELD_NO_IMPLEM/);
});

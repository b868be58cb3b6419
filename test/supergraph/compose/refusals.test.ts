/** What the composer alone would let pass: each is refused with its code and its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findUnsatisfied } from '../../../src/plan/findUnsatisfied.ts';
import { compose } from '../../../src/supergraph/compose/compose.ts';
import { subgraphs } from './subgraphs.ts';

const KEYED = 'type T @key(fields: "id") { id: ID! x: Int }';

/** Name, code, `[subgraph] path line` of the first issue, subgraphs. */
const CASES: readonly (readonly [string, string, string, string])[] = [
  [
    'an alias that looks like a name of the supergraph',
    'INVALID_LINK_DIRECTIVE_USAGE',
    '[a] 2',
    `# subgraph: a
@link(url: "https://example.com/foo/v1.0", import: [{ name: "@foo", as: "@join__field" }])
directive @join__field(name: String) on FIELD_DEFINITION
type Query { a: Int }`,
  ],
  [
    'a tag that is not the one of federation',
    'INVALID_LINK_DIRECTIVE_USAGE',
    '[a] 2',
    `# subgraph: a
@link(url: "https://specs.apollo.dev/tag/v0.2", import: ["@tag"])
type Query { a: Int @tag(name: "x") }`,
  ],
  [
    'a link without a version',
    'INVALID_LINK_IDENTIFIER',
    '[a] 2',
    `# subgraph: a
@link(url: "https://example.com/foo", import: ["@foo"])
directive @foo on FIELD_DEFINITION
type Query { a: Int }`,
  ],
  [
    'a composed directive without its "@"',
    'DIRECTIVE_COMPOSITION_ERROR',
    '[a] 2',
    '# subgraph: a\n@composeDirective(name: "foo")\ntype Query { a: Int }',
  ],
  [
    'a composed directive that federation itself reads',
    'DIRECTIVE_COMPOSITION_ERROR',
    '[a] 2',
    '# subgraph: a\n@composeDirective(name: "@key")\ntype Query { a: Int }',
  ],
  [
    'a composed directive that nobody defines',
    'DIRECTIVE_COMPOSITION_ERROR',
    '[a] 2',
    `# subgraph: a
@link(url: "https://example.com/foo/v1.0", import: ["@bar"]) @composeDirective(name: "@bar")
type Query { a: Int }`,
  ],
  [
    'a shared field of the subscription type',
    'INVALID_FIELD_SHARING',
    '[a] Subscription.s 4',
    '# subgraph: a\n\ntype Query { a: Int }\ntype Subscription { s: Int @shareable }',
  ],
  [
    'a tag on an external field',
    'MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL',
    '[a] T.x 3',
    `# subgraph: a
type Query { t: T }
type T @key(fields: "id") { id: ID! x: Int @external @tag(name: "t") y: Int @requires(fields: "x") }
# subgraph: b
${KEYED}`,
  ],
  [
    'a label that is none',
    'OVERRIDE_LABEL_INVALID',
    '[a] T.x 3',
    `# subgraph: a\ntype Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int @override(from: "b", label: "percent(101)") }\n# subgraph: b\n${KEYED}`,
  ],
  [
    'one directive of federation under two names',
    'LINK_IMPORT_NAME_MISMATCH',
    '[b, a] 1',
    `# subgraph: a
type Query { a: Int @tag(name: "x") }
# subgraph: b
# import: { name: "@tag", as: "@label" }
type Query { b: Int @label(name: "x") }`,
  ],
  [
    'an override of a field that requires others',
    'OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE',
    '[b, a] T.y 3',
    `# subgraph: a
type Query { t: T } type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }
# subgraph: b

type T @key(fields: "id") { id: ID! x: Int y: Int @override(from: "a") }`,
  ],
  [
    'an override in an interface object',
    'OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE',
    '[b] I.x 2',
    `# subgraph: a
type Query { i: I } interface I @key(fields: "id") { id: ID! x: Int } type A implements I @key(fields: "id") { id: ID! x: Int }
# subgraph: b
type I @interfaceObject @key(fields: "id") { id: ID! x: Int @override(from: "a") }`,
  ],
  [
    'a field that one subgraph provides and its owner does not share',
    'INVALID_FIELD_SHARING',
    '[b, a] T.x 2',
    `# subgraph: a
type Query { t: T @provides(fields: "x") } type T @key(fields: "id") { id: ID! x: Int @external }
# subgraph: b
${KEYED}`,
  ],
  [
    'a field of an interface object that an implementation has, too',
    'INVALID_FIELD_SHARING',
    '[a, b] A.x 2',
    `# subgraph: a
type Query { i: I } type I @interfaceObject @key(fields: "id") { id: ID! x: Int }
# subgraph: b
interface I @key(fields: "id") { id: ID! x: Int } type A implements I @key(fields: "id") { id: ID! x: Int @shareable }`,
  ],
  [
    'a requirement without an argument that its owner needs',
    'REQUIRES_INVALID_FIELDS',
    '[a] T.y 2',
    `# subgraph: a
type Query { t: T } type T @key(fields: "id") { id: ID! x(n: Int): Int @external y: Int @requires(fields: "x") }
# subgraph: b
type T @key(fields: "id") { id: ID! x(n: Int!): Int }`,
  ],
  [
    'a shared field whose subgraphs know no common type of it',
    'SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES',
    '[a, b] Query.i 2',
    `# subgraph: a
type Query { i: I @shareable } interface I { x: Int } type A implements I { x: Int }
# subgraph: b
type Query { i: I @shareable } interface I { x: Int } type B implements I { x: Int }`,
  ],
  [
    'connectors, which would compose and never answer',
    'CONNECTORS_UNSUPPORTED',
    '[a] 2',
    `# subgraph: a
@link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@connect"])
type Query { a: Int }`,
  ],
  [
    'a field that is shareable twice',
    'INVALID_SHAREABLE_USAGE',
    '[a] Query.a 2',
    '# subgraph: a\ntype Query { a: Int @shareable @shareable }',
  ],
  [
    'a union that is only extended',
    'EXTENSION_WITH_NO_BASE',
    '[a] Any 3',
    '# subgraph: a\ntype Query { a: A } type A { x: Int }\nextend union Any = A',
  ],
  [
    'one name for two composed directives',
    'DIRECTIVE_COMPOSITION_ERROR',
    '[b, a] 2',
    `# subgraph: a
@link(url: "https://example.com/foo/v1.0", import: ["@baz"]) @composeDirective(name: "@baz")
directive @baz on FIELD_DEFINITION
type Query { a: Int @baz }
# subgraph: b
@link(url: "https://example.com/foo/v1.0", import: [{ name: "@bar", as: "@baz" }]) @composeDirective(name: "@baz")
directive @baz on FIELD_DEFINITION
type Query { b: Int @baz }`,
  ],
  [
    'an interface that is looked up where one of its types is unknown',
    'INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE',
    '[a] I 3',
    `# subgraph: a
type Query { i: I } type A implements I @key(fields: "id") { id: ID! }
interface I @key(fields: "id") { id: ID! }
# subgraph: b
interface I { id: ID! } type B implements I @key(fields: "id") { id: ID! }`,
  ],
  [
    'a default on an external field that its owner does not have',
    'EXTERNAL_ARGUMENT_DEFAULT_MISMATCH',
    '[a] T.x 2',
    `# subgraph: a
type Query { t: T } type T @key(fields: "id") { id: ID! x(n: Int = 2): Int @external y: Int @requires(fields: "x") }
# subgraph: b
type T @key(fields: "id") { id: ID! x(n: Int): Int }`,
  ],
];

for (const [name, code, place, text] of CASES) {
  test(`composition refuses ${name}`, () => {
    const result = compose(subgraphs(text));
    assert.ok('issues' in result, 'it composes');
    const issue = result.issues.find((entry) => entry.code === code);
    assert.ok(issue !== undefined, JSON.stringify(result.issues));
    const graphs = `[${(issue.subgraphs ?? []).join(', ')}]`;
    assert.equal([graphs, issue.path, issue.line].filter((part) => part !== undefined).join(' '), place, issue.message);
    assert.match(issue.message, /^Expected .*\.$/);
  });
}

const unlinked = (...sdls: string[]) =>
  compose(
    sdls.map((sdl, index) => ({
      name: String.fromCharCode(97 + index),
      url: 'http://127.0.0.1/',
      sdl,
      definition: { source: { kind: 'graphql' } },
    })),
  );

for (const word of ['shareable', 'inaccessible'])
  test(`"@${word}", a word of federation 2, is refused without a link to it`, () => {
    const result = unlinked(`type Query { a: Int @${word} b: Int }`);
    assert.ok('issues' in result);
    assert.match(
      result.issues[0]?.message ?? '',
      new RegExp(`Expected a "@link" to federation 2 in a schema that uses "@${word}"; got none\\.`),
    );
  });

test('tags are older than federation 2, and need no link', () => {
  const result = unlinked(
    'type Query { a: Int @tag(name: "x") }',
    'type T @tag(name: "y") @key(fields: "id") { id: ID! }',
  );
  assert.ok('sdl' in result, JSON.stringify(result));
  assert.match(result.sdl, /a: Int[^\n]*@tag\(name: "x"\)/);
});

test('what the composer itself finds is told beside it', () => {
  const result = compose(
    subgraphs(
      '# subgraph: a\n@composeDirective(name: "foo")\ntype Query { t: T } type T @key(fields: "nothing") { id: ID! }',
    ),
  );
  assert.ok('issues' in result);
  assert.deepEqual(result.issues.map(({ code }) => code).sort(), ['DIRECTIVE_COMPOSITION_ERROR', 'KEY_INVALID_FIELDS']);
});

const SHOPS = `type Shop @key(fields: "id") @context(name: "money") { id: ID! currency: String items: [Item] }
type Item @key(fields: "id") { id: ID! price(in: String @fromContext(field: "$money { currency }")): String next: Item }`;

/** With the planner's second opinion, as the gateway composes. */
const composeWhole = (text: string) => compose(subgraphs(text), { findUnsatisfied });

test('a field that takes an argument from a context is refused where some way to it does not set the context', () => {
  const result = composeWhole(`# subgraph: a\ntype Query { shop: Shop item: Item }\n${SHOPS}`);
  assert.deepEqual(result, {
    issues: [
      {
        message:
          '"Item.price" takes its argument "in" from the context "money", which nothing sets on the way "item { price }".',
        code: 'SATISFIABILITY_ERROR',
        path: 'Item.price',
        subgraphs: ['a'],
        line: 4,
        column: 40,
      },
    ],
  });
  const abstract = composeWhole(
    `# subgraph: a\ntype Query { shop: Shop any: [Any] } union Any = Shop | Kiosk type Kiosk { items: [Item] }\n${SHOPS}`,
  );
  assert.ok('issues' in abstract);
  assert.match(abstract.issues[0]?.message ?? '', /on the way "any \{ items \{ price \} \}"/);
});

test('every way that clients cannot take may go without the context', () => {
  const result = composeWhole(`# subgraph: a\ntype Query { shop: Shop item: Item @inaccessible }\n${SHOPS}
# subgraph: b\ntype Item @key(fields: "id") { id: ID! shop: Shop } type Shop @key(fields: "id", resolvable: false) { id: ID! }`);
  assert.ok('sdl' in result, JSON.stringify(result));
});

test('a field is refused that requires what another subgraph has, of a type that cannot be looked up again', () => {
  const result = composeWhole(`# subgraph: a
type T @key(fields: "id") { id: ID! size: Int }
# subgraph: b
type Query { all: [T] }
type T { id: ID! @shareable size: Int @external weight: Int @requires(fields: "size") }`);
  assert.deepEqual(result, {
    issues: [
      {
        message:
          'Expected a way to "T.weight" wherever clients can ask for it; "all { weight }" has none: from there "b" cannot be asked for it, or not with what it requires.',
        code: 'SATISFIABILITY_ERROR',
        path: 'T.weight',
        subgraphs: ['b'],
        line: 3,
        column: 49,
      },
    ],
  });
});

test('a mutation is refused that two subgraphs would have to do for one answer', () => {
  const halves = (keys: string) => `# subgraph: a
type Query { any: Int } type Mutation { act: Done @shareable } type Done ${keys} { id: ID! @shareable one: Int }
# subgraph: b
type Mutation { act: Done @shareable } type Done ${keys} { id: ID! @shareable two: Int }`;
  const result = composeWhole(halves(''));
  assert.ok('issues' in result);
  assert.deepEqual(
    result.issues.map(({ code, path }) => [code, path]),
    [['SATISFIABILITY_ERROR', 'Done.two']],
  );
  // By a key, what the other has is looked up.
  assert.ok('sdl' in composeWhole(halves('@key(fields: "id")')));
});

test('what the composer says of a coordinate has the line on which it is defined', () => {
  const result = compose(
    subgraphs('# subgraph: a\ntype Query { x: Int }\n# subgraph: b\ntype Query { y: Int\n  x: Int }'),
  );
  assert.ok('issues' in result);
  const [issue] = result.issues;
  assert.deepEqual(
    [issue?.code, issue?.path, issue?.subgraphs, issue?.line],
    ['INVALID_FIELD_SHARING', 'Query.x', ['a', 'b'], 2],
  );
  const unparsed = compose([
    { name: 'a', url: '', sdl: 'type Query {', definition: { source: { kind: 'graphql' } } },
    ...subgraphs('# subgraph: b\ntype Query { y: Int @shareable @shareable }'),
  ]);
  assert.ok('issues' in unparsed);
  assert.equal(unparsed.issues[0]?.code, 'INVALID_GRAPHQL');
});

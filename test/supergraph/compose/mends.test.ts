/** What the composer alone would refuse, or compose wrongly. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printSchema } from 'graphql';
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

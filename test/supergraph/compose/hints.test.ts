import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compose } from '../../../src/supergraph/compose/compose.ts';
import { subgraphs } from './subgraphs.ts';

/** Code, coordinate and subgraphs of each hint. */
function hints(text: string): unknown[] {
  const result = compose(subgraphs(text));
  assert.ok('sdl' in result, JSON.stringify('issues' in result ? result.issues : []));
  return result.hints.map(({ code, path, subgraphs: names, line }) => [code, path, names?.join(), line]);
}

const KEYED = 'type T @key(fields: "id") { id: ID! x: Int';

const CASES: readonly (readonly [string, string, unknown[]])[] = [
  [
    'types that differ and fit',
    `# subgraph: a\ntype Query { x: Int! @shareable }\n# subgraph: b\ntype Query { x: Int @shareable }`,
    [['INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE', 'Query.x', 'a,b', 2]],
  ],
  [
    'a default that is not everywhere',
    `# subgraph: a\ntype Query { x(n: Int): Int @shareable }\n# subgraph: b\ntype Query { x(n: Int = 1): Int @shareable }`,
    [['INCONSISTENT_DEFAULT_VALUE_PRESENCE', 'Query.x', 'a,b', 2]],
  ],
  [
    'a value type of which one subgraph knows less',
    `# subgraph: a\ntype Query { v: V } type V @shareable { x: Int y: Int }\n# subgraph: b\ntype Query { w: W } type W { id: ID } type V @shareable { x: Int }`,
    [['INCONSISTENT_OBJECT_VALUE_TYPE_FIELD', 'V.y', 'a,b', 2]],
  ],
  [
    'members of a union and values of an enum that differ',
    `# subgraph: a
type Query { u: U e: E } union U = A | B type A @shareable { x: Int } type B { x: Int } enum E { ONE TWO }
# subgraph: b
type Query { v: U f: E } union U = A type A @shareable { x: Int } enum E { ONE }`,
    [
      ['INCONSISTENT_UNION_MEMBER', 'U', 'a,b', 2],
      ['INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM', 'E', 'a,b', 2],
    ],
  ],
  [
    'an override whose field could be removed',
    `# subgraph: a\ntype Query { t: T } ${KEYED} }\n# subgraph: b\n${KEYED} @override(from: "a") }`,
    [['OVERRIDDEN_FIELD_CAN_BE_REMOVED', 'T.x', 'b', 2]],
  ],
  [
    'an override that is over',
    `# subgraph: a\ntype Query { t: T } type T @key(fields: "id") { id: ID! }\n# subgraph: b\n${KEYED} @override(from: "a") }`,
    [['OVERRIDE_DIRECTIVE_CAN_BE_REMOVED', 'T.x', 'b', 2]],
  ],
  [
    'an override from nowhere',
    `# subgraph: a\ntype Query { t: T } type T @key(fields: "id") { id: ID! }\n# subgraph: b\n${KEYED} @override(from: "c") }`,
    [['FROM_SUBGRAPH_DOES_NOT_EXIST', 'T.x', 'b', 2]],
  ],
  [
    'nothing that is as it should be',
    `# subgraph: a\ntype Query { t: T } ${KEYED} }\n# subgraph: b\ntype T @key(fields: "id") { id: ID! y: Int }`,
    [],
  ],
];

for (const [name, text, expected] of CASES) {
  test(`composition hints at ${name}`, () => {
    assert.deepEqual(hints(text), expected);
  });
}

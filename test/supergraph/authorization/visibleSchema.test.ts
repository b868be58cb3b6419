import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, printSchema, validateSchema } from 'graphql';
import { schemaDocument, visibleSchema } from '../../../src/supergraph/authorization/visibleSchema.ts';

const schema = buildSchema(`
  directive @mark(as: Mark) on FIELD
  type Query { a: A b: Int any: Any only: Only node: Node colour(in: Colour, by: By): Colour }
  type Mutation { act: Int }
  union Any = A | Only
  type Only implements Node { id: ID secret: Deep }
  type Deep { x: Int }
  interface Node { id: ID }
  type A implements Node { id: ID c: Colour }
  enum Colour { RED }
  enum Mark { M }
  input By { colour: Colour size: Size }
  enum Size { L }
`);

function shown(...hidden: readonly string[]): string {
  const isHidden = (type: string, field: string) => hidden.includes(`${type}.${field}`) || hidden.includes(type);
  const visible = visibleSchema(schemaDocument(schema), { queryType: 'Query', isHidden });
  assert.deepEqual(
    validateSchema(visible).filter(({ message }) => !/must define one or more fields/.test(message)),
    [],
  );
  return printSchema(visible);
}

test('fields go, and with them the types that only they lead to', () => {
  const text = shown('Only.secret', 'Mutation.act', 'Query.b');
  assert.doesNotMatch(text, /secret|Deep|Mutation|\bb: Int/);
  assert.match(text, /type Only implements Node \{\s+id: ID\s+\}/);
});

test('a type without fields goes, and with it whatever gives it', () => {
  const text = shown('Only');
  assert.doesNotMatch(text, /Only|only/);
  assert.match(text, /union Any = A/);
});

test('a union without members and an interface without implementations go', () => {
  const text = shown('Only', 'A', 'Node');
  assert.doesNotMatch(text, /Any|any|Node|node/);
});

test('what arguments and directives take stays as long as they do', () => {
  const text = shown('A', 'Only');
  assert.match(text, /enum Colour/);
  assert.match(text, /enum Mark/);
  assert.doesNotMatch(shown('A', 'Only', 'Query.colour'), /Colour|By|Size/);
});

test('the query type stays, though nothing of it is left', () => {
  assert.match(shown('Query', 'Mutation'), /type Query/);
});

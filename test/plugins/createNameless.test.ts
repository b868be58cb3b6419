import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema } from 'graphql';
import { sharedDocument } from '../../src/lib/sharedDocument.ts';
import { createParse } from '../../src/plugins/createParse.ts';
import { createValidate } from '../../src/plugins/createValidate.ts';

const parseAll = (...texts: readonly string[]) => {
  const parse = createParse({ max_depth: 100, max_tokens: 1000 });
  return texts.map((text) => parse(text));
};

test('documents that differ in the name of their only operation are one', () => {
  const [first, second, third] = parseAll(
    'query One($id: ID!) { a(id: $id) } fragment F on Query { b }',
    'query Two($id: ID!) { a(id: $id) } fragment F on Query { b }',
    'query One($id: ID!) { a(id: $id) } fragment F on Query { c }',
  );
  assert.ok(first && second && third);
  assert.equal(sharedDocument(second), first);
  assert.equal(sharedDocument(third), third);
});

test('what only looks like a name is none', () => {
  const texts = [
    '{ query One }',
    '{ query Two }',
    '# query One\n{ a }',
    '# query Two\n{ a }',
    'query { One }',
    'query { Two }',
  ];
  const documents = parseAll(...texts);
  for (const document of documents) assert.equal(sharedDocument(document), document);
});

test('documents of several operations stand for themselves', () => {
  const documents = parseAll('query A { a } query B { b }', 'query C { a } query B { b }');
  for (const document of documents) assert.equal(sharedDocument(document), document);
});

test('a document is validated once under all of its names, and an invalid one each time', () => {
  const validate = createValidate({ hideSuggestions: false });
  const schema = buildSchema('type Query { a: Int }');
  const [good, sameGood, bad, sameBad] = parseAll('query A { a }', 'query B { a }', 'query A { b }', 'query B { b }');
  assert.ok(good && sameGood && bad && sameBad);
  assert.deepEqual(
    [good, sameGood].map((document) => validate(schema, document).length),
    [0, 0],
  );
  for (const document of [bad, sameBad, bad]) assert.match(validate(schema, document)[0]?.message ?? '', /"b"/);
  const other = buildSchema('type Query { b: Int }');
  assert.equal(validate(other, sameGood).length, 1);
});

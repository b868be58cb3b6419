import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildSchema,
  type DocumentNode,
  GraphQLError,
  Kind,
  print,
  specifiedRules,
  type ValidationRule,
} from 'graphql';
import * as v from 'valibot';
import { limitsSchema } from '../../src/config/schema/limitsSchema.ts';
import { sharedDocument } from '../../src/lib/sharedDocument.ts';
import { createNameless } from '../../src/plugins/createNameless.ts';
import { createParse } from '../../src/plugins/createParse.ts';
import { createValidate } from '../../src/plugins/createValidate.ts';

const LIMITS = v.parse(limitsSchema, { max_tokens: 1000 });
const parseAll = (...texts: readonly string[]) => {
  const parse = createParse(LIMITS, createNameless());
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

test('a document that was found valid is not parsed again under another name', () => {
  const nameless = createNameless();
  const parse = createParse(LIMITS, nameless);
  const first = parse('query One { a ...F } fragment F on Query { b }');
  const before = parse('query Two { a ...F } fragment F on Query { b }');
  assert.notEqual(fragmentOf(before), fragmentOf(first), 'Nobody has said that it is valid.');
  nameless.confirm(first);
  const found = parse('query Three { a ...F } fragment F on Query { b }');
  assert.equal(fragmentOf(found), fragmentOf(first));
  assert.equal(print(found), print(first).replace('One', 'Three'));
  assert.equal(sharedDocument(found), first);
});

test('a document with variables is parsed under each name: errors tell where they stand', () => {
  const nameless = createNameless();
  const parse = createParse(LIMITS, nameless);
  nameless.confirm(parse('query One($n: Int) { a(n: $n) }'));
  const other = parse('query Another($n: Int) { a(n: $n) }');
  const [operation] = other.definitions;
  assert.equal(operation?.kind === Kind.OPERATION_DEFINITION && operation.variableDefinitions?.[0]?.loc?.start, 14);
});

test('a word that stands in the place of a name, or looks like one, is not taken for it', () => {
  const nameless = createNameless();
  const parse = createParse(LIMITS, nameless);
  nameless.confirm(parse('query One { a }'));
  // Without what follows the word "query", each is the text above without its name.
  for (const text of ['query One{ a }', '# query One\nquery  { a }', 'query { query One a }'])
    assert.equal(print(parse(text)), print(parseAll(text)[0] as DocumentNode), text);
  assert.throws(() => parse('query 1One { a }'), /Syntax Error/);
  assert.throws(() => parse('query One-Two { a }'), /Syntax Error/);
});

const fragmentOf = ({ definitions }: DocumentNode) => definitions.find(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);

test('a rule that is made anew is asked anew, whatever its name', () => {
  const validate = createValidate({ hideSuggestions: false });
  const schema = buildSchema('type Query { a: Int }');
  const [document] = parseAll('query A { a }');
  assert.ok(document);
  const asked: number[] = [];
  const makeRule =
    (n: number): ValidationRule =>
    (context) => {
      asked.push(n);
      if (n === 2) context.reportError(new GraphQLError('Not now.'));
      return {};
    };
  for (const n of [1, 2, 3, 4, 5, 6])
    assert.equal(validate(schema, document, [...specifiedRules, makeRule(n)]).length, n === 2 ? 1 : 0);
  const kept = makeRule(7);
  for (const _ of [1, 2]) validate(schema, document, [...specifiedRules, kept]);
  assert.deepEqual(asked, [1, 2, 3, 4, 5, 6, 7]);
});

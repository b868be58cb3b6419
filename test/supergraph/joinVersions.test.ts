import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { IssuesError } from '../../src/errors/Issue.ts';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import type { Source } from '../../src/execute/Source.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';

const GRAPHS = `
  scalar join__FieldSet
  enum join__Graph {
    ACCOUNTS @join__graph(name: "accounts", url: "http://accounts")
    REVIEWS @join__graph(name: "reviews", url: "http://reviews")
  }
  directive @join__graph(name: String!, url: String!) on ENUM_VALUE`;

/** Ownership by type, as Apollo's first composition wrote it. */
const V1 = `
  schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1") { query: Query }
  directive @core(feature: String!) repeatable on SCHEMA
  directive @join__field(graph: join__Graph, provides: join__FieldSet, requires: join__FieldSet) on FIELD_DEFINITION
  directive @join__owner(graph: join__Graph!) on OBJECT | INTERFACE
  directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | INTERFACE
  ${GRAPHS}
  type Query { me: User @join__field(graph: ACCOUNTS) }
  type User @join__owner(graph: ACCOUNTS) @join__type(graph: ACCOUNTS, key: "id") @join__type(graph: REVIEWS, key: "id") {
    id: ID! @join__field(graph: ACCOUNTS)
    name: Name @join__field(graph: ACCOUNTS)
    reviews: [Review] @join__field(graph: REVIEWS)
  }
  type Name { first: String }
  type Review { body: String author: User @join__field(graph: REVIEWS) }`;

function marked(version: string, more = ''): string {
  return `
  schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/${version}", for: EXECUTION) { query: Query }
  ${GRAPHS}
  ${more}
  type Query @join__type(graph: ACCOUNTS) @join__type(graph: REVIEWS) { me: User @join__field(graph: ACCOUNTS) }
  type User @join__type(graph: ACCOUNTS, key: "id") @join__type(graph: REVIEWS, key: "id") {
    id: ID!
    name: Name @join__field(graph: ACCOUNTS)
    reviews: [Review] @join__field(graph: REVIEWS)
  }
  type Name @join__type(graph: ACCOUNTS) { first: String }
  type Review @join__type(graph: REVIEWS) { body: String author: User }`;
}

const V5 = marked(
  'v0.5',
  `
  directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT
  scalar join__DirectiveArguments
  scalar join__FieldValue
  input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue }`,
);

const documents: ReadonlyMap<string, string> = new Map([
  ['0.1', V1],
  ['0.2', marked('v0.2')],
  ['0.3', marked('v0.3')],
  ['0.4', marked('v0.4')],
  ['0.5', V5],
]);

function fakeSource(name: string, data: Record<string, unknown>, seen: string[]): Source {
  return {
    name,
    fetch: (request) => {
      seen.push(`${name}: ${request.operation.document} ${request.variables}`);
      return Promise.resolve({ data });
    },
  };
}

for (const [version, sdl] of documents) {
  test(`a supergraph of join ${version} is read, planned and executed`, async () => {
    const seen: string[] = [];
    const supergraph = parseSupergraph(sdl);
    const sources = new Map([
      ['accounts', fakeSource('accounts', { me: { id: '1', name: { first: 'Ada' } } }, seen)],
      ['reviews', fakeSource('reviews', { _entities: [{ reviews: [{ body: 'Good' }] }] }, seen)],
    ]);
    const executor = createExecutor({ supergraph, sources });
    const document = parse('{ me { name { first } reviews { body } } }');
    const result = await executor.execute({ document, context: { headers: new Headers() } });
    assert.deepEqual(result, { data: { me: { name: { first: 'Ada' }, reviews: [{ body: 'Good' }] } } });
    assert.deepEqual(seen, [
      'accounts: query { me { name { first } id } } {}',
      'reviews: query($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { reviews { body } } } } {"representations":[{"__typename":"User","id":"1"}]}',
    ]);
  });

  test(`clients of a supergraph of join ${version} see none of its machinery`, () => {
    const { clientSchema } = parseSupergraph(sdl);
    const names = Object.keys(clientSchema.getTypeMap()).filter((name) => !name.startsWith('__'));
    assert.deepEqual(
      names.filter((name) => /join|link|core/.test(name)),
      [],
    );
    assert.deepEqual(
      clientSchema
        .getDirectives()
        .map(({ name }) => name)
        .filter((name) => /join|link|core/.test(name)),
      [],
    );
  });
}

test('a document that is no supergraph is refused with what was expected', () => {
  assert.throws(
    () => parseSupergraph('type Query { a: Int }', 'schema.graphql'),
    (error) => {
      assert.ok(error instanceof IssuesError);
      assert.match(error.message, /schema\.graphql: Expected an enum "join__Graph"/);
      return true;
    },
  );
});

test('a syntax error in a supergraph says its place', () => {
  assert.throws(() => parseSupergraph('type Query {\n  a: \n}', 'schema.graphql'), /schema\.graphql:3:1/);
});

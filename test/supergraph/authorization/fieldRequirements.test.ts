import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldRequirements } from '../../../src/supergraph/authorization/fieldRequirements.ts';
import type { Requirement } from '../../../src/supergraph/authorization/Requirement.ts';
import { compose } from '../../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../../src/supergraph/parseSupergraph.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@interfaceObject", "@context", "@fromContext", "@authenticated", "@requiresScopes", "@policy"])';

/** What is needed for fields of composed subgraphs, as short text. */
function composed(...schemas: readonly string[]) {
  const result = compose(
    schemas.map((sdl, index) => ({
      name: `s${index}`,
      url: 'http://127.0.0.1:1',
      sdl: sdl.includes('@link') ? sdl : `${LINK}\n${sdl}`,
      definition: { source: { kind: 'graphql' } },
    })),
  );
  assert('sdl' in result, JSON.stringify(result));
  return reader(result.sdl);
}

function reader(sdl: string) {
  const requirements = fieldRequirements(parseSupergraph(sdl));
  return (coordinate: string) => {
    const [type = '', field = ''] = coordinate.split('.');
    return show(requirements?.of(type, field));
  };
}

function show(requirement: Requirement | undefined): string {
  if (requirement === undefined) return '';
  const any = (lists: readonly (readonly string[])[]) =>
    lists
      .map((names) => [...names].sort().join('&'))
      .sort()
      .join('|');
  return [
    ...(requirement.authenticated ? ['authenticated'] : []),
    ...requirement.scopes.map(any).sort(),
    ...requirement.policies.map((lists) => `policy ${any(lists)}`).sort(),
  ].join('; ');
}

/** A supergraph document as others compose them, with the given links and definitions. */
const finished = (links: string, definitions: string) => `
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) ${links} { query: Query }
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
enum join__Graph { A @join__graph(name: "a", url: "http://127.0.0.1:1") }
${definitions}`;

describe('what a caller needs for a field', () => {
  it('is what the field, its type and the type of its value say, all of it', () => {
    const needs = composed(`
      type Query { me: User @authenticated open: Int mood: Mood born: Date }
      type User @policy(policies: [["p"]]) { email: String @requiresScopes(scopes: [["a", "b"], ["c"]]) name: String }
      enum Mood @requiresScopes(scopes: [["mood"]]) { GOOD }
      scalar Date @authenticated`);
    assert.equal(needs('Query.me'), 'authenticated; policy p');
    assert.equal(needs('User.email'), 'a&b|c; policy p');
    assert.equal(needs('User.name'), 'policy p');
    assert.equal(needs('Query.mood'), 'mood');
    assert.equal(needs('Query.born'), 'authenticated');
    assert.equal(needs('Query.open'), '');
    assert.equal(needs('User.__typename'), '');
  });

  it('is what all subgraphs say together, the strictest', () => {
    const needs = composed(
      'type Query { user: User } type User @key(fields: "id") { id: ID! email: String @shareable @requiresScopes(scopes: [["x"], ["y"]]) }',
      'type User @key(fields: "id") { id: ID! email: String @shareable @requiresScopes(scopes: [["z"]]) @authenticated }',
      'type User @key(fields: "id") { id: ID! email: String @shareable }',
    );
    assert.equal(needs('User.email'), 'authenticated; x&z|y&z');
  });

  it('is read under the names that a subgraph gives the directives', () => {
    const needs = composed(`
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{ name: "@authenticated", as: "@login" }, { name: "@policy", as: "@rule" }])
      type Query { a: Int @login b: Int @rule(policies: [["p"]]) c: Int @federation__requiresScopes(scopes: [["s"]]) }`);
    assert.equal(needs('Query.a'), 'authenticated');
    assert.equal(needs('Query.b'), 'policy p');
    assert.equal(needs('Query.c'), 's');
  });

  it('is read under the names that a finished supergraph gives the directives', () => {
    const needs = reader(
      finished(
        `@link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "login", for: SECURITY)
         @link(url: "https://specs.apollo.dev/policy/v0.1", import: [{ name: "@policy", as: "@rule" }], for: SECURITY)`,
        `type Query { a: Int @login b: Int @rule(policies: [["p", "q"], ["r"]]) c: Int @requiresScopes(scopes: "s") }`,
      ),
    );
    assert.equal(needs('Query.a'), 'authenticated');
    assert.equal(needs('Query.b'), 'policy p&q|r');
    // Forgotten links do not make it open.
    assert.equal(needs('Query.c'), 's');
  });

  it('is on an interface what each implementation needs, and on an implementation what that one needs', () => {
    const needs = composed(`
      type Query { node: Node search: Found }
      interface Node { id: ID! name: String }
      type Book implements Node { id: ID! name: String @requiresScopes(scopes: [["book"]]) }
      type User implements Node @authenticated { id: ID! name: String }
      type Page implements Node { id: ID! name: String }
      union Found = Book | User`);
    assert.equal(needs('Node.id'), 'authenticated');
    assert.equal(needs('Node.name'), 'authenticated; book');
    assert.equal(needs('Book.name'), 'book');
    assert.equal(needs('Book.id'), '');
    assert.equal(needs('User.name'), 'authenticated');
    assert.equal(needs('Page.name'), '');
    // What is selected below decides.
    assert.equal(needs('Query.node'), '');
    assert.equal(needs('Query.search'), '');
  });

  it('is imposed by an interface on all of its implementations', () => {
    const needs = reader(
      finished(
        '',
        `type Query { node: Node user: User page: Page }
         interface Node @requiresScopes(scopes: [["node"]]) { id: ID! name: String @authenticated }
         type User implements Node { id: ID! name: String }
         type Page implements Node { id: ID! name: String @policy(policies: [["p"]]) }`,
      ),
    );
    assert.equal(needs('Query.node'), 'node');
    assert.equal(needs('Query.user'), 'node');
    assert.equal(needs('User.name'), 'authenticated; node');
    assert.equal(needs('Page.name'), 'authenticated; node; policy p');
    assert.equal(needs('User.id'), 'node');
  });

  it('is imposed by an interface of any subgraph, and by an interface object, on all that are one', () => {
    const needs = composed(
      `type Query { node: Node }
       interface Node @key(fields: "id") @requiresScopes(scopes: [["node"]]) { id: ID! name: String @authenticated }
       type User implements Node @key(fields: "id") @requiresScopes(scopes: [["user"], ["admin"]]) { id: ID! name: String }
       type Page implements Node @key(fields: "id") { id: ID! name: String }`,
      `type Node @key(fields: "id") @interfaceObject { id: ID! rank: Int @policy(policies: [["p"]]) }`,
      'type Query { page: Page } type Page @key(fields: "id") { id: ID! text: String }',
    );
    assert.equal(needs('Query.node'), 'node');
    assert.equal(needs('Page.text'), 'node');
    assert.equal(needs('Query.page'), 'node');
    assert.equal(needs('Page.name'), 'authenticated; node');
    assert.equal(needs('User.id'), 'admin&node|node&user');
    assert.equal(needs('User.rank'), 'admin&node|node&user; policy p');
    assert.match(needs('Node.rank'), /policy p$/);
    assert.match(needs('Node.name'), /^authenticated; /);
  });

  it('is not imposed by an interface that only sums its implementations up, as composers write it', () => {
    const needs = reader(
      finished(
        '',
        `type Query { node: Node }
         interface Node @requiresScopes(scopes: [["a", "c"], ["b", "c"]]) { id: ID! @authenticated }
         type User implements Node @requiresScopes(scopes: [["a"], ["b"]]) { id: ID! @authenticated }
         type Page implements Node @requiresScopes(scopes: [["c"]]) { id: ID! }
         type Free implements Node { id: ID! }`,
      ),
    );
    assert.equal(needs('Free.id'), '');
    assert.equal(needs('Page.id'), 'c');
    assert.equal(needs('Query.node'), '');
    assert.equal(needs('Node.id'), 'authenticated; a&c|b&c; a|b; c');
  });

  it('is what it is made of needs, through any number of requirements, nested and by type', () => {
    const needs = reader(
      finished(
        '',
        `directive @join__field(graph: join__Graph, requires: String, external: Boolean) repeatable on FIELD_DEFINITION
         type Query { t: T }
         type T { a: Int @join__field(graph: A, requires: "b") b: Int @join__field(graph: A, requires: "c { d }")
           c: C e: Int @join__field(graph: A, requires: "f { ... on G { h } }") f: I
           loop: Int @join__field(graph: A, requires: "pool") pool: Int @authenticated @join__field(graph: A, requires: "loop") }
         type C { d: Int @requiresScopes(scopes: [["deep"]]) }
         interface I { h: Int }
         type G implements I { h: Int @policy(policies: [["g"]]) }
         type H implements I { h: Int @policy(policies: [["h"]]) }`,
      ),
    );
    assert.equal(needs('T.a'), 'deep');
    assert.equal(needs('T.b'), 'deep');
    assert.equal(needs('T.c'), '');
    assert.equal(needs('T.e'), 'policy g');
    assert.equal(needs('T.loop'), 'authenticated');
    assert.equal(needs('T.pool'), 'authenticated');
  });

  for (const [kind, sdl, definition] of [
    ['of a plain schema', 'type Query { me: Int @authenticated other: Int @policy(policies: [["p"]]) }', {}],
    [
      'of a plain schema that defines the directives itself',
      'directive @authenticated on FIELD_DEFINITION directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION type Query { me: Int @authenticated other: Int @policy(policies: [["p"]]) }',
      {},
    ],
    [
      'with stitching directives',
      'type Query { users(ids: [ID!]!): [User] @merge(keyField: "id") me: User @authenticated other: Int @policy(policies: [["p"]]) } type User @key(selectionSet: "{ id }") { id: ID! }',
      {},
    ],
    [
      'in the words of Composite Schemas',
      'type Query { user(id: ID! @is(field: "id")): User @lookup me: User @authenticated other: Int @policy(policies: [["p"]]) } type User @key(fields: "id") { id: ID! }',
      {},
    ],
    [
      'that is joined by configuration',
      'type Query { user(id: ID!): User me: User @authenticated other: Int @policy(policies: [["p"]]) } type User { id: ID! }',
      { merge: { User: [{ selectionSet: '{ id }', fieldName: 'user', args: { id: '$key.id' } }] } },
    ],
  ] as const) {
    it(`is read of a subgraph ${kind}`, () => {
      const made = compose([{ name: 's', url: '', sdl, definition: { source: { kind: 'graphql' }, ...definition } }]);
      assert('sdl' in made, JSON.stringify(made));
      const needs = reader(made.sdl);
      assert.equal(needs('Query.me'), 'authenticated');
      assert.equal(needs('Query.other'), 'policy p');
    });
  }

  it('is not what a directive of another meaning says', () => {
    const sdl = 'directive @policy(name: String) on FIELD_DEFINITION type Query { a: Int @policy(name: "x") }';
    const made = compose([{ name: 's', url: '', sdl, definition: { source: { kind: 'graphql' } } }]);
    assert('sdl' in made, JSON.stringify(made));
    assert.equal(reader(made.sdl)('Query.a'), '');
  });

  it('is imposed by an interface on fields that give an interface of its kind', () => {
    const needs = composed(`
      type Query { media: Media book: Book other: Other }
      interface Node @authenticated { id: ID! }
      interface Media implements Node { id: ID! title: String }
      interface Other { title: String }
      type Book implements Media & Node & Other { id: ID! title: String }`);
    assert.equal(needs('Query.media'), 'authenticated');
    assert.equal(needs('Query.book'), 'authenticated');
    assert.equal(needs('Media.title'), 'authenticated');
    assert.equal(needs('Query.other'), '');
    assert.equal(needs('Other.title'), 'authenticated');
  });

  it('is written into the supergraph where composed fields are made of others, so that other gateways find it', () => {
    const made = compose(
      [
        'type Query { p: P } type P @key(fields: "id") { id: ID! w: Int @authenticated v: Int @requiresScopes(scopes: [["v"]]) }',
        'type P @key(fields: "id") { id: ID! w: Int @external s: Int @requires(fields: "w") plain: Int }',
        'type P @key(fields: "id") { id: ID! s: Int @external v: Int @external t: Int @requires(fields: "s v") @requiresScopes(scopes: [["t"]]) }',
      ].map((sdl, index) => ({
        name: `s${index}`,
        url: '',
        sdl: `${LINK} ${sdl}`,
        definition: { source: { kind: 'graphql' } },
      })),
    );
    assert('sdl' in made, JSON.stringify(made));
    assert.match(made.sdl, /\n {2}s: Int @join__field[^\n]* @authenticated\n/);
    assert.match(
      made.sdl,
      /\n {2}t: Int @join__field[^\n]* @authenticated @requiresScopes\(scopes: \[\["t", "v"\]\]\)\n/,
    );
    assert.match(made.sdl, /\n {2}plain: Int @join__field\(graph: S1\)\n/);
    const needs = reader(made.sdl);
    assert.equal(needs('P.s'), 'authenticated');
    assert.match(needs('P.t'), /^authenticated; t&v/);
  });

  it('is what a context needs that one of its arguments is taken from', () => {
    const needs = reader(
      finished(
        '@link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY)',
        `directive @join__field(graph: join__Graph, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION
         input join__ContextArgument { name: String! type: String! context: String! selection: String! }
         directive @context(name: String!) repeatable on OBJECT
         type Query { shop: Shop }
         type Shop @context(name: "s__money") { currency: String @authenticated items: [Item!]! }
         type Item { price: String @join__field(graph: A, contextArguments: [{ context: "s__money", name: "in", type: "String", selection: "{ currency }" }]) name: String }`,
      ),
    );
    assert.equal(needs('Item.price'), 'authenticated');
    assert.equal(needs('Item.name'), '');
  });

  it('is nothing at all where nothing is protected', () => {
    assert.equal(fieldRequirements(parseSupergraph(finished('', 'type Query { a: Int }'))), undefined);
  });

  it('is not met by a list without alternatives', () => {
    const needs = reader(
      finished('', 'type Query { a: Int @requiresScopes(scopes: []) b: Int @requiresScopes(scopes: [[]]) }'),
    );
    assert.equal(needs('Query.a'), '');
    const found = fieldRequirements(parseSupergraph(finished('', 'type Query { a: Int @requiresScopes(scopes: []) }')));
    assert.deepEqual(found?.of('Query', 'a')?.scopes, [[]]);
  });
});

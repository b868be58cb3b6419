import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DocumentNode, parse } from 'graphql';
import { IssuesError } from '../../src/errors/Issue.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import { readTypes } from '../../src/supergraph/readTypes.ts';

const HEAD =
  'schema { query: Query } enum join__Graph { A @join__graph(name: "a", url: "http://127.0.0.1/a") B @join__graph(name: "b", url: "http://127.0.0.1/b") }';

test('types know what they are to each other, over all subgraphs and in each', () => {
  const { types } = parseSupergraph(`${HEAD}
    type Query @join__type(graph: A) { any: Any }
    interface Top @join__type(graph: A) { id: ID }
    interface Any implements Top @join__type(graph: A) @join__type(graph: B) @join__implements(graph: A, interface: "Top") { id: ID }
    type One implements Any & Top @join__type(graph: A) @join__type(graph: B) @join__implements(graph: A, interface: "Any") @join__implements(graph: A, interface: "Top") { id: ID }
    type Two implements Any @join__type(graph: B) @join__implements(graph: B, interface: "Any") { id: ID }
    union Both @join__type(graph: A) @join__type(graph: B) @join__unionMember(graph: A, member: "One") @join__unionMember(graph: B, member: "One") @join__unionMember(graph: B, member: "Two") = One | Two`);
  assert.deepEqual(types.get('Any')?.possible, ['One', 'Two']);
  assert.deepEqual(types.get('Any')?.graphs.get(0)?.possible, ['One']);
  assert.deepEqual(types.get('Any')?.graphs.get(1)?.possible, ['Two']);
  assert.deepEqual(types.get('Both')?.graphs.get(0)?.possible, ['One']);
  assert.deepEqual(types.get('Both')?.graphs.get(1)?.possible, ['One', 'Two']);
  assert.deepEqual(types.get('Top')?.possible, ['One']);
  assert.deepEqual([...(types.get('One')?.supertypes ?? [])].sort(), ['Any', 'Both', 'Top']);
  assert.deepEqual([...(types.get('Any')?.supertypes ?? [])], ['Top']);
});

test('an enum value that is hidden under another name of the directive is hidden', () => {
  const { types, clientSchema } =
    parseSupergraph(`${HEAD.replace('schema', 'schema @link(url: "https://specs.apollo.dev/inaccessible/v0.2", as: "hidden")')}
    type Query @join__type(graph: A) { kind: Kind }
    enum Kind @join__type(graph: A) { SEEN UNSEEN @hidden }`);
  assert.deepEqual([...(types.get('Kind')?.hiddenValues ?? [])], ['UNSEEN']);
  assert.deepEqual(clientSchema.getType('Kind')?.toConfig(), { ...clientSchema.getType('Kind')?.toConfig() });
  assert.deepEqual([...(types.get('Kind')?.values ?? [])], ['SEEN']);
});

test('a text that is no supergraph is refused with what was expected', () => {
  for (const text of ['type Query { a: Int }', 'type {', `${HEAD} type Query @join__type(graph: NONE) { a: Int }`]) {
    assert.throws(
      () => parseSupergraph(text, 'supergraph.graphql'),
      (error) => error instanceof IssuesError && error.issues.length > 0,
    );
  }
});

/** How often the directives and interfaces of the document's types are read. */
function readsOf(document: DocumentNode): number {
  let reads = 0;
  for (const node of document.definitions) {
    for (const name of ['directives', 'interfaces']) {
      const value = (node as unknown as Readonly<Record<string, unknown>>)[name];
      Object.defineProperty(node, name, {
        enumerable: true,
        get: () => {
          reads += 1;
          return value;
        },
      });
    }
  }
  const subgraphs = ['A', 'B'].map((graph, id) => ({
    id,
    graph,
    name: graph,
    url: '',
    definition: { source: { kind: 'graphql' as const } },
  }));
  readTypes(document, subgraphs);
  return reads;
}

test('reading types takes work in proportion to their number', () => {
  const documentOf = (count: number) =>
    parse(
      `interface Node @join__type(graph: A) @join__type(graph: B) { id: ID! }
      ${Array.from({ length: count }, (_, n) => `type T${n} implements Node @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__implements(graph: A, interface: "Node") { id: ID! a${n}: Int }`).join('\n')}
      union All @join__type(graph: A) = ${Array.from({ length: count }, (_, n) => `T${n}`).join(' | ')}`,
      { noLocation: true },
    );
  const [few, many] = [readsOf(documentOf(50)), readsOf(documentOf(5000))];
  assert.ok(many < few * 110, `${few} reads for 50 types, ${many} for 5,000`);
});

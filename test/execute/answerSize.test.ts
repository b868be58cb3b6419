import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import type { Source } from '../../src/execute/Source.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';

const supergraph = parseSupergraph(`
  schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
  scalar join__FieldSet
  enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
  type Query @join__type(graph: A) { nodes: [Node!]! @join__field(graph: A) }
  type Node @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") { id: ID! next: [Node!] @join__field(graph: B) }`);

/** Ten nodes that all lead to each other: an answer ten times as long for each level, from the same ten entities. */
const all = Array.from({ length: 10 }, (_, id) => ({ id: String(id) }));
const sources = new Map<string, Source>([
  ['a', { name: 'a', fetch: () => Promise.resolve({ data: { nodes: all } }) }],
  [
    'b',
    {
      name: 'b',
      fetch: ({ variables }) => {
        const { representations } = JSON.parse(variables) as { representations: unknown[] };
        return Promise.resolve({
          data: { _entities: representations.map(() => ({ next: all.map((node) => ({ ...node, next: all })) })) },
        });
      },
    },
  ],
]);
const context = { headers: new Headers() };

test('a short query for a very long answer is refused, by the interpreter and by generated code alike', async () => {
  const executor = createExecutor({ supergraph, sources, maxObjects: 1_000 });
  const document = parse('{ nodes { next { next { next { id } } } } }');
  for (let round = 0; round < 4; round += 1) {
    const result = await executor.execute({ document, context });
    assert.equal(result.data, null);
    assert.deepEqual(
      result.errors?.map((error) => error.extensions['code']),
      ['ANSWER_TOO_LARGE'],
    );
  }
});

test('an answer of just so many objects is given', async () => {
  // The root, ten nodes, ten times ten below them.
  const executor = createExecutor({ supergraph, sources, maxObjects: 111 });
  const document = parse('{ nodes { next { id } } }');
  for (let round = 0; round < 4; round += 1) {
    const result = await executor.execute({ document, context });
    assert.equal(result.errors, undefined);
  }
});

for (const [what, data] of [
  ['no list', { _entities: 'x' }],
  ['too few', { _entities: [] }],
  ['too many', { _entities: Array.from({ length: 30 }, () => ({ next: [] })) }],
  ['nothing', {}],
] as const) {
  test(`entities that are ${what} are told as an error of the subgraph`, async () => {
    const broken = new Map(sources).set('b', { name: 'b', fetch: () => Promise.resolve({ data }) });
    const executor = createExecutor({ supergraph, sources: broken });
    const result = await executor.execute({ document: parse('{ nodes { id next { id } } }'), context });
    assert.equal((result.data as { nodes: unknown[] }).nodes.length, 10);
    const codes = new Set(result.errors?.map((error) => error.extensions['code']));
    assert.deepEqual([...codes], ['SUBGRAPH_INVALID_RESPONSE']);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import { prepareOperation } from '../../src/execute/prepareOperation.ts';
import { createRouter } from '../../src/plan/createRouter.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import type { Supergraph } from '../../src/supergraph/Supergraph.ts';

const repeat = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const graph = (n: number) => String.fromCharCode(65 + n);
const on = (graphs: number, key = '') =>
  repeat(graphs, (n) => `@join__type(graph: ${graph(n)}${key === '' ? '' : `, key: "${key}"`})`);
const head = (graphs: number) =>
  `schema { query: Query mutation: Mutation } enum join__Graph { ${repeat(graphs, (n) => `${graph(n)} @join__graph(name: "${graph(n)}", url: "http://127.0.0.1/${n}")`)} }`;

/** Two subgraphs that lead into each other for ever. */
const tree = parseSupergraph(`${head(2)}
type Query ${on(2)} { node: Node @join__field(graph: A) }
type Mutation ${on(2)} { a(n: Int): Node @join__field(graph: A) b(n: Int): Node @join__field(graph: B) }
type Node ${on(2, 'id')} { id: ID! a: Node @join__field(graph: A) b: Node @join__field(graph: B) x: Int @join__field(graph: A) y(n: Int): Int @join__field(graph: B) }`);
/** An interface of 200 types, each with a field in the other subgraph. */
const wide =
  parseSupergraph(`${head(2)} type Query ${on(2)} { any: Any @join__field(graph: A) } type Mutation ${on(1)} { x: Int }
interface Any ${on(2)} { id: ID! next: Any @join__field(graph: A) }
${repeat(200, (n) => `type T${n} implements Any ${on(2, 'id')} @join__implements(graph: A, interface: "Any") @join__implements(graph: B, interface: "Any") { id: ID! next: Any @join__field(graph: A) own: Int @join__field(graph: B) }`)}`);
/** Everything in each of eight subgraphs, but for one field each. */
const shared = parseSupergraph(`${head(8)} type Query ${on(8)} { t0: T0 } type Mutation ${on(1)} { x: Int }
${repeat(12, (n) => `type T${n} ${on(8, 'id')} { id: ID! ${repeat(12, (m) => `f${m}: T${(n + m + 1) % 12}`)} s: Int ${repeat(8, (g) => `own${graph(g)}: Int @join__field(graph: ${graph(g)})`)} }`)}`);

function outcome(supergraph: Supergraph, operation: string): string {
  try {
    const { plan } = prepareOperation(parse(operation), null, createRouter(supergraph));
    return `${plan.fetches.length} fetches`;
  } catch (error) {
    if (error instanceof GatewayError) return String(error.extensions['code']);
    throw error;
  }
}

const nested = (field: string) =>
  `{ node { ...F25 } } ${repeat(25, (n) => `fragment F${n + 1} on Node { a { ${n === 0 ? 'x' : `...F${n}`} } ${field} { ${n === 0 ? 'x' : `...F${n}`} } }`)}`;
const fan = (depth: number): string =>
  depth === 0 ? 's ownA ownH' : `ownB ownC f0 { ${fan(depth - 1)} } f1 { ${fan(depth - 1)} } f2 { ${fan(depth - 1)} }`;
const owns = repeat(200, (n) => `... on T${n} { own }`);
const variables = (count: number) => `(${repeat(count, (n) => `$c${n}: Boolean!`)})`;
const EXCEEDED = 'PLANNING_BUDGET_EXCEEDED';

const CASES: readonly (readonly [string, Supergraph, string, string])[] = [
  ['2^25 positions by nested fragments', tree, nested('b'), EXCEEDED],
  ['2^25 positions by nested fragments and aliases', tree, nested('q: a'), EXCEEDED],
  [
    'nested fragments of one position',
    tree,
    `{ node { ...F25 } } ${repeat(25, (n) => `fragment F${n + 1} on Node { ${n === 0 ? 'x' : `...F${n} ...F${n} ... { ...F${n} }`} }`)}`,
    '1 fetches',
  ],
  ['2,000 fragments that merge', tree, `{ node { ${repeat(2000, () => '... { a { x b { y } } }')} } }`, '2 fetches'],
  ['a wide interface, one jump', wide, '{ any { id ... on T1 { own } } }', '2 fetches'],
  ['a wide interface, 200 jumps', wide, `{ any { ${owns} } }`, '2 fetches'],
  ['a wide interface, 200 x 200 jumps', wide, `{ any { ${owns} next { ${owns} } } }`, EXCEEDED],
  [
    'a wide interface, ten levels that resolve alike',
    wide,
    `{ any ${repeat(10, () => '{ id next')} { id } ${'}'.repeat(10)} }`,
    '1 fetches',
  ],
  [
    'a wide interface, five levels that do not',
    wide,
    `{ any ${repeat(5, () => '{ id ... on T1 { own } next')} { id } ${'}'.repeat(5)} }`,
    '2 fetches',
  ],
  ['3,000 aliases', tree, `{ node { ${repeat(3000, (n) => `q${n}: y(n: ${n})`)} } }`, '2 fetches'],
  ['20,000 aliases', tree, `{ node { ${repeat(20_000, (n) => `q${n}: y(n: ${n})`)} } }`, EXCEEDED],
  [
    '5,000 mutations over two subgraphs',
    tree,
    `mutation { ${repeat(5000, (n) => `q${n}: ${n % 2 === 0 ? 'a' : 'b'}(n: ${n}) { x y }`)} }`,
    EXCEEDED,
  ],
  [
    '30 conditions, nested',
    tree,
    `query ${variables(30)} { node { ${repeat(30, (n) => `a @include(if: $c${n}) { x b @skip(if: $c${(n + 7) % 30}) { y } }`)} } }`,
    '2 fetches',
  ],
  [
    '900 pairs of 30 conditions',
    tree,
    `query ${variables(30)} { node { ${repeat(900, (n) => `... @include(if: $c${n % 30}) { ... @skip(if: $c${Math.floor(n / 30)}) { a { x } y } }`)} } }`,
    EXCEEDED,
  ],
  [
    'shareable everything over eight subgraphs, twelve levels',
    shared,
    `{ t0 ${repeat(12, () => '{ s f0')} { s } ${'}'.repeat(12)} }`,
    '1 fetches',
  ],
  ['shareable everything over eight subgraphs, fanning out', shared, `{ t0 { ${fan(6)} } }`, EXCEEDED],
  ['200 levels', tree, `{ node ${'{ a '.repeat(199)}{ x } ${'}'.repeat(199)} }`, '1 fetches'],
  ['199 levels, each a jump', tree, `{ node ${'{ a { b '.repeat(99)}{ x } ${'}}'.repeat(99)} }`, '199 fetches'],
  ['1,000 levels', tree, `{ node ${'{ a '.repeat(1000)}{ x } ${'}'.repeat(1000)} }`, EXCEEDED],
  ['1,000 levels of fragments', tree, `{ node { ${'... { '.repeat(1000)} x ${'}'.repeat(1000)} } }`, '1 fetches'],
];

for (const [name, supergraph, operation, expected] of CASES) {
  test(`planning ends in bounded steps: ${name}`, () => {
    assert.equal(outcome(supergraph, operation), expected);
  });
}

test('an operation that is refused is refused as a request error', async () => {
  const executor = createExecutor({ supergraph: tree, sources: new Map() });
  const result = await executor.execute({ document: parse(nested('b')), context: { headers: new Headers() } });
  assert.deepEqual(
    result.errors?.map(({ extensions }) => extensions['code']),
    [EXCEEDED],
  );
  assert.equal('data' in result, false);
});

test('the deepest operation that is planned can be executed', async () => {
  const answer: Record<string, unknown> = { x: 1 };
  const data = Array.from({ length: 199 }).reduce<Record<string, unknown>>((inner) => ({ a: inner }), answer);
  const executor = createExecutor({
    supergraph: tree,
    sources: new Map([['A', { name: 'A', fetch: async () => ({ data: { node: data } }) }]]),
  });
  const document = parse(`{ node ${'{ a '.repeat(199)}{ x } ${'}'.repeat(199)} }`);
  for (let n = 0; n < 4; n += 1)
    assert.deepEqual(await executor.execute({ document, context: { headers: new Headers() } }), {
      data: { node: data },
    });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import { prepareOperation } from '../../src/execute/prepareOperation.ts';
import type { Source } from '../../src/execute/Source.ts';
import { createRouter } from '../../src/plan/createRouter.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import { subgraphs } from '../supergraph/compose/subgraphs.ts';
import { createPair } from '../support/monolith.ts';
import { planSupergraph } from '../support/planSupergraph.ts';

function rootsPair() {
  const log: string[] = [];
  const things = [1, 2, 3].map((n) => ({
    id: String(n),
    x: n,
    y: n * 2,
    z: n * 3,
    w: () => {
      log.push(`w ${n}`);
      return n * 4;
    },
  }));
  const add =
    (name: string) =>
    ({ n }: { n: number }) => {
      log.push(`${name} ${n}`);
      return things[n - 1];
    };
  return {
    log,
    pair: createPair(planSupergraph('roots'), {
      roots: { addA: add('a'), addB: add('b'), shared: things[0] },
      entities: { Thing: things },
    }),
  };
}

test('mutations run in the order in which they are written, over subgraphs', async () => {
  const { log, pair } = rootsPair();
  const { result } = await pair.run('mutation { a: addA(n: 1) { x } b: addB(n: 2) { y } c: addA(n: 3) { x } }');
  assert.deepEqual(result.data, { a: { x: 1 }, b: { y: 4 }, c: { x: 3 } });
  assert.deepEqual(log.slice(0, 3), ['a 1', 'b 2', 'a 3']);
});

test('a mutation waits for all that the one before it asks for', async () => {
  const { log, pair } = rootsPair();
  await pair.run('mutation { a: addA(n: 1) { w } b: addB(n: 2) { id } }');
  assert.deepEqual(log.slice(0, 3), ['a 1', 'w 1', 'b 2']);
});

test('the same mutation under two aliases runs twice', async () => {
  const { log, pair } = rootsPair();
  const { result } = await pair.run('mutation { a: addA(n: 1) { id } b: addA(n: 1) { x } }');
  assert.deepEqual(result.data, { a: { id: '1' }, b: { x: 1 } });
  assert.deepEqual(log.slice(0, 2), ['a 1', 'a 1']);
});

test('a mutation under one key in two fragments runs once', async () => {
  const { log, pair } = rootsPair();
  const { result } = await pair.run('mutation { a: addA(n: 1) { id } ... { a: addA(n: 1) { x } } }');
  assert.deepEqual(result.data, { a: { id: '1', x: 1 } });
  assert.equal(log.length, 4, 'once an execution');
});

test('a mutation that returns Query asks for the rest only after it is done; root types may have any name', async () => {
  const supergraph = parseSupergraph(planSupergraph('returns-query'));
  const sent: string[] = [];
  const source = (name: string, data: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Source => ({
    name,
    async fetch({ operation }) {
      sent.push(`${name} ${operation.document}`);
      return { data: data[operation.kind] ?? null };
    },
  });
  const sources = new Map([
    ['one', source('one', { mutation: { again: { only: 'o' } } })],
    ['two', source('two', { query: { two: 't' }, mutation: { other: 5 } })],
  ]);
  const executor = createExecutor({ supergraph, sources });
  const result = await executor.execute({
    document: parse('mutation { again { only two __typename } other }'),
    context: { headers: new Headers() },
  });
  assert.deepEqual(result, { data: { again: { only: 'o', two: 't', __typename: 'Queries' }, other: 5 } });
  assert.deepEqual(sent, ['one mutation { again { only } }', 'two query { two }', 'two mutation { other }']);
});

test('no mutation is done by two subgraphs for one answer, though only together they could give it', () => {
  const composed = compose(
    subgraphs(`# subgraph: a
type Query { any: Done @shareable } type Mutation { act: Done @shareable } type Done { one: Int }
# subgraph: b
type Query { any: Done @shareable } type Mutation { act: Done @shareable } type Done { two: Int }`),
  );
  assert.ok('sdl' in composed);
  const router = createRouter(parseSupergraph(composed.sdl));
  const prepare = (operation: string) => prepareOperation(parse(operation), null, router);
  assert.equal(prepare('{ any { one two } }').plan.fetches.length, 2);
  assert.equal(prepare('mutation { act { one } again: act { two } }').plan.fetches.length, 2);
  assert.throws(
    () => prepare('mutation { act { one two } }'),
    /No subgraph can be reached that resolves "Mutation.act"/,
  );
});

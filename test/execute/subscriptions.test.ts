import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExecutionResult, parse } from 'graphql';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import type { SourceResult } from '../../src/execute/Source.ts';
import { createPair, type Pair, type PairOptions } from '../support/monolith.ts';
import { planSupergraph } from '../support/planSupergraph.ts';

const things = [1, 2].map((n) => ({ id: String(n), x: n, y: n * 2, w: n * 4 }));
const context = { headers: new Headers() };

function pairOf(subscribe: NonNullable<PairOptions['subscribe']>): Pair {
  return createPair(planSupergraph('roots'), { roots: {}, entities: { Thing: things } }, { subscribe });
}

async function collect(pair: Pair, operation: string): Promise<ExecutionResult[]> {
  const events = await pair.executor.subscribe({ document: parse(operation), context });
  assert.ok(Symbol.asyncIterator in events, JSON.stringify(events));
  const found: ExecutionResult[] = [];
  for await (const event of events) found.push(JSON.parse(JSON.stringify(event)) as ExecutionResult);
  return found;
}

const event = (n: number): SourceResult => ({ data: { changed: { id: String(n), w: n * 4 } } });

test('each event is joined with the fields of other subgraphs', async () => {
  const pair = pairOf(async function* () {
    for (const n of [1, 2, 1, 2]) yield event(n);
  });
  const events = await collect(pair, 'subscription { changed { id w y } }');
  assert.deepEqual(
    events,
    [1, 2, 1, 2].map((n) => ({ data: { changed: { id: String(n), w: n * 4, y: n * 2 } } })),
  );
  assert.deepEqual(
    pair.sent.map(({ subgraph }) => subgraph),
    ['three', 'two', 'two', 'two', 'two'],
  );
});

test('an error in an event is that event only', async () => {
  const pair = pairOf(async function* () {
    yield { data: { changed: null }, errors: [{ message: 'odd', path: ['changed'] }] };
    yield event(1);
  });
  const [first, second] = await collect(pair, 'subscription { c: changed { id y } }');
  assert.deepEqual([first?.data, first?.errors?.map(({ path }) => path)], [{ c: null }, [['c']]]);
  assert.deepEqual(second, { data: { c: { id: '1', y: 2 } } });
});

test('a backend that dies ends the subscription with an error', async () => {
  const pair = pairOf(async function* () {
    yield event(1);
    throw new GatewayError('SUBGRAPH_UNREACHABLE', 'It went away.');
  });
  const events = await collect(pair, 'subscription { changed { id } }');
  assert.equal(events.length, 2);
  assert.equal(events[1]?.errors?.[0]?.extensions?.['code'], 'SUBGRAPH_UNREACHABLE');
});

test('a client that leaves ends the subscription of the backend', async () => {
  let ended = false;
  const pair = pairOf(async function* () {
    try {
      for (;;) yield event(1);
    } finally {
      ended = true;
    }
  });
  const events = await pair.executor.subscribe({ document: parse('subscription { changed { id } }'), context });
  assert.ok(Symbol.asyncIterator in events);
  for await (const one of events) {
    assert.ok('data' in one);
    break;
  }
  assert.ok(ended);
});

test('a type name is all that is selected: the backend is asked for the event alone', async () => {
  const pair = pairOf(async function* () {
    yield { data: { changed: { __typename: 'Thing' } } };
  });
  assert.deepEqual(await collect(pair, 'subscription { changed { __typename } }'), [
    { data: { changed: { __typename: 'Thing' } } },
  ]);
});

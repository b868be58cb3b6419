import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import { activeLabels, type OverrideContext, type OverrideRules } from '../../src/execute/overrideLabels.ts';
import { createPair } from '../support/monolith.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@override", "@requires", "@external"])';
/** Each subgraph answers with its own name, so that the answer tells who gave it. */
const TEXT = `
# subgraph: orders
${LINK}
type Query { order: Order }
type Order @key(fields: "id") { id: ID! status: String total: Int weight: Int region: String }
# subgraph: shipping
${LINK}
type Order @key(fields: "id") {
  id: ID!
  status: String @override(from: "orders", label: "move-status")
  region: String @override(from: "orders", label: "percent(25)")
  weight: Int @external
  fee: Int @requires(fields: "weight")
}
# subgraph: billing
${LINK}
type Order @key(fields: "id") { id: ID! total: Int @override(from: "orders", label: "move-total") }
`;
const order = { id: '1', status: 'sent', total: 10, region: 'north', weight: 3, fee: 2 };
const pair = createPair(TEXT, { roots: { order }, entities: { Order: [order] } });

async function subgraphsAsked(operation: string, context: Partial<OverrideContext>): Promise<string[]> {
  const before = pair.sent.length;
  const result = await pair.executor.execute({
    document: parse(operation),
    context: { headers: new Headers(), ...context },
  });
  assert.equal(result.errors, undefined);
  return pair.sent.slice(before).map(({ subgraph }) => subgraph);
}

test('the old owner answers while the label is not active, the new one while it is', async () => {
  assert.deepEqual(await subgraphsAsked('{ order { status } }', {}), ['orders']);
  assert.deepEqual(await subgraphsAsked('{ order { status } }', { overrideLabels: { 'move-status': true } }), [
    'orders',
    'shipping',
  ]);
  assert.deepEqual(await subgraphsAsked('{ order { status } }', { overrideLabels: { 'move-status': false } }), [
    'orders',
  ]);
});

test('the answer is that of one server under every combination of labels', async () => {
  const operation = '{ order { id status total region fee weight } }';
  for (const status of [true, false])
    for (const total of [true, false])
      for (const percent of [true, false]) {
        const overrideLabels = { 'move-status': status, 'move-total': total, 'percent(25)': percent };
        const result = await pair.executor.execute({
          document: parse(operation),
          context: { headers: new Headers(), overrideLabels },
        });
        assert.deepEqual(JSON.parse(JSON.stringify(result)), { data: { order } });
      }
});

const headers = new Headers({ 'x-canary': 'yes' });
const active = (rules: OverrideRules, dice: number, overrideLabels?: Readonly<Record<string, boolean>>) => [
  ...activeLabels(['a', 'b', 'percent(25)', 'percent(0.5)'], { rules, dice, context: { headers, overrideLabels } }),
];

test('labels are decided by plugin, then configuration, then their own percentage', () => {
  assert.deepEqual(active({}, 30), []);
  assert.deepEqual(active({}, 24.9), ['percent(25)']);
  assert.deepEqual(active({}, 0.4), ['percent(25)', 'percent(0.5)']);
  assert.deepEqual(active({ a: true, b: false, 'percent(25)': false }, 0.6), ['a']);
  assert.deepEqual(active({ a: { header: 'X-Canary' }, b: { header: 'x-other' } }, 99), ['a']);
  assert.deepEqual(active({ a: { header: 'x-canary', equals: 'no' }, b: { header: 'x-canary', equals: 'yes' } }, 99), [
    'b',
  ]);
  assert.deepEqual(active({ a: { percent: 50 } }, 49), ['a']);
  assert.deepEqual(active({ a: true, b: true }, 99, { a: false }), ['b']);
  assert.deepEqual(active({}, 99, JSON.parse('{"__proto__": true}') as Record<string, boolean>), []);
});

test('a percentage is decided once a request: all fields of a label come from the same owner', async () => {
  const seen = new Set<string>();
  for (let n = 0; n < 200; n += 1) {
    const asked = await subgraphsAsked('{ a: order { region } b: order { region } }', {});
    assert.ok(asked.length <= 2);
    seen.add(asked.join());
  }
  assert.deepEqual([...seen].sort(), ['orders', 'orders,shipping']);
});

test('rules of the configuration reach the executor', async () => {
  const asked: string[] = [];
  const sources = new Map(
    ['orders', 'shipping'].map((name) => [
      name,
      {
        name,
        fetch: async () => {
          asked.push(name);
          return { data: { order: { __typename: 'Order', id: '1', status: 's' }, _entities: [{ status: 's' }] } };
        },
      },
    ]),
  );
  const { supergraph } = pair;
  const executor = createExecutor({ supergraph, sources, overrideRules: { 'move-status': { header: 'x-canary' } } });
  const document = parse('{ order { status } }');
  await executor.execute({ document, context: { headers: new Headers() } });
  await executor.execute({ document, context: { headers } });
  assert.deepEqual(asked, ['orders', 'orders', 'shipping']);
});

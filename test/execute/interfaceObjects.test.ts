import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPair, type Entity } from '../support/monolith.ts';
import { planSupergraph } from '../support/planSupergraph.ts';

const lamp: Entity = { __typename: 'Lamp', id: '1', lumen: 7, createdAt: 'today', plug: 'F' };
const page: Entity = { __typename: 'Page', id: '2', createdAt: 'then' };
const fan: Entity = { __typename: 'Fan', id: '3', rpm: 1, plug: 'G' };
const data = {
  roots: {
    lamp,
    nodes: [lamp, page],
    devices: [lamp, fan],
    changed: [page, lamp],
    plugged: [fan, lamp],
    offer: { node: lamp, device: lamp },
  },
  entities: { Lamp: [lamp], Page: [page], Fan: [fan], Node: [lamp, page], Device: [lamp, fan] },
};

const operations = [
  '{ lamp { plug createdAt } }',
  '{ nodes { createdAt ... on Lamp { plug lumen } } }',
  '{ changed { createdAt ... on Lamp { plug } } }',
  '{ changed { __typename ... on Lamp { plug createdAt } } }',
  '{ plugged { plug ... on Lamp { createdAt lumen } } }',
  '{ plugged { plug ... on Node { createdAt } } }',
  '{ offer { node { createdAt ... on Device { plug } } device { plug ... on Node { createdAt } } } }',
  '{ devices { ... on Node { createdAt } plug } }',
  '{ devices { ... on Lamp { plug } } nodes { ... on Lamp { createdAt } } }',
];

for (const operation of operations) {
  test(`an entity is two interface objects of one subgraph: ${operation}`, async () => {
    await createPair(planSupergraph('two-objects'), data).compare(operation);
  });
}

test('both are asked for in one request', async () => {
  const { sent } = await createPair(planSupergraph('two-objects'), data).compare('{ lamp { plug createdAt } }');
  assert.deepEqual(
    sent.map(({ subgraph }) => subgraph),
    ['core', 'extra'],
  );
});

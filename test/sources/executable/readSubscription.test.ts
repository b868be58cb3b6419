import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphQLObjectType, GraphQLScalarType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { readSubscription } from '../../../src/sources/executable/readSubscription.ts';

const even = (value: unknown): unknown => {
  if (typeof value !== 'number' || value % 2 !== 0) throw new Error('Even cannot represent an odd value.');
  return value;
};
const Even = new GraphQLScalarType({
  name: 'Even',
  coerceInputValue: even,
  coerceInputLiteral: (node) => even('value' in node ? Number(node.value) : undefined),
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { a: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: { ticks: { type: GraphQLString, args: { of: { type: Even } } } },
  }),
});
const byVariable = parse('subscription ($of: Even) { ticks(of: $of) }');

test('the field of a subscription, and its arguments as the backend wants them', () => {
  assert.deepEqual(readSubscription(schema, parse('subscription { ticks(of: 4) }'), {}), {
    field: 'ticks',
    args: { of: 4 },
  });
  assert.deepEqual(readSubscription(schema, byVariable, { of: 2 }), { field: 'ticks', args: { of: 2 } });
});

test('arguments that do not fit are the fault of who asks, as literals and as variables', () => {
  const literal = parse('subscription { ticks(of: 3) }');
  for (const [document, variables] of [
    [literal, {}],
    [byVariable, { of: 3 }],
  ] as const)
    assert.throws(() => readSubscription(schema, document, variables), { code: 'BAD_USER_INPUT', message: /Even/ });
});

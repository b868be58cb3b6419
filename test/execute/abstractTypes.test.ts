import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPair, type Entity } from '../support/monolith.ts';
import { abstractData } from '../support/planData.ts';
import { planSupergraph } from '../support/planSupergraph.ts';

const data = abstractData();
const pair = createPair(planSupergraph('abstract'), data);

const CASES: readonly (readonly [string, string, number])[] = [
  ['fields of the interface', '{ media { id title author { name } } }', 1],
  ['types', '{ media { __typename title } search { __typename } shelf { best { __typename } } }', 1],
  ['fragments', '{ media { title ... on Book { pages } ... on Movie { minutes } } }', 1],
  ['jumps by type', '{ media { title ... on Book { stars } ... on Movie { stars critics } } }', 2],
  [
    'one response key with other selections by type',
    '{ media { ... on Book { cover { width } } ... on Movie { cover { codec } } } }',
    1,
  ],
  ['a fragment on another interface', '{ node(id: "b2") { id ... on Media { title } ... on Rated { stars } } }', 2],
  ['a fragment that matches nothing gives an empty object', '{ search { ... on Media { ... on Song { title } } } }', 1],
  ['a union, with jumps', '{ search { __typename ... on Book { title stars } ... on Author { name } } }', 2],
  [
    'a jump from an interface that the target does not know',
    '{ rated { stars ... on Book { title } ... on Movie { title author { name } } } }',
    2,
  ],
  ['a field of an interface object', '{ accounts { email debt } }', 2],
  ['types behind an interface object', '{ debtors { __typename debt } }', 2],
  [
    'fragments behind an interface object',
    '{ debtors { debt ... on Admin { level } ... on Guest { until email } } }',
    2,
  ],
  ['fields of the interface behind an interface object', '{ debtors { email id } }', 2],
  ['a type under two aliases', '{ media { a: __typename b: __typename ... on Book { c: __typename } } }', 1],
];

for (const [name, operation, requests] of CASES) {
  test(`abstract types, ${name}: the gateway answers as one server does`, async () => {
    const { sent } = await pair.compare(operation);
    assert.equal(sent.length, requests, JSON.stringify(sent, null, 1));
  });
}

test('a type that the schema does not have is an invalid value, at its place only', async () => {
  const odd = createPair(planSupergraph('abstract'), data, {
    intercept: async () => ({
      data: {
        media: [
          { __typename: 'Book', title: 'one' },
          { __typename: 'Vase', title: 'two' },
          { __typename: 'constructor' },
        ],
      },
    }),
  });
  const { result } = await odd
    .run('{ media { __typename ... on Book { title } } }')
    .catch((error: unknown) => ({ result: error as never }));
  assert.equal((result as { data: null }).data, null);
  const codes = (result as unknown as { errors: { path: unknown; extensions: Entity }[] }).errors.map(
    ({ path, extensions }) => [path, extensions['code']],
  );
  assert.deepEqual(codes, [[['media', 1], 'INVALID_VALUE']]);
});

test('a type that another subgraph tells is waited for, before a third one is asked for what only that type has', async () => {
  const guest = { __typename: 'Guest', __is: ['Account'], id: 'g', debt: 2, until: 'noon' };
  const admin = { __typename: 'Admin', __is: ['Account'], id: 'a', debt: 1 };
  const told = createPair(
    `
# subgraph: accounts
type Query { accounts: [Account!]! }
interface Account @key(fields: "id") { id: ID! }
type Admin implements Account @key(fields: "id") { id: ID! }
type Guest implements Account @key(fields: "id") { id: ID! }
# subgraph: billing
type Query { debtors: [Account!]! }
type Account @key(fields: "id") @interfaceObject { id: ID! debt: Float }
# subgraph: doors
type Guest @key(fields: "id") { id: ID! until: String }
`,
    { roots: { debtors: [guest, admin] }, entities: { Guest: [guest], Admin: [admin] } },
  );
  const { result } = await told.compare('{ debtors { debt ... on Guest { until } } }');
  assert.deepEqual(result.data, { debtors: [{ debt: 2, until: 'noon' }, { debt: 1 }] });
});

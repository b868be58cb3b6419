/** Where several subgraphs could answer, and do not know the same: the planner's choice must not show. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPair } from '../support/monolith.ts';

const HOUSES = `
# subgraph: north
type Query { northern: House common: House @shareable }
type House @key(fields: "id") { id: ID! hall: Hall @shareable }
type Hall @shareable { guests: [Guest!]! @shareable }
union Guest = Person | Bear
type Person @shareable { name: String }
type Bear { fur: String claws: Int! }
# subgraph: south
type Query { southern: House common: House @shareable }
type House @key(fields: "id") { id: ID! hall: Hall @shareable terrace: Hall }
type Hall @shareable { guests: [Guest!]! @shareable }
union Guest = Person | Crab
type Person @shareable { name: String }
type Crab { shell: String }
`;
const person = { __typename: 'Person', name: 'Ann' };
const bear = { __typename: 'Bear', fur: 'brown', claws: 20 };
const crab = { __typename: 'Crab', shell: 'hard' };
const north = { id: '1', hall: { guests: [person, bear] } };
const south = { id: '1', hall: { guests: [person, crab] }, terrace: { guests: [person, crab] } };
const houses = createPair(HOUSES, {
  roots: { northern: north, southern: south, common: { id: '1', hall: { guests: [person] } } },
  entities: { House: [south] },
});

const GUESTS = 'guests { __typename ... on Person { name } ... on Bear { fur } ... on Crab { shell } }';

test('of a union that several subgraphs could answer, what only one of them knows is null', async () => {
  const { result } = await houses.run(`{ northern { hall { ${GUESTS} } } southern { hall { ${GUESTS} } } }`);
  assert.deepEqual(result, {
    data: {
      northern: { hall: { guests: [person, { __typename: 'Bear', fur: null }] } },
      southern: { hall: { guests: [person, { __typename: 'Crab', shell: null }] } },
    },
  });
});

test('it bubbles where it may not be null', async () => {
  const { result } = await houses.run('{ northern { hall { guests { ... on Bear { claws } } } } }');
  assert.deepEqual(result.data, { northern: { hall: null } });
  assert.deepEqual(
    result.errors?.map(({ path, extensions }) => [path, extensions?.['code']]),
    [[['northern', 'hall', 'guests', 1, 'claws'], 'NULL_VALUE']],
  );
});

test('of a union that one subgraph alone can answer, all of its members are', async () => {
  const { result, sent } = await houses.run(`{ northern { terrace { ${GUESTS} } } }`);
  assert.deepEqual(result, { data: { northern: { terrace: { guests: [person, crab] } } } });
  assert.equal(sent.length, 2);
});

const NODES = `
# subgraph: accounts
type Query { node(id: ID!): Node @shareable }
interface Node { id: ID! }
type Account implements Node @key(fields: "id") { id: ID! name: String }
type Chat implements Node @key(fields: "id") { id: ID! @external with: String }
# subgraph: chats
type Query { node(id: ID!): Node @shareable }
interface Node { id: ID! }
type Account implements Node @key(fields: "id") { id: ID! @external unread: Int }
type Chat implements Node @key(fields: "id") { id: ID! text: String }
`;
const nodes = createPair(NODES, {
  roots: {
    node: ({ id }: { id: string }) =>
      id === 'a' ? { __typename: 'Account', id, name: 'Ann' } : { __typename: 'Chat', id, text: 'hi' },
  },
});

test('an external key is not resolvable, so a field of the interface that no single subgraph knows is refused', async () => {
  const { result, sent } = await nodes.run('{ node(id: "a") { id } }');
  assert.equal(result.data, undefined);
  assert.match(String(result.errors?.[0]?.message), /No subgraph can be reached that resolves/);
  assert.equal(sent.length, 0);
});

test('what each type is asked by itself may come from another subgraph', async () => {
  await nodes.compare(
    '{ a: node(id: "a") { ... on Account { id name } } c: node(id: "c") { ... on Chat { id text } } }',
  );
});

test('a field that cannot be reached is refused, even where no value can ever come', async () => {
  const pair = createPair(
    `
# subgraph: real
type Query { thing: Thing }
interface Thing @key(fields: "id") { id: ID! }
# subgraph: behind
type Query { other: Thing }
type Thing @key(fields: "id", resolvable: false) @interfaceObject { id: ID! size: Int }
`,
    { roots: { thing: null } },
  );
  const { result } = await pair.run('{ thing { size } }');
  assert.equal(result.data, undefined);
  assert.match(String(result.errors?.[0]?.message), /"Thing.size"/);
});

/** What a subgraph has given in a query it is not asked for again; what it may not have given is asked for as ever. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createPair, type Data, type Entity, type PairOptions, type Sent } from '../support/monolith.ts';

const SDL = `
# subgraph: catalog
type Query { top: [Product!]! product(id: ID!): Product found: [Found!]! shelf: Shelf }
type Mutation { rename(id: ID!, name: String!): Product }
type Product @key(fields: "id") { id: ID! name: String label(short: Boolean): String maker: Maker! }
type Maker { name: String country: String }
type Book { title: String }
union Found = Product | Book
type Shelf { rows: [[Product!]!]! }
# subgraph: social
type Product @key(fields: "id") { id: ID! likes: [Like!]! related: [Product!]! }
type Like @key(fields: "id") { id: ID! by: Person! of: Product! }
type Person @key(fields: "id") { id: ID! likes: [Like!]! friends: [Person!]! }
# subgraph: people
type Query { me: Person everybody: [Person!]! }
type Person @key(fields: "id") { id: ID! name: String best: Person }
# subgraph: stock
type Product @key(fields: "id") { id: ID! name: String @external left: Int @requires(fields: "name") }
`;

function data(): Data {
  const product = (id: string, name: string | null) => ({
    id,
    name,
    label: ({ short }: { readonly short?: boolean }) => `${short === true ? '' : 'The '}${name}`,
    maker: { name: `${name} & sons`, country: 'NL' },
    left: Number(id.slice(1)) * 10,
  });
  const products = [product('p1', 'Table'), product('p2', 'Chair'), product('p3', null), product('p4', 'Lamp')];
  const [table, chair, unnamed, lamp] = products;
  const people = ['u1', 'u2', 'u3'].map((id) => ({ id, name: `Name of ${id}` }));
  const [ann, ben, cid] = people;
  const like = (id: string, by: unknown, of: unknown) => ({ id, by, of });
  const likes = [like('l1', ann, table), like('l2', ben, table), like('l3', ann, lamp), like('l4', cid, unnamed)];
  Object.assign(table ?? {}, { likes: likes.slice(0, 2), related: [chair, table] });
  Object.assign(chair ?? {}, { likes: [], related: [table] });
  Object.assign(unnamed ?? {}, { likes: likes.slice(3), related: [unnamed] });
  Object.assign(lamp ?? {}, { likes: likes.slice(2, 3), related: [lamp, table] });
  Object.assign(ann ?? {}, { likes: [likes[0], likes[2]], friends: [ben], best: ben });
  Object.assign(ben ?? {}, { likes: [likes[1]], friends: [ann, ben], best: ann });
  Object.assign(cid ?? {}, { likes: [likes[3]], friends: [cid], best: null });
  return {
    roots: {
      top: [table, chair, unnamed],
      product: ({ id }: { readonly id: string }) => products.find((one) => one.id === id) ?? null,
      found: [
        { __typename: 'Book', title: 'On tables' },
        { __typename: 'Product', ...table },
      ],
      shelf: { rows: [[table], [chair, lamp]] },
      me: ann,
      everybody: people,
      rename: ({ id, name }: { readonly id: string; readonly name: string }) =>
        Object.assign(products.find((one) => one.id === id) ?? {}, { name }),
    },
    entities: { Product: products, Person: people, Like: likes },
  };
}

function open(options?: PairOptions) {
  return createPair(SDL, data(), options);
}

/** Ids that a subgraph was asked for, request by request. */
function askedOf(sent: readonly Sent[], subgraph: string): string[][] {
  return sent
    .filter((one) => one.subgraph === subgraph && one.document.includes('_entities'))
    .map(({ variables }) => Object.values(variables).flatMap((list) => (list as { id: string }[]).map(({ id }) => id)));
}

describe('what a subgraph has given in a query', () => {
  const CASES: readonly (readonly [what: string, operation: string, subgraph: string, asked: string[][]])[] = [
    [
      'is not asked for again, and with it goes the request',
      '{ everybody { id name } product(id: "p1") { likes { by { name } } } }',
      'people',
      [],
    ],
    [
      'is not asked for beside what has not been given',
      '{ me { id name } product(id: "p1") { likes { by { name } } } }',
      'people',
      [['u2']],
    ],
    [
      'counts wherever it stands: in lists of lists',
      '{ shelf { rows { id name } } everybody { likes { of { name } } } }',
      'catalog',
      [['p3']],
    ],
    [
      'counts with objects in it',
      '{ top { id maker { country name } } me { likes { of { maker { name } } } } }',
      'catalog',
      [['p4']],
    ],
    [
      'is asked for where it was given without something that is wanted now',
      '{ top { id maker { country } } product(id: "p1") { related { maker { name } } } }',
      'catalog',
      [['p2', 'p1']],
    ],
    [
      'is asked for where it was null: that may mean "not loaded"',
      '{ top { id name } product(id: "p2") { related { related { related { name } } } } everybody { likes { of { name } } } }',
      'catalog',
      [['p4', 'p3']],
    ],
    [
      'is asked for with other arguments',
      '{ top { id label(short: true) } me { likes { of { label(short: false) } } } }',
      'catalog',
      [['p1', 'p4']],
    ],
    [
      'counts with the same arguments',
      '{ top { id label(short: true) } me { likes { of { label(short: true) } } } }',
      'catalog',
      [['p4']],
    ],
    [
      'is asked for where it was given on a condition',
      'query ($yes: Boolean = true) { top { id name @include(if: $yes) } me { likes { of { name } } } }',
      'catalog',
      [['p1', 'p4']],
    ],
    [
      'counts where what is wanted now hangs on a condition',
      'query ($yes: Boolean = true) { everybody { id name } product(id: "p1") { likes { by { name @include(if: $yes) } } } }',
      'people',
      [],
    ],
    [
      'counts where it was looked up before by the same key',
      '{ product(id: "p1") { likes { by { best { friends { best { friends { best { id } } } } } } } } }',
      'social',
      [['p1'], ['u2', 'u1']],
    ],
  ];
  for (const [what, operation, subgraph, asked] of CASES)
    test(what, async () => {
      const { sent } = await open().compare(operation);
      assert.deepEqual(askedOf(sent, subgraph), asked, JSON.stringify(sent, null, 1));
    });

  test('of a union is asked for, and right', async () => {
    await open().compare('{ found { ... on Product { id name } ... on Book { title } } me { likes { of { name } } } }');
  });

  test('is asked for where the reply had an error', async () => {
    const broken = open({
      async intercept(subgraph, request, next) {
        const reply = await next();
        return subgraph === 'people' && request.operation.document.includes('everybody')
          ? { ...reply, errors: [{ message: 'Half of it is missing.', path: ['everybody', 2, 'name'] }] }
          : reply;
      },
    });
    const { result, sent } = await broken.run('{ everybody { id name } product(id: "p1") { likes { by { name } } } }');
    assert.deepEqual(askedOf(sent, 'people'), [['u1', 'u2']]);
    assert.deepEqual(result.data?.['product'], {
      likes: [{ by: { name: 'Name of u1' } }, { by: { name: 'Name of u2' } }],
    });
  });

  test('is asked for where its subgraph is not to be taken by its word', async () => {
    const { sent } = await open({ reusesEntities: false }).compare(
      '{ me { id name } product(id: "p1") { likes { by { name } } } }',
    );
    assert.deepEqual(askedOf(sent, 'people'), [['u1', 'u2']]);
  });

  test('is asked for after a write', async () => {
    const { result, sent } = await open().run(
      'mutation { first: rename(id: "p1", name: "Desk") { id name related { name } } }',
    );
    assert.deepEqual(askedOf(sent, 'catalog'), [['p2', 'p1']]);
    assert.deepEqual(result.data, {
      first: { id: 'p1', name: 'Desk', related: [{ name: 'Chair' }, { name: 'Desk' }] },
    });
  });

  test('is asked for where the key is another value: a number is not a text', async () => {
    const numbered = open({
      async intercept(subgraph, _request, next) {
        const reply = JSON.stringify(await next());
        return JSON.parse(
          subgraph === 'social' ? reply.replaceAll(/"u(\d)"/g, '$1') : reply.replaceAll(/"u(\d)"/g, '"$1"'),
        );
      },
    });
    const { sent } = await numbered.run('{ everybody { id name } product(id: "p1") { likes { by { name } } } }');
    assert.equal(askedOf(sent, 'people').length, 1);
  });

  test('still stands where the request for the rest fails', async () => {
    const broken = open({
      async intercept(subgraph, request, next) {
        if (subgraph === 'people' && request.operation.document.includes('_entities')) throw new Error('gone');
        return next();
      },
    });
    const { result } = await broken.run('{ me { id name } product(id: "p1") { likes { by { name } } } }');
    assert.deepEqual(result.data?.['product'], { likes: [{ by: { name: 'Name of u1' } }, { by: { name: null } }] });
    assert.deepEqual(
      result.errors?.map(({ path }) => path),
      [['product', 'likes', 1, 'by', 'name']],
    );
  });
});

describe('what has been asked for and is still under way', () => {
  /** The social subgraph is quick, and the stock takes its time. */
  const slow = (fails = false) =>
    open({
      async intercept(subgraph, _request, next) {
        if (subgraph !== 'stock') return next();
        await wait(30);
        if (fails) throw new Error('gone');
        return next();
      },
    });

  test('is waited for, where that is all', async () => {
    const { sent } = await slow().compare('{ top { id left } product(id: "p1") { related { left } } }');
    assert.deepEqual(askedOf(sent, 'stock'), [['p1', 'p2', 'p3']]);
  });

  test('is asked for once more where something else has to be asked for anyway', async () => {
    const { sent } = await slow().compare('{ product(id: "p1") { left related { left } } }');
    assert.deepEqual(askedOf(sent, 'stock'), [['p1'], ['p2', 'p1']]);
  });

  test('is asked for by itself where it could not be had', async () => {
    const { result, sent } = await slow(true).run('{ top { id left } product(id: "p1") { related { left } } }');
    assert.deepEqual(askedOf(sent, 'stock'), [
      ['p1', 'p2', 'p3'],
      ['p2', 'p1'],
    ]);
    assert.equal(result.errors?.length, 5);
  });
});

test('a null in a branch or inside an object may mean "not loaded" too', async () => {
  const thin = (sdl: string, loaded: Entity, operation: string) =>
    createPair(sdl, {
      roots: { thin: [{ __typename: 'A', id: '1', inner: null, maker: { name: null } }], ps: [loaded] },
      entities: { A: [loaded], P: [loaded] },
    }).run(operation);
  const loaded = { __typename: 'A', id: '1', inner: 'there', maker: { name: 'known' } };
  const inside = await thin(
    `
# subgraph: one
type Query { thin: [A!]! }
type A @key(fields: "id") { id: ID! maker: Maker }
type Maker { name: String }
# subgraph: two
type Query { ps: [A!]! }
type A @key(fields: "id") { id: ID! }
`,
    loaded,
    '{ thin { id maker { name } } ps { maker { name } } }',
  );
  assert.deepEqual(inside.result.data?.['ps'], [{ maker: { name: 'known' } }]);
  const branch = await thin(
    `
# subgraph: one
type Query { thin: [P] }
interface P @key(fields: "id") { id: ID! }
type A implements P @key(fields: "id") { id: ID! inner: String }
# subgraph: two
type Query { ps: [P!]! }
type P @key(fields: "id") @interfaceObject { id: ID! }
`,
    loaded,
    '{ thin { __typename id ... on A { inner } } ps { ... on A { inner } } }',
  );
  assert.deepEqual(branch.result.data?.['ps'], [{ inner: 'there' }]);
});

test('of two calls in one request the one that is known is left out', async () => {
  const { sent } = await open().compare(
    '{ me { id name likes { by { name } of { name } } } shelf { rows { id name } } everybody { likes { of { label } by { name } } } }',
  );
  for (const { variables } of sent) assert.ok(Object.values(variables).every((list) => (list as unknown[]).length > 0));
});

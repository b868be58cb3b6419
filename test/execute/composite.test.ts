import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPair, type Entity, errorPaths, read } from '../support/monolith.ts';
import { planSupergraph } from '../support/planSupergraph.ts';

type Args = Readonly<Record<string, unknown>>;

/** Behind the gateway the arguments come from the gateway; the one server has no such arguments and looks at the object. */
const given = (args: Args, name: string, self: Entity, path: readonly string[]): unknown =>
  Object.hasOwn(args, name)
    ? args[name]
    : path.reduce<unknown>(
        (value, step) => (value === null || value === undefined ? value : read(value as Entity, step)),
        self,
      );

function product(n: number, dimension: Entity | null): Entity {
  return {
    id: `p${n}`,
    sku: `sku-${n}`,
    name: `product ${n}`,
    dimension,
    hub: `hub ${n}`,
    inStock: n * 10,
    estimate: (args: Args, self: Entity) => {
      const size = given(args, 'size', self, ['dimension', 'size']);
      return size === null || size === undefined
        ? null
        : `${args['zip']}: ${size} ${given(args, 'weight', self, ['dimension', 'weight'])}`;
    },
    crate: (args: Args, self: Entity) => {
      const box = args['box'] as { size: number; sides: number[] } | undefined;
      const own = self['dimension'] as { size: number; parts: { cm: number }[] } | null;
      if (box !== undefined) return `${box.size}: ${box.sides.join()}`;
      return own === null ? null : `${own.size}: ${own.parts.map(({ cm }) => cm).join()}`;
    },
    shelf: (args: Args, self: Entity) => `shelf of ${given(args, 'of', self, ['name'])}`,
  };
}

const part = (cm: number): Entity => ({ cm, length: ({ unit }: Args) => (unit === 'IN' ? Math.round(cm / 2.54) : cm) });
const products = [
  product(1, { size: 1, weight: 1.5, parts: [part(10), part(20)] }),
  product(2, { size: 2, weight: null, parts: [] }),
  product(3, null),
  product(4, { size: 1, weight: 1.5, parts: [part(30)] }),
];
const advice = (args: Args, self: Entity) => `about ${given(args, 'label', self, ['title'])}`;
const items: Entity[] = [
  { __typename: 'Book', id: 'b1', title: 'One', product: products[0], stars: 5, advice },
  { __typename: 'Film', id: 'f1', title: 'Two', product: products[3], stars: 4 },
  { __typename: 'Book', id: 'b2', title: null, product: null, stars: null, advice },
];
const byId = (id: unknown) => products.find((one) => one['id'] === id) ?? null;
const item = (type: string, id: unknown) => items.find((one) => one['__typename'] === type && one['id'] === id) ?? null;

const roots = {
  products,
  productById: ({ id }: Args) => byId(id),
  lookups: { productBySku: ({ sku }: Args) => products.find((one) => one['sku'] === sku) ?? null },
  delivered: ({ productId }: Args) => byId(productId),
  stock: {
    bySkus: ({ skus }: { skus: string[] }) => products.filter((one) => skus.includes(String(one['sku']))).reverse(),
  },
  featured: items,
  item: ({ by }: { by: Args }) => item(by['bookId'] === undefined ? 'Film' : 'Book', by['bookId'] ?? by['filmId']),
  bookRating: ({ id }: Args) => item('Book', id),
  filmRating: ({ id }: Args) => item('Film', id),
};
const pair = (more: Entity = {}) => createPair(planSupergraph('composite'), { roots: { ...roots, ...more } });

test('clients see neither what is internal nor the arguments that the gateway fills', () => {
  const { schema } = pair();
  assert.deepEqual(Object.keys(schema.getQueryType()?.getFields() ?? {}), ['products', 'productById', 'featured']);
  assert.equal(schema.getType('CatalogLookups'), undefined);
  assert.equal(schema.getType('BoxInput'), undefined);
  const estimate = (schema.getType('Product') as import('graphql').GraphQLObjectType).getFields()['estimate'];
  assert.deepEqual(
    estimate?.args.map(({ name }) => name),
    ['zip'],
  );
});

test('required arguments are filled from another subgraph, an entity at a time', async () => {
  const { sent } = await pair().compare('query ($zip: String!) { products { estimate(zip: $zip) hub } }', {
    zip: 'AB',
  });
  assert.deepEqual(
    sent.map(({ subgraph }) => subgraph),
    ['catalog', 'delivery'],
  );
});

test('a field is not asked for where an argument that takes no null has none, and the rest of the entity is', async () => {
  const { result, sent } = await pair().compare('{ products { id crate hub } }');
  assert.equal(result.errors, undefined);
  assert.equal(sent.length, 2);
});

test('an entity of which nothing is left to ask is not asked for', async () => {
  const { sent } = await pair().compare('{ products { crate } }');
  assert.equal(Object.keys(sent[1]?.variables ?? {}).filter((name) => name.startsWith('_k')).length, 3);
});

test('entities with equal arguments share an alias of a batch', async () => {
  const { sent } = await createPair(
    `# subgraph: a
# definition: {}
type Query { things: [Thing!]! }
type Thing @key(fields: "id") { id: ID! color: String }
# subgraph: b
# definition: {}
type Query { things(ids: [ID!]!): [Thing]! @lookup @internal }
type Thing { id: ID! paint(color: String @require(field: "color")): String size: Int }`,
    {
      roots: {
        things: (args: Args) =>
          args['ids'] === undefined ? things : things.filter(({ id }) => (args['ids'] as unknown[]).includes(id)),
      },
    },
  ).compare('{ things { paint size } }');
  assert.deepEqual(sent[1]?.variables, {
    _k0_0: ['1', '3'],
    _a0_0_0: 'red',
    _k0_1: ['2'],
    _a0_1_0: null,
  });
});

const things: Entity[] = ['red', null, 'red'].map((color, index) => ({
  id: String(index + 1),
  color,
  size: index,
  paint: (args: Args, self: Entity) => `paint ${given(args, 'color', self, ['color'])}`,
}));

test('a batch lookup below another field is matched by its key', async () => {
  const { sent } = await pair().compare('{ products { inStock shelf } }');
  assert.deepEqual(
    sent.map(({ subgraph }) => subgraph),
    ['catalog', 'stock'],
  );
});

test('union members are looked up by a choice of keys, or each by a field of its own', async () => {
  await pair().compare(
    '{ featured { ... on Book { stars advice product { name } } ... on Film { title stars product { inStock } } } }',
  );
});

test('one requirement by two aliases with other arguments of the client', async () => {
  await pair().compare(
    'query ($with: Boolean!) { products { a: estimate(zip: "A") b: estimate(zip: "B") @include(if: $with) } }',
    { with: true },
  );
  await pair().compare(
    'query ($with: Boolean!) { products { a: estimate(zip: "A") b: estimate(zip: "B") @include(if: $with) } }',
    { with: false },
  );
  await pair().compare('query ($with: Boolean!) { products { crate @include(if: $with) hub } }', { with: false });
});

test('an error of what is required is told at the field that requires it', async () => {
  const broken = products.map(
    (one, index): Entity => ({
      ...one,
      dimension: () => {
        if (index === 1) throw new Error('no dimension');
        return one['dimension'];
      },
    }),
  );
  const find = (id: unknown) => broken.find((one) => one['id'] === id) ?? null;
  const { result } = await pair({ products: broken, delivered: ({ productId }: Args) => find(productId) }).run(
    '{ products { estimate(zip: "A") hub } }',
  );
  assert.deepEqual(errorPaths(result), ['["products",1,"estimate"]']);
  assert.deepEqual(
    (result.data as { products: { hub: string; estimate: string | null }[] }).products.map(({ hub, estimate }) => [
      hub,
      estimate,
    ]),
    [
      ['hub 1', 'A: 1 1.5'],
      ['hub 2', null],
      ['hub 3', null],
      ['hub 4', 'A: 1 1.5'],
    ],
  );
});

test('an error below a nested lookup is told at its entity', async () => {
  const failing = pair({
    stock: {
      bySkus: ({ skus }: { skus: string[] }) =>
        skus.map((sku) => ({
          sku,
          inStock: () => {
            if (sku === 'sku-2') throw new Error('not counted');
            return 1;
          },
        })),
    },
  });
  const { result } = await failing.run('{ products { inStock } }');
  assert.deepEqual(errorPaths(result), ['["products",1,"inStock"]']);
});

test('more required arguments than one call can tell apart are asked for in several', async () => {
  const count = 40;
  const numbers = Array.from({ length: count }, (_, n) => n);
  const values = Object.fromEntries(numbers.map((n) => [`v${n}`, n % 3 === 0 ? null : `value ${n}`]));
  const uses = Object.fromEntries(
    numbers.map((n) => [`w${n}`, (args: Args, self: Entity) => given(args, 'of', self, [`v${n}`])]),
  );
  const { sent } = await createPair(
    `# subgraph: a
# definition: {}
type Query { thing: Wide }
type Wide @key(fields: "id") { id: ID! ${numbers.map((n) => `v${n}: String`).join(' ')} }
# subgraph: b
# definition: {}
type Query { wide(id: ID!): Wide @lookup @internal }
type Wide { id: ID! ${numbers.map((n) => `w${n}(of: String! @require(field: "v${n}")): String`).join(' ')} }`,
    { roots: { thing: { id: '1', ...values, ...uses }, wide: () => ({ id: '1', ...values, ...uses }) } },
  ).compare(`{ thing { ${numbers.map((n) => `w${n}`).join(' ')} } }`);
  assert.equal(sent.filter(({ subgraph }) => subgraph === 'b').length, 1);
});

test('an input object is what it has fields of, and an optional argument that is no field is left out', async () => {
  const spot = { id: 's1', row: 'a', seat: 7, owner: { id: 'o1' }, price: 12, note: 'by the door' };
  const spots = createPair(
    `# subgraph: hall
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
type Query { spots: [Spot!] }
type Spot @key(fields: "row seat") @key(fields: "owner { id }") { id: ID! row: String! seat: Int! owner: Owner! @shareable }
type Owner @shareable { id: ID! }
# subgraph: prices
extend schema @link(url: "https://specs.grafbase.com/composite-schemas/v1", import: ["@lookup", "@key"])
type Query { byPlace(place: Place!, currency: String = "EUR", max: Int): Spot @lookup }
input Place { row: String! seat: Int! hall: String }
type Spot @key(fields: "row seat") { row: String! seat: Int! price: Int }
# subgraph: notes
extend schema @link(url: "https://specs.grafbase.com/composite-schemas/v1", import: ["@lookup", "@key"])
type Query { byOwners(owners: [OwnerInput!]!): [Spot] @lookup }
input OwnerInput { id: ID! }
type Spot @key(fields: "owner { id }") { owner: Owner! note: String }
type Owner { id: ID! }`,
    {
      roots: {
        spots: [spot],
        byPlace: ({ place }: Args) => ((place as { seat: number }).seat === 7 ? spot : null),
        byOwners: ({ owners }: Args) => (owners as { id: string }[]).map(({ id }) => (id === 'o1' ? spot : null)),
      },
      entities: { Spot: [spot] },
    },
  );
  const { result, sent } = await spots.run('{ spots { price note } }');
  assert.deepEqual(result, { data: { spots: [{ price: 12, note: 'by the door' }] } });
  assert.deepEqual(
    sent.slice(1).map(({ variables }) => Object.values(variables)),
    [[{ row: 'a', seat: 7 }], [[{ id: 'o1' }]]],
  );
});

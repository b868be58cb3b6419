import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPair, type Entity, errorPaths } from '../support/monolith.ts';

/** Known mistakes of other gateways again, where more of them come together than in `knownFaults.test.ts`. */

type Args = Readonly<Record<string, unknown>>;

/** Behind the gateway a field sees what its representation brought; the one server looks at the object itself. */
const given = (self: Entity): Entity => (self['__given'] as Entity | undefined) ?? self;

test('what is required behind an entity interface comes from the interface object that knows it', async () => {
  const text = `# subgraph: tickets
type Query { tickets: [Ticket!]! }
type Ticket @key(fields: "id") { id: ID! holder: Holder }
interface Holder @key(fields: "id") { id: ID! }
type Adult implements Holder @key(fields: "id") { id: ID! }
type Child implements Holder @key(fields: "id") { id: ID! school: String }
# subgraph: ages
type Holder @key(fields: "id") @interfaceObject { id: ID! age: Int }
# subgraph: fares
type Ticket @key(fields: "id") { id: ID! holder: Holder @external fare: String @requires(fields: "holder { age }") }
interface Holder @key(fields: "id") { id: ID! age: Int }
type Adult implements Holder @key(fields: "id") { id: ID! age: Int @external }
type Child implements Holder @key(fields: "id") { id: ID! age: Int @external }`;
  const holders: readonly Entity[] = [
    { __typename: 'Adult', id: '1', age: 40 },
    { __typename: 'Child', id: '2', age: 7, school: 'north' },
    { __typename: 'Child', id: '3', age: null, school: null },
  ];
  const fare = (_: Args, self: Entity) => `at ${(given(self)['holder'] as Entity | null)?.['age']}`;
  const tickets = [...holders, null].map((holder, n) => ({ id: `t${n}`, holder, fare }));
  const pair = createPair(text, { roots: { tickets }, entities: { Ticket: tickets, Holder: holders } });
  const { result } = await pair.compare('{ tickets { fare } }');
  assert.deepEqual(
    (result.data as { tickets: Entity[] }).tickets.map((ticket) => ticket['fare']),
    ['at 40', 'at 7', 'at null', 'at undefined'],
  );
  await pair.compare('{ tickets { holder { __typename ... on Child { school } ... on Adult { age } } fare } }');
});

test('what is required of an interface object is handed on under the name of the interface', async () => {
  const text = `# subgraph: tickets
type Query { tickets: [Ticket!]! }
type Ticket @key(fields: "id") { id: ID! holder: Holder }
interface Holder @key(fields: "id") { id: ID! }
type Adult implements Holder @key(fields: "id") { id: ID! }
# subgraph: ages
type Holder @key(fields: "id") @interfaceObject { id: ID! age: Int }
# subgraph: fares
type Ticket @key(fields: "id") { id: ID! holder: Holder @external fare: String @requires(fields: "holder { age }") }
type Holder @key(fields: "id") @interfaceObject { id: ID! age: Int @external }`;
  const holder: Entity = { __typename: 'Adult', id: '1', age: 40 };
  const fare = (_: Args, self: Entity) => `at ${(given(self)['holder'] as Entity)['age']}`;
  const ticket = { id: 't1', holder, fare };
  const pair = createPair(text, { roots: { tickets: [ticket] }, entities: { Ticket: [ticket], Holder: [holder] } });
  const { sent } = await pair.compare('{ tickets { fare } }');
  // Of the interface's types this subgraph has none.
  assert.deepEqual(sent.at(-1)?.variables, {
    representations: [{ __typename: 'Ticket', id: 't1', holder: { __typename: 'Holder', age: 40 } }],
  });
});

test('`__typename` may be written into what is provided, by type too', async () => {
  const text = `# subgraph: feed
type Query { picks: [Item!]! @provides(fields: "__typename ... on Book { __typename title }") }
union Item = Book | Film
type Book @key(fields: "id") { id: ID! title: String @external }
type Film @key(fields: "id") { id: ID! }
# subgraph: titles
type Book @key(fields: "id") { id: ID! title: String @shareable }
type Film @key(fields: "id") { id: ID! title: String @shareable }`;
  const book: Entity = { __typename: 'Book', id: '1', title: 'a book' };
  const film: Entity = { __typename: 'Film', id: '1', title: 'a film' };
  const pair = createPair(text, { roots: { picks: [book, film] }, entities: { Book: [book], Film: [film] } });
  const { sent: provided } = await pair.compare('{ picks { __typename ... on Book { kind: __typename title } } }');
  assert.deepEqual(
    provided.map(({ subgraph }) => subgraph),
    ['feed'],
  );
  const { sent } = await pair.compare('{ picks { ... on Book { title } ... on Film { title } } }');
  assert.deepEqual(sent[1]?.variables, { representations: [{ __typename: 'Film', id: '1' }] });
});

test('a null three requests away reaches the place that may be null, and only that', async () => {
  const text = `# subgraph: shelves
type Query { shelves: [Shelf] }
type Shelf @key(fields: "id") { id: ID! label: String }
# subgraph: places
type Shelf @key(fields: "id") { id: ID! first: Book! spare: Book }
type Book @key(fields: "id") { id: ID! }
# subgraph: books
type Book @key(fields: "id") { id: ID! title: String! author: Author! }
type Author @key(fields: "id") { id: ID! }
# subgraph: authors
type Author @key(fields: "id") { id: ID! name: String! }`;
  const authors = [
    { id: 'a1', name: 'Ann' },
    { id: 'a2', name: null },
  ];
  const books = [
    { id: 'b1', title: 'whole', author: authors[0] },
    { id: 'b2', title: 'nameless', author: authors[1] },
    { id: 'b3', title: null, author: authors[1] },
  ];
  const [whole, nameless, untitled] = books;
  const shelves = [
    { id: 's1', label: 'one', first: whole, spare: nameless },
    { id: 's2', label: 'two', first: nameless, spare: whole },
    { id: 's3', label: 'three', first: untitled, spare: null },
  ];
  const pair = createPair(text, {
    roots: { shelves },
    entities: { Shelf: shelves, Book: books, Author: authors },
  });
  const { result } = await pair.compare(
    '{ shelves { label first { title author { name } } spare { author { name } } } }',
  );
  assert.deepEqual(result.data, {
    shelves: [{ label: 'one', first: { title: 'whole', author: { name: 'Ann' } }, spare: null }, null, null],
  });
  assert.equal(result.errors?.length, errorPaths(result).length);
  // What is not selected cannot be null.
  await pair.compare('{ shelves { first { title } spare { author { id } } } }');
});

const PETS = `# subgraph: pets
type Query { pets: [Pet!]! }
union Pet = Cat | Dog
type Cat @key(fields: "id") { id: ID! kin: [Pet] weight: Int }
type Dog @key(fields: "id") { id: Int! kin: [Pet] weight: Int! }
# subgraph: names
type Cat @key(fields: "id") { id: ID! name: String weight: Int @external dose: String @requires(fields: "weight") }
type Dog @key(fields: "id") { id: Int! name: String weight: Int! @external dose: String @requires(fields: "weight") }`;

function petData() {
  const dose = (_: Args, self: Entity) => `for ${given(self)['weight']}`;
  const cat: Record<string, unknown> = { __typename: 'Cat', id: '1', name: 'Tom', weight: null, dose };
  const dog: Record<string, unknown> = { __typename: 'Dog', id: 1, name: 'Rex', weight: 20, dose };
  cat['kin'] = [dog, null, cat];
  dog['kin'] = [cat, dog];
  return { roots: { pets: [cat, dog] }, entities: { Cat: [cat], Dog: [dog] } };
}

test('members of a union whose keys and requirements have other types are asked for in valid documents', async () => {
  const { result, sent } = await createPair(PETS, petData()).compare(
    '{ pets { ... on Cat { name dose } ... on Dog { name dose } } }',
  );
  assert.deepEqual(result.data, {
    pets: [
      { name: 'Tom', dose: 'for null' },
      { name: 'Rex', dose: 'for 20' },
    ],
  });
  assert.equal(sent.length, 2);
});

test('below one response key each type answers only what its own fragment asks for', async () => {
  const pair = createPair(PETS, petData());
  const { result } = await pair.compare(
    '{ pets { ... on Cat { kin { ... on Cat { name } } } ... on Dog { kin { ... on Dog { name weight } } } } }',
  );
  assert.deepEqual(result.data, {
    pets: [{ kin: [{}, null, { name: 'Tom' }] }, { kin: [{}, { name: 'Rex', weight: 20 }] }],
  });
});

test("a client's own call of a required field, by a variable or not at all, leaves what is required alone", async () => {
  const text = `# subgraph: products
type Query { products: [Product!]! }
type Product @key(fields: "id") { id: ID! price(currency: String): String }
# subgraph: shipping
type Product @key(fields: "id") {
  id: ID!
  price(currency: String): String @external
  euro: String @requires(fields: "price(currency: \\"EUR\\")")
  any: String @requires(fields: "price")
}`;
  const price = ({ currency }: Args) => `${currency ?? 'nothing'} 5`;
  const told = (args: Args) => (_: Args, self: Entity) => {
    const sent = self['__given'] as Entity | undefined;
    return `costs ${sent === undefined ? price(args) : sent['price']}`;
  };
  const product: Entity = { id: '1', price, euro: told({ currency: 'EUR' }), any: told({}) };
  const pair = createPair(text, { roots: { products: [product] }, entities: { Product: [product] } });
  const operation = `query ($currency: String, $with: Boolean!) {
    products { price(currency: $currency) @include(if: $with) any euro }
  }`;
  for (const variables of [
    { currency: 'EUR', with: true },
    { currency: 'USD', with: true },
    { with: true },
    { with: false },
  ]) {
    const { result } = await pair.compare(operation, variables);
    const [answer] = (result.data as { products: Entity[] }).products;
    assert.equal(answer?.['euro'], 'costs EUR 5');
    assert.equal(answer?.['any'], 'costs nothing 5');
  }
});

test('a field that requires entities in a list of objects gets them in their order, and nulls where there are none', async () => {
  const text = `# subgraph: orders
type Query { orders: [Order!]! }
type Order @key(fields: "id") { id: ID! lines: [Line] }
type Line { count: Int product: Product }
type Product @key(fields: "upc") { upc: ID! }
# subgraph: scales
type Product @key(fields: "upc") { upc: ID! weight: Int maker: Maker }
type Maker @key(fields: "id") { id: ID! }
# subgraph: makers
type Maker @key(fields: "id") { id: ID! country: String }
# subgraph: freight
type Order @key(fields: "id") {
  id: ID!
  lines: [Line] @external
  load: String @requires(fields: "lines { count product { weight maker { country } } }")
}
type Line { count: Int @external product: Product @external }
type Product @key(fields: "upc") { upc: ID! weight: Int @external maker: Maker @external }
type Maker @key(fields: "id") { id: ID! country: String @external }`;
  const makers = [
    { id: 'm1', country: 'NO' },
    { id: 'm2', country: null },
  ];
  const products = [
    { upc: 'p1', weight: 3, maker: makers[0] },
    { upc: 'p2', weight: null, maker: makers[1] },
    { upc: 'p3', weight: 5, maker: null },
  ];
  const [one, two, three] = products;
  const load = (_: Args, self: Entity) => {
    const lines = given(self)['lines'] as ({ count: number; product: (typeof products)[0] | null } | null)[] | null;
    const of = (product: (typeof products)[0] | null) =>
      product === null ? 'none' : `${product.weight} ${product.maker?.country}`;
    return (
      lines?.map((line) => (line === null ? 'no line' : `${line.count}: ${of(line.product)}`)).join('; ') ?? 'empty'
    );
  };
  const line = (count: number, product: unknown) => ({ count, product });
  const orders = [[line(1, two), null, line(2, one), line(3, null)], [], null, [line(4, three), line(5, one)]].map(
    (lines, n) => ({ id: `o${n}`, lines, load }),
  );
  const pair = createPair(text, {
    roots: { orders },
    entities: { Order: orders, Product: products, Maker: makers },
  });
  const { result } = await pair.compare('{ orders { load } }');
  assert.deepEqual(
    (result.data as { orders: Entity[] }).orders.map((order) => order['load']),
    ['1: null null; no line; 2: 3 NO; 3: none', '', 'empty', '4: 5 undefined; 5: 3 NO'],
  );
  await pair.compare('{ orders { load lines { product { upc } } } }');
});

test('an entity is an interface object of two subgraphs, by another key in each', async () => {
  const text = `# subgraph: core
type Query { things: [Dated!]! goods: [Priced!]! }
interface Dated @key(fields: "id") { id: ID! }
interface Priced @key(fields: "sku") { sku: ID! }
type Lamp implements Dated & Priced @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! lumen: Int }
type Page implements Dated @key(fields: "id") { id: ID! }
type Cable implements Priced @key(fields: "sku") { sku: ID! metres: Int }
# subgraph: dates
type Dated @key(fields: "id") @interfaceObject { id: ID! since: String }
# subgraph: prices
type Priced @key(fields: "sku") @interfaceObject { sku: ID! price: Int }`;
  const lamp: Entity = { __typename: 'Lamp', id: '1', sku: '2', lumen: 9, since: 'May', price: 30 };
  const page: Entity = { __typename: 'Page', id: '2', since: 'June' };
  const cable: Entity = { __typename: 'Cable', sku: '1', metres: 3, price: 4 };
  const pair = createPair(text, {
    roots: { things: [page, lamp], goods: [cable, lamp] },
    entities: { Lamp: [lamp], Page: [page], Cable: [cable], Dated: [page, lamp], Priced: [cable, lamp] },
  });
  await pair.compare('{ things { since ... on Priced { price } } goods { price ... on Dated { since } } }');
  const { sent } = await pair.compare('{ things { __typename ... on Lamp { since price lumen } } }');
  assert.deepEqual(sent.map(({ subgraph }) => subgraph).sort(), ['core', 'dates', 'prices']);
  assert.deepEqual(
    sent.filter(({ subgraph }) => subgraph !== 'core').map(({ variables }) => Object.values(variables).flat()),
    sent
      .filter(({ subgraph }) => subgraph !== 'core')
      .map(({ subgraph }) => [
        subgraph === 'dates' ? { __typename: 'Dated', id: '1' } : { __typename: 'Priced', sku: '2' },
      ]),
  );
});

test('a value with the keys of a prototype goes to a subgraph and comes back whole', async () => {
  const text = `# subgraph: a
scalar Json
input Note { value: Json }
type Query { echo(note: Note, value: Json): Thing }
type Thing @key(fields: "id") { id: ID! }
# subgraph: b
scalar Json
type Thing @key(fields: "id") { id: ID! value: Json }`;
  const nasty = '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"toString":1}';
  const thing = { id: '1', value: JSON.parse(nasty) };
  const pair = createPair(text, { roots: { echo: thing }, entities: { Thing: [thing] } });
  const variables = { note: { value: JSON.parse(nasty) }, value: JSON.parse(nasty) };
  const operation = 'query ($note: Note, $value: Json) { echo(note: $note, value: $value) { value } }';
  const { result, sent } = await pair.compare(operation, variables);
  assert.equal(JSON.stringify(result.data), `{"echo":{"value":${nasty}}}`);
  assert.equal(JSON.stringify(sent[0]?.variables), `{"note":{"value":${nasty}},"value":${nasty}}`);
  assert.equal(({} as Entity)['polluted'], undefined);
});

test('below aliases that every object has, errors of another subgraph have their paths and nulls their places', async () => {
  const text = `# subgraph: a
type Query { things: [Thing]! }
type Thing @key(fields: "id") { id: ID! }
# subgraph: b
type Thing @key(fields: "id") { id: ID! part: Part }
type Part { must: Int! may: Int }`;
  const failing = (): never => {
    throw new Error('no');
  };
  const things = [
    { id: '1', part: { must: 1, may: failing } },
    { id: '2', part: { must: failing, may: 2 } },
    { id: '3', part: { must: 3, may: 3 } },
  ];
  const pair = createPair(text, { roots: { things }, entities: { Thing: things } });
  const { result } = await pair.compare(
    '{ __proto__: things { constructor: part { __proto__: must toString: may } valueOf: part { hasOwnProperty: may } } }',
  );
  assert.equal(
    JSON.stringify(result.data),
    '{"__proto__":[{"constructor":{"__proto__":1,"toString":null},"valueOf":{"hasOwnProperty":null}},{"constructor":null,"valueOf":{"hasOwnProperty":2}},{"constructor":{"__proto__":3,"toString":3},"valueOf":{"hasOwnProperty":3}}]}',
  );
  assert.deepEqual(errorPaths(result), [
    '["__proto__",0,"constructor","toString"]',
    '["__proto__",0,"valueOf","hasOwnProperty"]',
    '["__proto__",1,"constructor","__proto__"]',
  ]);
});

test('where a backend leaves out a field that is named like what every object inherits, there is nothing', async () => {
  const text = `# subgraph: a
type Query { things: [Thing!]! }
type Thing @key(fields: "id") { id: ID! constructor: String toString: Part valueOf: [Part] isPrototypeOf: Json }
scalar Json
type Part { hasOwnProperty: String }
# subgraph: b
type Thing @key(fields: "id") { id: ID! constructor: String @external more: String @requires(fields: "constructor") }`;
  const pair = createPair(
    text,
    { roots: {} },
    {
      intercept: async (name) => ({ data: name === 'a' ? { things: [{ id: '1' }] } : { _entities: [{ more: 'no' }] } }),
    },
  );
  const { result, sent } = await pair.run(
    '{ things { constructor toString { hasOwnProperty } valueOf { hasOwnProperty } isPrototypeOf more } }',
  );
  const nothing = { constructor: null, toString: null, valueOf: null, isPrototypeOf: null, more: null };
  assert.deepEqual(result, { data: { things: [nothing] } });
  // Alone, without a field that sends generated code back to the rules.
  const { result: alone } = await pair.run('{ things { id isPrototypeOf } }');
  assert.deepEqual(alone, { data: { things: [{ id: '1', isPrototypeOf: null }] } });
  // What is required is not there, so there is nothing to ask.
  assert.deepEqual(
    sent.map(({ subgraph }) => subgraph),
    ['a'],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPair, type Entity } from '../support/monolith.ts';

/** What other gateways' users found wrong, each by itself. */

type Args = Readonly<Record<string, unknown>>;

const users: readonly Entity[] = [
  { __typename: 'Admin', id: '1', name: 'Ann', level: 3, badge: 'Ann, 3' },
  { __typename: 'Guest', id: '2', name: 'Bob', until: 'May', badge: 'Bob until May' },
];
const byType = (type: string) => users.filter(({ __typename }) => __typename === type);

test('what an entity interface requires is read on each implementation', async () => {
  const text = `# subgraph: accounts
type Query { users: [User!]! }
interface User @key(fields: "id") { id: ID! name: String }
type Admin implements User @key(fields: "id") { id: ID! name: String level: Int }
type Guest implements User @key(fields: "id") { id: ID! name: String until: String }
# subgraph: badges
type User @key(fields: "id") @interfaceObject { id: ID! name: String @external badge: String @requires(fields: "name") }`;
  const badge = (_: Args, self: Entity) => {
    const given = (self['__given'] as Entity | undefined) ?? self;
    return `badge of ${given['name']}`;
  };
  const badged = users.map((user) => ({ ...user, badge }));
  const pair = createPair(text, { roots: { users: badged }, entities: { User: badged } });
  await pair.compare('{ users { badge } }');
  await pair.compare('{ users { ... on Admin { badge level } ... on Guest { until } } }');
});

test('`__typename` inside of what is provided costs nothing', async () => {
  const text = `# subgraph: feed
type Query { owners: [Admin!]! @provides(fields: "name") }
type Admin @key(fields: "id") { id: ID! name: String @external }
# subgraph: people
type Admin @key(fields: "id") { id: ID! name: String @shareable }`;
  const pair = createPair(text, { roots: { owners: byType('Admin') }, entities: { Admin: byType('Admin') } });
  const { sent } = await pair.compare('{ owners { __typename name } }');
  assert.deepEqual(
    sent.map(({ subgraph }) => subgraph),
    ['feed'],
  );
});

test('one response key with other sub-selections by type stays apart, behind a jump too', async () => {
  const text = `# subgraph: a
type Query { things: [Thing!]! }
union Thing = Cat | Dog
type Cat @key(fields: "id") { id: ID! }
type Dog @key(fields: "id") { id: ID! }
# subgraph: b
type Cat @key(fields: "id") { id: ID! home: Place toy(big: Boolean): String }
type Dog @key(fields: "id") { id: ID! home: Place bone: String }
type Place { city: String street: String }`;
  const home = (n: number) => ({ city: `city ${n}`, street: `street ${n}` });
  const things: readonly Entity[] = [
    { __typename: 'Cat', id: '1', home: home(1), toy: ({ big }: Args) => (big === true ? 'ball' : 'mouse') },
    { __typename: 'Dog', id: '1', home: home(2), bone: 'femur' },
  ];
  const of = (type: string) => things.filter(({ __typename }) => __typename === type);
  const pair = createPair(text, { roots: { things }, entities: { Cat: of('Cat'), Dog: of('Dog') } });
  await pair.compare(
    '{ things { ... on Cat { home { city } x: toy(big: true) } ... on Dog { home { street } x: bone } } }',
  );
  // What one member is asked for must not be asked of the other, nor answered for it.
  const { result } = await pair.compare('{ things { __typename ... on Cat { home { street } } } }');
  assert.deepEqual((result.data as { things: Entity[] }).things[1], { __typename: 'Dog' });
});

test('a required field with two argument sets, and a third one by the client, are three values', async () => {
  const text = `# subgraph: products
type Query { products: [Product!]! }
type Product @key(fields: "id") { id: ID! price(currency: String): String }
# subgraph: shipping
type Product @key(fields: "id") {
  id: ID!
  price(currency: String): String @external
  euro: String @requires(fields: "price(currency: \\"EUR\\")")
  dollar: String @requires(fields: "price(currency: \\"USD\\")")
}`;
  const priced = (id: string): Entity => {
    const price = ({ currency }: Args) => `${id} in ${currency}`;
    const sent = (currency: string) => (_: Args, self: Entity) => {
      const given = self['__given'] as Entity | undefined;
      return `costs ${given === undefined ? price({ currency }) : given['price']}`;
    };
    return { id, price, euro: sent('EUR'), dollar: sent('USD') };
  };
  const products = [priced('1'), priced('2')];
  const pair = createPair(text, { roots: { products }, entities: { Product: products } });
  await pair.compare('{ products { price(currency: "GBP") euro dollar } }');
  await pair.compare('{ products { dollar price: price(currency: "GBP") other: price(currency: "EUR") euro } }');
});

test('a field that requires what is behind another entity gets it whole', async () => {
  const text = `# subgraph: orders
type Query { orders: [Order!]! }
type Order @key(fields: "id") { id: ID! customer: Customer }
type Customer @key(fields: "id") { id: ID! }
# subgraph: customers
type Customer @key(fields: "id") { id: ID! tier: Tier }
type Tier { name: String }
# subgraph: discounts
type Order @key(fields: "id") { id: ID! customer: Customer @external discount: String @requires(fields: "customer { tier { name } }") }
type Customer @key(fields: "id") { id: ID! tier: Tier @external }
type Tier { name: String @external }`;
  const discount = (_: Args, self: Entity) => {
    const given = (self['__given'] as Entity | undefined) ?? self;
    const customer = given['customer'] as { tier: { name: string } | null } | null;
    return `for ${customer?.tier?.name ?? 'nobody'}`;
  };
  const customers = [
    { id: 'c1', tier: { name: 'gold' } },
    { id: 'c2', tier: null },
  ];
  const orders = [customers[0], customers[1], null].map((customer, n) => ({ id: `o${n}`, customer, discount }));
  const pair = createPair(text, { roots: { orders }, entities: { Order: orders, Customer: customers } });
  await pair.compare('{ orders { discount } }');
  await pair.compare('{ orders { customer { id tier { name } } discount } }');
});

test('no alias, variable or backend can reach the prototype of an object', async () => {
  const text = `# subgraph: a
type Query { echo(text: String): Thing }
type Thing @key(fields: "id") { id: ID! text: String }
# subgraph: b
type Thing @key(fields: "id") { id: ID! more: Extra }
type Extra { a: String b: String }`;
  const poisoned = JSON.parse(
    '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"a":"A","b":"B"}',
  );
  const thing = (text: unknown): Entity => ({ id: '__proto__', text, more: poisoned });
  const pair = createPair(
    text,
    { roots: { echo: ({ text: given }: Args) => thing(given) }, entities: { Thing: [thing(null)] } },
    {
      async intercept(_subgraph, _request, next) {
        const reply = await next();
        // As a backend would write it: own keys of that name, which `JSON.parse` makes.
        return JSON.parse(
          JSON.stringify(reply).replaceAll('"more":{', '"more":{"__proto__":{"polluted":"yes"},'),
        ) as typeof reply;
      },
    },
  );
  const operation =
    'query ($__proto__: String, $constructor: String) { __proto__: echo(text: $__proto__) { text more { constructor: a __proto__: b } } toString: echo(text: $constructor) { hasOwnProperty: text } }';
  const variables = JSON.parse('{"__proto__":"one","constructor":"two"}') as Args;
  const { result } = await pair.compare(operation, variables);
  assert.equal(
    JSON.stringify(result.data),
    '{"__proto__":{"text":"one","more":{"constructor":"A","__proto__":"B"}},"toString":{"hasOwnProperty":"two"}}',
  );
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

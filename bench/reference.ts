import { buildSchema, type ExecutionResult, graphqlSync } from 'graphql';
import { type Product, products, type Review, reviews, stocked, type User, users } from './subgraphs/data.ts';
import { items } from './subgraphs/items.ts';
import { shippingEstimate } from './subgraphs/resolvers.ts';

const schema = buildSchema(`
type Query { me: User user(id: ID!): User users: [User] topProducts(first: Int = 5): [Product] items(first: Int = 1000): [Item!] }
type Mutation { rename(id: ID!, name: String!): User }
type User { id: ID! name: String username: String birthday: Int reviews: [Review] }
type Review { id: ID! body: String product: Product author: User }
type Product { upc: String! name: String price: Int weight: Int inStock: Boolean shippingEstimate: Int reviews: [Review] }
type Item { id: ID! name: String cents: Int currency: String quantity: Int isReserved: Boolean stars: Float votes: Int seller: Seller }
type Seller { name: String city: String }`);

const user = (one: User | undefined): unknown =>
  one === undefined ? null : { ...one, reviews: () => reviews.slice(0, 2).map(review) };
const review = ({ upc, ...one }: Review): unknown => ({
  ...one,
  product: () => product(products.find((found) => found.upc === upc) as Product),
  author: () => user(users[0]),
});
const product = (one: Product): unknown => ({
  ...one,
  inStock: stocked.has(one.upc),
  shippingEstimate: shippingEstimate(one.price, one.weight),
  reviews: () => reviews.filter(({ upc }) => upc === one.upc).map(review),
});

const rootValue = {
  me: () => user(users[0]),
  user: ({ id }: { id: string }) => user(users.find((one) => one.id === id)),
  users: () => users.map(user),
  topProducts: ({ first }: { first: number }) => products.slice(0, first).map(product),
  items: ({ first }: { first: number }) => items.slice(0, first),
  rename: ({ id, name }: { id: string; name: string }) => {
    const found = users.find((one) => one.id === id);
    return user(found && { ...found, name });
  },
};

/** What one server with all of the data answers: gateways have to say the same. */
export function reference(body: {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}): ExecutionResult {
  const result = graphqlSync({ schema, source: body.query, rootValue, variableValues: body.variables });
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
}

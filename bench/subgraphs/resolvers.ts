import { type Product, products, type Review, reviews, stocked, type User, users } from './data.ts';

type Args = Readonly<Record<string, unknown>>;
type Representation = Readonly<Record<string, unknown>>;

/** What one of the subgraphs resolves: its root fields, and entities by type. */
export interface Resolvers {
  readonly roots: Readonly<Record<string, (args: Args) => unknown>>;
  readonly entities: Readonly<Record<string, (representation: Representation) => unknown>>;
}

const typed = <T extends object>(__typename: string, value: T | undefined) =>
  value === undefined ? null : { __typename, ...value };
const user = (found: User | undefined) => typed('User', found);
const product = (found: Product | undefined) => typed('Product', found);
const byUpc = (upc: unknown) => products.find((one) => one.upc === upc);
const byId = (id: unknown) => users.find((one) => one.id === id);

/** As in the public benchmark: everything is written by the first user, and each user is shown the first two reviews. */
const review = ({ id, body, upc }: Review): unknown => ({
  __typename: 'Review',
  id,
  body,
  product: () => reviewed(upc),
  author: () => reviewer('1'),
});
const reviewed = (upc: string): unknown => ({
  __typename: 'Product',
  upc,
  reviews: () => reviews.filter((one) => one.upc === upc).map(review),
});
const reviewer = (id: string): unknown => ({
  __typename: 'User',
  id,
  username: byId(id)?.username ?? null,
  reviews: () => reviews.slice(0, 2).map(review),
});

/** Heavy things cost nothing to ship, and above a price nothing does. */
export function shippingEstimate(price: unknown, weight: unknown): number | null {
  if (typeof price !== 'number' || typeof weight !== 'number') return null;
  return price > 1000 ? 0 : Math.floor(weight / 2);
}

export const RESOLVERS: Readonly<Record<string, Resolvers>> = {
  accounts: {
    roots: {
      me: () => user(users[0]),
      user: ({ id }) => user(byId(id)),
      users: () => users.map(user),
      rename: ({ id, name }) => user(byId(id) && { ...(byId(id) as User), name: String(name) }),
    },
    entities: { User: ({ id }) => user(byId(id)) },
  },
  inventory: {
    roots: {},
    entities: {
      Product: ({ upc, price, weight }) => ({
        __typename: 'Product',
        upc,
        price: price ?? null,
        weight: weight ?? null,
        inStock: stocked.has(String(upc)),
        shippingEstimate: shippingEstimate(price, weight),
      }),
    },
  },
  products: {
    roots: { topProducts: ({ first }) => products.slice(0, Number(first)).map(product) },
    entities: { Product: ({ upc }) => product(byUpc(upc)) },
  },
  reviews: {
    roots: {},
    entities: {
      Review: ({ id }) => {
        const found = reviews.find((one) => one.id === id);
        return found === undefined ? null : review(found);
      },
      User: ({ id }) => reviewer(String(id)),
      Product: ({ upc }) => reviewed(String(upc)),
    },
  },
};

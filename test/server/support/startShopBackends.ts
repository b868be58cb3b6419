import type { TestContext } from 'node:test';
import { GraphQLError } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { serveHttp } from '../../sources/graphql/serveHttp.ts';

export interface ShopBackends {
  /** Documents by backend, in the order in which they came. */
  readonly asked: Readonly<Record<'products' | 'reviews', string[]>>;
  /** As a configuration has them. */
  readonly subgraphs: readonly {
    readonly name: string;
    readonly url: string;
    readonly schema: { readonly sdl: string };
  }[];
  /** From now on this backend breaks every connection. */
  kill(name: 'products' | 'reviews'): void;
}

const LINK = (imports: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [${imports}])`;

const PRODUCTS = `
  ${LINK('"@key", "@shareable"')}
  type Query { products: [Product!]! product(upc: ID!): Product }
  type Product @key(fields: "upc") { upc: ID! name: String! price(currency: Currency = EUR): Int! weight: Int size: Size }
  type Size { width: Int! height: Int! }
  enum Currency { EUR USD }
`;
const REVIEWS = `
  ${LINK('"@key", "@inaccessible", "@shareable"')}
  type Query {
    reviewsByUpcs(upcs: [ID!]!, minimum: Int): [ReviewList] @inaccessible
    reviewsOf(upc: ID!, first: Int, filter: Filter): ReviewList
    bestSellers(of: Int): [Product!]!
    broken(upc: ID!): ReviewList
  }
  type Mutation { review(upc: ID!, body: String!): Review! }
  type Product @key(fields: "upc") { upc: ID! stars: Int }
  type Review { id: ID! body: String! score: Int author: User }
  type ReviewList { total: Int! nodes: [Review!]! note(upper: Boolean): String }
  input Filter { minimum: Int }
  type User @key(fields: "id") { id: ID! nick: String }
`;
const MACHINERY = (types: string) => `
  scalar _Any
  union _Entity = ${types}
  extend type Query { _entities(representations: [_Any!]!): [_Entity]! }
  directive @key(fields: String!) repeatable on OBJECT
  directive @shareable on OBJECT | FIELD_DEFINITION
  directive @inaccessible on FIELD_DEFINITION
`;

const products = [1, 2, 3].map((n) => ({
  __typename: 'Product',
  upc: `p${n}`,
  name: `product ${n}`,
  price: ({ currency }: { currency: string }) => n * (currency === 'USD' ? 110 : 100),
  weight: n === 3 ? null : n * 10,
  size: { width: n, height: n * 2 },
}));
const bodies = new Map([
  ['p1', ['good', 'fine', 'bad']],
  ['p2', ['so so']],
]);
const listOf = (upc: string, first = 10, minimum = 0) => {
  const nodes = (bodies.get(upc) ?? [])
    .map((body, n) => ({
      id: `${upc}-${n}`,
      body,
      score: n,
      author: { __typename: 'User', id: `u${n}`, nick: `user ${n}` },
    }))
    .filter(({ score }) => score >= minimum)
    .slice(0, first);
  return { total: nodes.length, nodes, note: ({ upper }: { upper?: boolean }) => (upper === true ? 'NOTE' : 'note') };
};

/** Two federated subgraphs over HTTP that record what they are asked. */
export async function startShopBackends(t: TestContext): Promise<ShopBackends> {
  const asked: Record<'products' | 'reviews', string[]> = { products: [], reviews: [] };
  const dead = new Set<string>();
  const backends = [
    {
      name: 'products' as const,
      sdl: PRODUCTS,
      machinery: MACHINERY('Product'),
      query: {
        products: () => products,
        product: (_: unknown, { upc }: { upc: string }) => products.find((product) => product.upc === upc) ?? null,
        _entities: (_: unknown, { representations }: { representations: { upc: string }[] }) =>
          representations.map(({ upc }) => products.find((product) => product.upc === upc) ?? null),
      },
    },
    {
      name: 'reviews' as const,
      sdl: REVIEWS,
      machinery: MACHINERY('Product | User'),
      query: {
        reviewsByUpcs: (_: unknown, { upcs, minimum }: { upcs: string[]; minimum?: number }) =>
          upcs.map((upc) => (bodies.has(upc) ? listOf(upc, 10, minimum) : null)),
        reviewsOf: (_: unknown, args: { upc: string; first?: number; filter?: { minimum?: number } }) =>
          listOf(args.upc, args.first, args.filter?.minimum),
        bestSellers: (_: unknown, { of = 2 }: { of?: number }) =>
          ['p2', 'p1'].slice(0, of).map((upc) => ({ __typename: 'Product', upc, stars: bodies.get(upc)?.length })),
        broken: () => {
          throw new GraphQLError('The reviews are lost.', { extensions: { code: 'LOST' } });
        },
        _entities: (
          _: unknown,
          { representations }: { representations: { __typename: string; upc: string; id: string }[] },
        ) =>
          representations.map(({ __typename, upc, id }) =>
            __typename === 'User'
              ? { __typename, id, nick: `user ${id.slice(1)}` }
              : { __typename, upc, stars: bodies.get(upc)?.length ?? null },
          ),
      },
      mutation: {
        review: (_: unknown, { upc, body }: { upc: string; body: string }) => ({ id: `${upc}-new`, body, score: 5 }),
      },
    },
  ];
  const subgraphs = await Promise.all(
    backends.map(async ({ name, sdl, machinery, query, ...rest }) => {
      const schema = createSchema({
        typeDefs: `${sdl.replace(/extend schema[^\n]*/, '')} ${machinery}`,
        resolvers: { Query: query, ...('mutation' in rest ? { Mutation: rest.mutation } : {}) },
      });
      const yoga = createYoga({ schema, logging: false, maskedErrors: false });
      const { url } = await serveHttp(t, async (request, response) => {
        if (dead.has(name)) {
          request.socket.destroy();
          return;
        }
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const body = Buffer.concat(chunks).toString();
        asked[name].push((JSON.parse(body) as { query: string }).query);
        const answer = await yoga.fetch('http://backend.example/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        response.end(await answer.text());
      });
      return { name, url, schema: { sdl } };
    }),
  );
  return { asked, subgraphs, kill: (name) => void dead.add(name) };
}

/**
 * What somebody would write who has to answer one of two queries and no other: `node:http`, undici, the same requests to subgraphs as
 * Weft makes, an answer that is put together by hand. `LETTER` is A or C; that all products are among the top ones is taken for granted.
 */
import { createServer } from 'node:http';
import { Pool } from 'undici';

interface User {
  readonly id: string;
  reviews?: readonly Review[];
}
interface Product {
  readonly upc: string;
  readonly price: number;
  readonly weight: number;
  reviews?: readonly Review[];
}
interface Review {
  readonly product?: Product;
  readonly author?: User;
}
interface Reply {
  readonly data: {
    readonly users: User[];
    readonly topProducts: Product[];
    readonly _entities: { reviews?: readonly Review[] }[];
    readonly _e0: { readonly reviews: readonly Review[] }[];
    readonly _e1: { readonly reviews: readonly Review[] }[];
  };
}

const pool = new Pool(process.env['UPSTREAM'] ?? '', { connections: 50, pipelining: 1 });
const headers = { 'content-type': 'application/json' };

function ask(path: string, query: string, variables = {}): Promise<Reply['data']> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pool.dispatch(
      { path, method: 'POST', headers, body: JSON.stringify({ query, variables }) },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData: (_controller, chunk) => void chunks.push(chunk),
        onResponseEnd: () => resolve((JSON.parse(Buffer.concat(chunks).toString()) as Reply).data),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

const ENTITIES = '_entities(representations: $representations)';
const INNER = 'reviews { id body product { upc } }';
const REVIEWS = `query($users: [_Any!]!, $products: [_Any!]!) {
  _e0: _entities(representations: $users) { ... on User { reviews { id body product { upc reviews { id body author { id username ${INNER} } } } } } }
  _e1: _entities(representations: $products) { ... on Product { reviews { id body author { id username ${INNER} } } } } }`;
const STOCK = `query($representations: [_Any!]!) { ${ENTITIES} { ... on Product { inStock shippingEstimate } } }`;
const USERS_REVIEWS = `query($representations: [_Any!]!) { ${ENTITIES} { ... on User { reviews { id body } } } }`;

async function answerHeavy(): Promise<object> {
  const [{ users }, { topProducts }] = await Promise.all([
    ask('/accounts', '{ users { id username name } }'),
    ask('/products', '{ topProducts { upc name price weight } }'),
  ]);
  const { _e0: ofUsers, _e1: ofProducts } = await ask('/reviews', REVIEWS, {
    users: users.map(({ id }) => ({ __typename: 'User', id })),
    products: topProducts.map(({ upc }) => ({ __typename: 'Product', upc })),
  });
  const { _entities: stock } = await ask('/inventory', STOCK, {
    representations: topProducts.map(({ upc, price, weight }) => ({ __typename: 'Product', upc, price, weight })),
  });
  const userBy = new Map(users.map((user) => [user.id, { ...user }]));
  const productBy = new Map(topProducts.map((product, n) => [product.upc, { ...product, ...stock[n] }]));
  const complete = (reviews: readonly Review[] | undefined): void => {
    for (const { product, author } of reviews ?? []) {
      if (product !== undefined) Object.assign(product, productBy.get(product.upc));
      if (author !== undefined) Object.assign(author, userBy.get(author.id));
      complete(product?.reviews);
      complete(author?.reviews);
    }
  };
  for (const { reviews } of [...ofUsers, ...ofProducts]) complete(reviews);
  return {
    users: users.map((user, n) => ({ ...user, reviews: ofUsers[n]?.reviews })),
    topProducts: [...productBy.values()].map((product, n) => ({ ...product, reviews: ofProducts[n]?.reviews })),
  };
}

async function answerReviews(): Promise<object> {
  const { users } = await ask('/accounts', '{ users { id name } }');
  const representations = users.map(({ id }) => ({ __typename: 'User', id }));
  const { _entities: found } = await ask('/reviews', USERS_REVIEWS, { representations });
  return { users: users.map((user, n) => ({ ...user, reviews: found[n]?.reviews })) };
}

const answer = process.env['LETTER'] === 'A' ? answerHeavy : answerReviews;

createServer((request, response) => {
  request.resume();
  request.on('end', async () => {
    const body = JSON.stringify({ data: await answer() });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');

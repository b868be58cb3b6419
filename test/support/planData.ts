import { type Data, type Entity, read } from './monolith.ts';

/** Data for the supergraphs that the golden plans share. */
export function shopData() {
  const users: Entity[] = [1, 2, 3].map((n) => ({
    id: String(n),
    name: `user ${n}`,
    birthday: n === 2 ? null : `200${n}`,
    address: { street: `street ${n}`, city: `city ${n}` },
    reviews: () => reviews.filter((review) => review['author'] === users[n - 1]),
  }));
  const products: Entity[] = [1, 2, 3, 4].map((n) => ({
    upc: `p${n}`,
    name: `product ${n}`,
    price: n * 10,
    weight: n,
    inStock: n % 2 === 0,
    shipping: (_: unknown, self: Entity) => Number(read(self, 'price')) / Number(read(self, 'weight')) + n,
    variants: ({ kind }: { kind?: string }) => products.filter((_, index) => (kind === 'A') === (index % 2 === 0)),
    details: { colour: `colour ${n}`, shelf: n, mood: `mood ${n}` },
    reviews: ({ first = 10 }: { first?: number }) =>
      reviews.filter((review) => review['product'] === products[n - 1]).slice(0, first),
  }));
  const reviews: Entity[] = [0, 1, 2, 3, 4, 5].map((n) => ({
    id: `r${n}`,
    body: `body ${n}`,
    author: users[n % 3],
    product: products[n % 4],
  }));
  const roots = {
    me: users[0],
    user: ({ id }: { id: string }) => users.find((user) => user['id'] === id) ?? null,
    users,
    topProducts: ({ first = 4 }: { first?: number }) => products.slice(0, first),
    product: ({ upc }: { upc: string }) => products.find((product) => product['upc'] === upc) ?? null,
    latest: reviews,
  };
  return { roots, entities: { User: users, Product: products, Review: reviews } };
}

const number = (value: unknown) => (value === null || value === undefined ? null : Number(value));

export function requiresData() {
  const products: Entity[] = [1, 2, 3].map((n) => ({
    id: String(n),
    name: `product ${n}`,
    class: `class ${n}`,
    zone: `zone ${n}`,
    weight: n === 3 ? null : n * 2,
    price: ({ currency }: { currency?: string } = {}) =>
      n * (currency === 'EUR' ? 1 : currency === 'USD' ? 100 : 10_000),
    dims: [1, 2].map((w) => ({ w, h: n })),
    estimate: (_: unknown, self: Entity) =>
      Number(read(self, 'price', { currency: 'EUR' })) + (number(read(self, 'weight')) ?? -1),
    estimateUsd: (_: unknown, self: Entity) =>
      Number(read(self, 'price', { currency: 'USD' })) + (number(read(self, 'weight')) ?? -1),
    boxes: (_: unknown, self: Entity) =>
      (read(self, 'dims') as { w: number; h: number }[]).reduce((sum, { w, h }) => sum + w * h, 0),
    total: (_: unknown, self: Entity) => Number(read(self, 'estimate')) * 2,
    points: (_: unknown, self: Entity) => Number(read(self, 'total')) + 7,
  }));
  const crates: Entity[] = [
    { id: 'c1', content: { __typename: 'Fluid', label: 'water', litres: 5 } },
    { id: 'c2', content: { __typename: 'Solid', label: 'sand', kilos: 7 } },
    { id: 'c3', content: null },
  ].map((crate) => ({
    ...crate,
    fee: (_: unknown, self: Entity) => {
      const content = read(self, 'content') as Entity | null;
      return content === null ? 0 : Number(content['litres'] ?? content['kilos']);
    },
  }));
  return {
    roots: { products, product: ({ id }: { id: string }) => products.find((one) => one['id'] === id), crates },
    entities: { Product: products, Crate: crates },
  };
}

export function abstractData() {
  const authors: Entity[] = [1, 2].map((n) => ({ __typename: 'Author', id: `a${n}`, name: `author ${n}` }));
  const books: Entity[] = [1, 2].map((n) => ({
    __typename: 'Book',
    id: `b${n}`,
    title: `book ${n}`,
    author: authors[n - 1],
    pages: n * 100,
    cover: { url: `u${n}`, width: n },
    stars: n,
  }));
  const movies: Entity[] = [1, 2].map((n) => ({
    __typename: 'Movie',
    id: `m${n}`,
    title: `movie ${n}`,
    author: n === 1 ? authors[0] : null,
    minutes: n * 60,
    cover: { url: `v${n}`, codec: 'av1' },
    stars: null,
    critics: n,
  }));
  const songs: Entity[] = [{ __typename: 'Song', id: 's1', title: 'song 1', author: null }];
  const admins: Entity[] = [{ __typename: 'Admin', __is: ['Account'], id: 'x1', email: 'x1@', level: 3, debt: 1.5 }];
  const guests: Entity[] = [
    { __typename: 'Guest', __is: ['Account'], id: 'x2', email: 'x2@', until: 'noon', debt: null },
  ];
  const media = [books[0], songs[0], movies[0], null, movies[1], books[1]];

  return {
    roots: {
      media: media.filter((one) => one !== null),
      node: ({ id }: { id: string }) => [...books, ...movies].find((one) => one['id'] === id) ?? null,
      search: [authors[0], books[0], movies[1]],
      shelf: { best: movies[0] },
      rated: [movies[0], books[1]],
      accounts: [...admins, ...guests],
      debtors: [...admins, ...guests],
    },
    entities: { Author: authors, Book: books, Movie: movies, Song: songs, Admin: admins, Guest: guests },
  };
}

export function keysData() {
  const orgs: Entity[] = [1, 2].map((n) => ({ id: `o${n}`, title: `org ${n}` }));
  const parts: Entity[] = [1, 2, 3].map((n) => ({ c: { n }, label: `part ${n}`, stock: n * 10 }));
  const things: Entity[] = [1, 2, 3].map((n) => ({
    id: String(n),
    own: `own ${n}`,
    code: `c${n}`,
    b: `b ${n}`,
    c: n,
    parts: parts.slice(n - 1),
    org: n === 3 ? null : orgs[n - 1],
    d: n === 3 ? null : `d ${n}`,
    e: `e ${n}`,
  }));
  const roots = { thing: things[0], things, box: { thing: things[1] }, related: things[1] };
  return { roots, entities: { Thing: things, Org: orgs, Part: parts } };
}

export function providesData(): Data {
  const users: Entity[] = [1, 2].map((n) => ({
    id: `u${n}`,
    name: `user ${n}`,
    age: n,
    reviews: () => reviews.filter((review) => review['author'] === users[n - 1]),
  }));
  const makers: Entity[] = [1, 2].map((n) => ({ id: `m${n}`, city: `city ${n}`, country: `country ${n}` }));
  const products: Entity[] = [1, 2].map((n) => ({ id: `p${n}`, maker: makers[n - 1], title: `title ${n}` }));
  const reviews: Entity[] = [0, 1, 2, 3].map((n) => ({
    id: `r${n}`,
    body: `body ${n}`,
    author: users[n % 2],
    product: n === 3 ? null : products[n % 2],
  }));
  const feed: Entity[] = [
    { __typename: 'Photo', id: 'f1', owner: users[0] },
    { __typename: 'Note', id: 'f2', owner: users[1] },
    { __typename: 'Note', id: 'f3', owner: null },
  ];
  return {
    roots: { reviews, topReviews: reviews.slice(1), feed, me: users[0] },
    entities: { User: users, Maker: makers, Product: products, Review: reviews },
  };
}

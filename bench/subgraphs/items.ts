import type { Resolvers } from './resolvers.ts';

/** One of a thousand things, as all five subgraphs together know it. */
export interface Item {
  readonly id: string;
  readonly name: string;
  readonly cents: number;
  readonly currency: string;
  readonly quantity: number;
  readonly isReserved: boolean;
  readonly stars: number;
  readonly votes: number;
  readonly seller: { readonly name: string; readonly city: string };
}

const CITIES = ['Ghent', 'Porto', 'Turku', 'Bari'] as const;

export const items: readonly Item[] = Array.from({ length: 1000 }, (_, index) => ({
  id: `i${index + 1}`,
  name: `Item ${index + 1}`,
  cents: 100 + index * 7,
  currency: index % 3 === 0 ? 'EUR' : 'USD',
  quantity: (index * 37) % 250,
  isReserved: index % 5 === 0,
  stars: (index % 50) / 10,
  votes: (index * 13) % 400,
  seller: { name: `Seller ${index % 40}`, city: CITIES[index % CITIES.length] as string },
}));

const byId = new Map(items.map((item) => [item.id, { __typename: 'Item', ...item }]));
const entities = { Item: ({ id }: Readonly<Record<string, unknown>>) => byId.get(String(id)) ?? null };

export const ITEM_RESOLVERS: Readonly<Record<string, Resolvers>> = {
  items: { roots: { items: ({ first }) => items.slice(0, Number(first)) }, entities },
  prices: { roots: {}, entities },
  stocks: { roots: {}, entities },
  ratings: { roots: {}, entities },
  sellers: { roots: {}, entities },
};

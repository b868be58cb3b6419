import { LINK } from './link.ts';
import type { Series } from './Series.ts';

const item = (fields: string) => `${LINK}type Item @key(fields: "id") { id: ID! ${fields} }`;

/** A list of entities of which two other subgraphs know a field each: three requests, whatever their number. */
export const entities: Series = {
  name: 'entities',
  title: 'Entities in one answer, each of three subgraphs',
  axis: 'entities',
  sizes: [10, 100, 1000, 10_000],
  connections: () => 1,
  graph: (size) => ({
    documents: [
      { name: 'items', sdl: `${item('name: String')} type Query { items(first: Int!): [Item!]! }` },
      { name: 'prices', sdl: item('price: Int') },
      { name: 'stocks', sdl: item('stock: Int') },
    ],
    query: `{ items(first: ${size}) { id name price stock } }`,
  }),
  figures: [
    { key: 'cpu', title: 'CPU µs a request' },
    { key: 'fresh', title: 'CPU µs, a new text each time' },
    { key: 'upstream', title: 'upstream requests' },
    { key: 'peak', title: 'peak MB' },
  ],
  plots: [{ unit: 'CPU µs a request', figures: ['cpu', 'fresh'] }],
};

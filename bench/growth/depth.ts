import { LINK } from './link.ts';
import type { Series } from './Series.ts';

/** A way that changes the subgraph at each step, and leads to another entity: as many requests, one after the other. */
export const depth: Series = {
  name: 'depth',
  title: 'Steps from subgraph to subgraph',
  axis: 'steps',
  sizes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  connections: () => 1,
  graph: (size) => ({
    documents: [
      { name: 'odd', sdl: `${LINK}type Node @key(fields: "id") { id: ID! odd(to: Int): Node }` },
      {
        name: 'even',
        sdl: `${LINK}type Query { node: Node } type Node @key(fields: "id") { id: ID! even(to: Int): Node }`,
      },
    ],
    query: `{ node ${nest(size, 1)} }`,
  }),
  figures: [
    { key: 'cpu', title: 'CPU µs a request' },
    { key: 'fresh', title: 'CPU µs, a new text each time' },
    { key: 'upstream', title: 'upstream requests' },
    { key: 'first', title: 'first answer ms' },
  ],
  plots: [{ unit: 'CPU µs a request', figures: ['cpu', 'fresh'] }],
};

function nest(steps: number, at: number): string {
  if (at > steps) return '{ id }';
  return `{ ${at % 2 === 1 ? 'odd' : 'even'}(to: ${at + 1}) ${nest(steps, at + 1)} }`;
}

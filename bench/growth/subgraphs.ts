import { LINK } from './link.ts';
import type { Series } from './Series.ts';

const item = (at: number) => `${LINK}type Item @key(fields: "id") { id: ID! field${at}: String }`;

/** One entity of which each subgraph knows a field: one request to each, at the same time but for the first. */
export const subgraphs: Series = {
  name: 'subgraphs',
  title: 'Subgraphs that one answer needs',
  axis: 'subgraphs',
  sizes: [2, 5, 10, 20, 50, 100],
  connections: () => 1,
  graph: (size) => {
    const all = Array.from({ length: size }, (_, at) => at);
    return {
      documents: all.map((at) => ({
        name: `s${at}`,
        sdl: at === 0 ? `${item(0)} type Query { item: Item }` : item(at),
      })),
      query: `{ item { ${all.map((at) => `field${at}`).join(' ')} } }`,
    };
  },
  figures: [
    { key: 'cpu', title: 'CPU µs a request' },
    { key: 'fresh', title: 'CPU µs, a new text each time' },
    { key: 'upstream', title: 'upstream requests' },
    { key: 'started', title: 'start ms' },
    { key: 'first', title: 'first answer ms' },
  ],
  plots: [{ unit: 'CPU µs a request', figures: ['cpu', 'fresh'] }],
};

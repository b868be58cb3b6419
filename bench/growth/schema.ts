import { LINK } from './link.ts';
import type { Series } from './Series.ts';

const SUBGRAPHS = 10;

/** The same query over a schema with more and more types that it does not touch: only what reads the whole schema may take longer. */
export const schema: Series = {
  name: 'schema',
  title: 'Types of the schema; the query stays the same',
  axis: 'types',
  sizes: [100, 300, 1000, 3000, 10_000, 20_000],
  connections: () => 1,
  graph: (size) => ({
    documents: Array.from({ length: SUBGRAPHS }, (_, graph) => ({ name: `s${graph}`, sdl: documentOf(graph, size) })),
    query: '{ thing0 { id name extra next { name extra } } }',
  }),
  figures: [
    { key: 'started', title: 'start ms' },
    { key: 'idle', title: 'idle MB' },
    { key: 'first', title: 'first answer ms' },
    { key: 'cpu', title: 'CPU µs a request' },
    { key: 'fresh', title: 'CPU µs, a new text each time' },
  ],
  plots: [
    { unit: 'ms', figures: ['started', 'first'] },
    { unit: 'MB', figures: ['idle'] },
    { unit: 'CPU µs a request', figures: ['cpu', 'fresh'] },
  ],
};

/** Types that lead from one to the next, and from the last to the first. */
const RING = 10;

/** Each tenth type, with a root field to it and a link to the next one, and a further field of the types of the neighbour. */
function documentOf(graph: number, size: number): string {
  const roots: string[] = [];
  const types: string[] = [];
  for (let at = graph; at < size; at += SUBGRAPHS) {
    const isLast = (at - graph) % (RING * SUBGRAPHS) === (RING - 1) * SUBGRAPHS;
    const next = isLast ? at - (RING - 1) * SUBGRAPHS : at + SUBGRAPHS;
    roots.push(`thing${at}: Thing${at} things${at}(first: Int): [Thing${at}!]`);
    types.push(
      `type Thing${at} @key(fields: "id") { id: ID! name: String size: Int next: Thing${next} }`,
      `type Thing${(at + 1) % size} @key(fields: "id") { id: ID! extra: String }`,
    );
  }
  return `${LINK}type Query { ${roots.join(' ')} } ${types.join('\n')}`;
}

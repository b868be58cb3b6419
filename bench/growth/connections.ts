import { DOCUMENTS } from '../subgraphs/composeGraph.ts';
import type { Series } from './Series.ts';

/** Clients at the same time, each over a connection of its own that it keeps. */
export const connections: Series = {
  name: 'connections',
  title: 'Connections of clients',
  axis: 'connections',
  sizes: [1, 10, 100, 1000, 10_000],
  connections: (size) => size,
  graph: () => ({ documents: DOCUMENTS, query: '{ me { id name } }' }),
  figures: [
    { key: 'bare', title: 'CPU µs of `{ __typename }`' },
    { key: 'cpu', title: 'CPU µs of `{ me { id name } }`, shared in flight' },
    { key: 'connection', title: 'kB of an idle connection' },
    { key: 'peak', title: 'peak MB' },
  ],
  plots: [
    { unit: 'CPU µs a request', figures: ['bare', 'cpu'] },
    { unit: 'kB of an idle connection', figures: ['connection'] },
  ],
};

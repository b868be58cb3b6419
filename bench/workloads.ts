/** What is asked, how often and of whom: the letters of the tables. */

export interface Workload {
  readonly letter: string;
  readonly title: string;
  readonly body: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> };
  /** What changes from request to request: see load/load.lua. */
  readonly mode: 'same' | 'rotate' | 'fresh' | 'vary';
  readonly connections: number;
}

/** The public benchmark's query, its operation under a name of our own. */
const HEAVY = `fragment User on User { id username name }
fragment Review on Review { id body }
fragment Product on Product { inStock name price shippingEstimate upc weight }
query Heavy {
  users { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } }
  topProducts { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
}`;

const MANY = 50;

export const WORKLOADS: readonly Workload[] = [
  { letter: 'A', title: 'heavy query', body: { query: HEAVY }, mode: 'same', connections: MANY },
  { letter: 'A@1', title: 'heavy query', body: { query: HEAVY }, mode: 'same', connections: 1 },
  {
    letter: 'B',
    title: 'one field of one subgraph',
    body: { query: '{ me { id name } }' },
    mode: 'same',
    connections: MANY,
  },
  {
    letter: 'B@1',
    title: 'one field of one subgraph',
    body: { query: '{ me { id name } }' },
    mode: 'same',
    connections: 1,
  },
  {
    letter: 'C',
    title: 'two subgraphs',
    body: { query: '{ users { id name reviews { id body } } }' },
    mode: 'same',
    connections: MANY,
  },
  {
    letter: 'C@1',
    title: 'two subgraphs',
    body: { query: '{ users { id name reviews { id body } } }' },
    mode: 'same',
    connections: 1,
  },
  { letter: 'D', title: 'heavy query under 1,000 names', body: { query: HEAVY }, mode: 'rotate', connections: MANY },
  { letter: 'E', title: 'heavy query, a new name each time', body: { query: HEAVY }, mode: 'fresh', connections: MANY },
  {
    letter: 'F',
    title: 'heavy query, other variables each time',
    body: {
      query: HEAVY.replace('query Heavy {', 'query Heavy($tag: ID!) { user(id: $tag) { id }'),
      variables: { tag: '@@@@@@@@' },
    },
    mode: 'vary',
    connections: MANY,
  },
  {
    letter: 'G',
    title: 'a mutation',
    body: { query: 'mutation { rename(id: "1", name: "Ada") { id name reviews { id } } }' },
    mode: 'same',
    connections: MANY,
  },
];

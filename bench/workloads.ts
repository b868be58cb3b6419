/** What is asked, how often and of whom: the letters of the tables. */
import { DEMO_QUERY } from './scenes/demoAnswer.ts';
import type { SceneName } from './scenes/Scene.ts';

export interface Workload {
  readonly letter: string;
  readonly title: string;
  readonly scene: SceneName;
  readonly body: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> };
  /** What changes from request to request: see load/load.lua; `events` is a subscription, counted by delivered event. */
  readonly mode: 'same' | 'rotate' | 'fresh' | 'vary' | 'events';
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

const SHOP: readonly Omit<Workload, 'scene'>[] = [
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

/** Name and price of what each event is about are another subgraph's. */
export const EVENTS_QUERY = 'subscription { ticked { number product { upc name price } } }';

export const WORKLOADS: readonly Workload[] = [
  ...SHOP.map((workload) => ({ ...workload, scene: 'shop' as const })),
  {
    letter: 'H',
    title: '1,000 entities over five subgraphs',
    scene: 'entities',
    body: {
      query: '{ items(first: 1000) { id name cents currency quantity isReserved stars votes seller { name city } } }',
    },
    mode: 'same',
    connections: MANY,
  },
  {
    letter: 'I',
    title: 'a subscription with a joined field, figures of one delivered event',
    scene: 'events',
    body: { query: EVENTS_QUERY },
    mode: 'events',
    connections: 1000,
  },
  {
    letter: 'J',
    title: 'four kinds of source (GraphQL with and without federation, REST, gRPC)',
    scene: 'demo',
    body: { query: DEMO_QUERY },
    mode: 'same',
    connections: MANY,
  },
];

/** What does it cost to find out that entities are the same, and that requests are? */
import { createFlights } from '../../src/sources/createFlights.ts';
import type { Document } from '../subgraphs/composeGraph.ts';
import { createSynthetic } from '../subgraphs/createSynthetic.ts';
import { type Case, compareCases } from './compareCases.ts';
import { answered, createSetting } from './createSetting.ts';
import { recollect } from './representations.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable"])\n';
const OBJECTS = 1000;

/** How the objects of a list are known to the second subgraph: a key with its fields. */
const KEYS: Readonly<Record<string, readonly [key: string, fields: string]>> = {
  'by one scalar': ['id', 'id: ID!'],
  'by three scalars': ['id shop number', 'id: ID! shop: String! number: Int!'],
  'by an object in it': ['owner { id }', 'owner: Owner! @shareable'],
};

export default async function dedupe(): Promise<string> {
  const collecting: Case[] = [];
  for (const [name, [key, fields]] of Object.entries(KEYS))
    for (const different of [OBJECTS, 10])
      collecting.push({
        name: `${OBJECTS} objects, ${different} different ${name}`,
        run: await collecting1000(key, fields, different),
        count: OBJECTS,
      });
  const entities = await compareCases(`Equal entities, for each of ${OBJECTS}`, collecting);
  return `${entities}\n\n${await sharing()}`;
}

function documentsOf(key: string, fields: string): readonly Document[] {
  const owner = 'type Owner { id: ID! @shareable }';
  const list = 'type Query { items(first: Int!, different: Int): [Item!]! }';
  // Beside the key an id of its own, from which the first subgraph makes up all else.
  const item = fields.startsWith('id') ? fields : `id: ID! ${fields}`;
  return [
    { name: 'items', sdl: `${LINK}${list} ${owner} type Item @key(fields: "${key}") { ${item} }` },
    { name: 'prices', sdl: `${LINK}${owner} type Item @key(fields: "${key}") { ${fields} price: Int }` },
  ];
}

async function collecting1000(key: string, fields: string, different: number): Promise<() => number> {
  const documents = documentsOf(key, fields);
  const answers = new Map(documents.map(({ name, sdl }) => [name, createSynthetic(sdl)]));
  const setting = createSetting(documents, (subgraph, body) => answers.get(subgraph)?.of(body) ?? '{}');
  const { operation, run } = await answered(setting, `{ items(first: ${OBJECTS}, different: ${different}) { price } }`);
  const call = operation.plan.calls.find(({ lookup }) => lookup !== null);
  const collector = call && operation.collectors.get(call);
  const state = run.calls[call?.id ?? -1];
  if (collector === undefined || state === undefined) throw new Error('The plan looks no entity up.');
  const collect = () => recollect(state, () => collector(run));
  if (collect() !== different) throw new Error(`Expected ${different} representations, got ${collect()}.`);
  return collect;
}

/** Requests under way: each is answered in a later turn, as by a network. */
function sharing(): Promise<string> {
  const flights = createFlights();
  const send = () => Promise.resolve(1);
  const key = `http://127.0.0.1:4001/\n{}\n${'{"query":"{ me { id } }"}'.repeat(20)}`;
  const signal = new AbortController().signal;
  const many = Array.from({ length: 50 });
  return compareCases('Equal requests under way, for each of 50', [
    { name: 'each by itself', count: 50, run: () => Promise.all(many.map(send)) },
    { name: 'joined', count: 50, run: () => Promise.all(many.map(() => flights.join(key, send))) },
    {
      name: 'joined, by clients that can leave',
      count: 50,
      run: () => Promise.all(many.map(() => flights.join(key, send, signal))),
    },
  ]);
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SourceContext } from '../../src/execute/Source.ts';
import { createRandom, type Random } from '../oracle/random.ts';
import { type Backend, openShop } from './support/openShop.ts';

const PRODUCTS = `type Query { product(upc: ID!): Product products: [Product] }
type Mutation { rename(upc: ID!, n: Int): Product restock(upc: ID!, n: Int): Result }
type Result { product: Product }
type Product @key(fields: "upc") { upc: ID! name: Int }`;
const REVIEWS = `type Query { best: Product } type Mutation { review(upc: ID!, n: Int): Product }
type Product @key(fields: "upc") { upc: ID! stars: Int mine: String }`;
const UPCS = ['1', '2', '3', '4'];
const USERS = ['ann', 'bob', undefined];
const TTL = 10_000;

/** One value of a backend through time. */
interface Datum {
  version: number;
  /** By version: when it was written. */
  readonly written: number[];
  /** The version when it was invalidated last: nothing older may be seen by who asks after that. */
  floor: number;
}

interface Answer {
  readonly product?: Item | null;
  readonly products?: readonly Item[];
  readonly best?: Item;
}

interface Item {
  readonly upc: string;
  readonly name?: number;
  readonly stars?: number;
  readonly mine?: string;
}

/** A world of backends, what a gateway answers of it, and what it may answer. */
function createWorld(random: Random, whole: boolean) {
  let time = 1_000_000;
  const datum = (): Datum => ({ version: 0, written: [time], floor: 0 });
  const names = new Map(UPCS.map((upc) => [upc, datum()]));
  const stars = new Map(UPCS.map((upc) => [upc, datum()]));
  const of = (data: ReadonlyMap<string, Datum>, upc: string) => data.get(upc) as Datum;
  const write = (data: ReadonlyMap<string, Datum>, upc: string): void => {
    const written = of(data, upc);
    written.version += 1;
    written.written[written.version] = time;
  };
  let lastNumber = 0;
  const wait = async () => {
    for (let turns = random.int(0, 3); turns > 0; turns -= 1) await new Promise(setImmediate);
  };
  const product = (upc: string) => ({ upc, name: of(names, upc).version });
  /** The version that each mutation has written, by its number. */
  const wrote = new Map<number, number>();
  const change = (data: ReadonlyMap<string, Datum>, { upc, n }: Change) => {
    write(data, upc);
    wrote.set(n, of(data, upc).version);
    return product(upc);
  };
  const review = (upc: string, { headers }: SourceContext) => ({
    upc,
    stars: of(stars, upc).version,
    mine: String(headers.get('authorization')),
  });
  const backends: Record<string, Backend> = {
    products: {
      sdl: PRODUCTS,
      before: wait,
      after: wait,
      roots: {
        product: ({ upc }: { upc: string }) => product(upc),
        products: () => UPCS.map(product),
        rename: (args: Change) => change(names, args),
        restock: (args: Change) => ({ product: change(names, args) }),
      },
      entity: ({ upc }) => product(String(upc)),
    },
    reviews: {
      sdl: REVIEWS,
      before: wait,
      after: wait,
      roots: {
        best: (_args: unknown, context: SourceContext) => review('1', context),
        review: (args: Change) => change(stars, args),
      },
      entity: ({ upc }, context) => review(String(upc), context),
    },
  };
  const shop = openShop(backends, { policy: { ttl: TTL }, sees: ['authorization'], now: () => time, whole });
  const check = (data: ReadonlyMap<string, Datum>, item: Item, seen: number, asked: Asked): void => {
    const { written } = of(data, item.upc);
    const floor = (data === names ? asked.names : asked.stars).get(item.upc) as number;
    assert.ok(seen >= floor, `${item.upc}: version ${seen} was invalidated, ${floor} was the oldest that may be seen`);
    const replaced = written[seen + 1] ?? Number.POSITIVE_INFINITY;
    assert.ok(replaced > asked.time - TTL, `${item.upc}: version ${seen} was replaced ${asked.time - replaced} ms ago`);
  };
  const floors = (data: ReadonlyMap<string, Datum>) => new Map([...data].map(([upc, { floor }]) => [upc, floor]));
  const raise = (data: ReadonlyMap<string, Datum>, upc: string, to: number): void => {
    const { floor } = of(data, upc);
    of(data, upc).floor = Math.max(floor, to);
  };
  return {
    shop,
    async step(by: number) {
      await wait();
      time += by;
    },
    /** Behind the gateway's back: only time makes it known. */
    writeDirectly: (upc: string) => write(random.chance(0.5) ? names : stars, upc),
    async read(query: string, user: string | undefined, variables: Readonly<Record<string, unknown>>) {
      const asked: Asked = { time, names: floors(names), stars: floors(stars) };
      const headers = user === undefined ? {} : { authorization: user };
      const answer = (await shop.ask(query, { headers, variables })) as Answer;
      const items = [answer.product, answer.best, ...(answer.products ?? [])].filter((item) => item != null);
      assert.ok(items.length > 0, JSON.stringify(answer));
      for (const item of items) {
        if (item.name !== undefined) check(names, item, item.name, asked);
        if (item.stars !== undefined) check(stars, item, item.stars, asked);
        if (item.mine !== undefined) assert.equal(item.mine, String(user ?? null));
      }
    },
    async mutate(upc: string) {
      const field = random.pick(['rename', 'restock', 'review']);
      const selection = field === 'restock' ? '{ product { upc name } }' : random.chance(0.5) ? '{ upc }' : '{ name }';
      lastNumber += 1;
      const n = lastNumber;
      await shop.ask(`mutation ($upc: ID!, $n: Int) { ${field}(upc: $upc, n: $n) ${selection} }`, {
        variables: { upc, n },
      });
      raise(field === 'review' ? stars : names, upc, wrote.get(n) as number);
    },
    async invalidate() {
      const versions = [names, stars].map((data) => new Map([...data].map(([upc, { version }]) => [upc, version])));
      const isNames = random.chance(0.5);
      await shop.cache.invalidate([isNames ? 'subgraph:products' : 'subgraph:reviews']);
      const [data, seen] = isNames ? [names, versions[0]] : [stars, versions[1]];
      for (const [upc, version] of seen ?? []) raise(data, upc, version);
    },
  };
}

interface Change {
  readonly upc: string;
  readonly n: number;
}

interface Asked {
  readonly time: number;
  readonly names: ReadonlyMap<string, number>;
  readonly stars: ReadonlyMap<string, number>;
}

const QUERIES = [
  'query ($upc: ID!) { product(upc: $upc) { upc name } }',
  'query ($upc: ID!) { product(upc: $upc) { upc name stars } }',
  'query ($upc: ID!) { product(upc: $upc) { upc stars mine } }',
  '{ products { upc name } }',
  '{ products { upc stars } }',
  '{ products { upc name stars mine } }',
  '{ best { upc name } }',
  '{ best { upc name stars mine } products { upc stars } }',
];

describe('a random sequence of reads, writes, invalidations and steps of the clock', { timeout: 60_000 }, () => {
  for (const whole of [false, true])
    for (let seed = 1; seed <= 12; seed += 1)
      it(`never gives an answer that is too old, or somebody else's (${whole ? 'whole answers' : 'parts'}, ${seed})`, async () => {
        const random = createRandom(seed);
        const world = createWorld(random, whole);
        for (let round = 0; round < 120; round += 1) {
          const acts: Promise<unknown>[] = [];
          for (let n = random.int(1, 5); n > 0; n -= 1) {
            const upc = random.pick(UPCS);
            const act = random.int(0, 19);
            if (act < 13) acts.push(world.read(random.pick(QUERIES), random.pick(USERS), { upc }));
            else if (act < 15) world.writeDirectly(upc);
            else if (act < 17) acts.push(world.mutate(upc));
            else if (act < 18) acts.push(world.invalidate());
            else acts.push(world.step(random.int(1, 4_000)));
          }
          await Promise.all(acts);
        }
        assert.ok(world.shop.sent.length > 100);
      });
});

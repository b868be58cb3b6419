import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { percentile } from '../results/percentile.ts';
import { products } from '../subgraphs/data.ts';
import type { Driver } from './Driver.ts';
import { openSubscriber, type Subscriber } from './openSubscriber.ts';

export interface Events {
  /** `ws://…` of the gateway. */
  readonly url: string;
  readonly query: string;
  /** Where the subgraph is told to push. */
  readonly source: string;
  readonly clients: number;
}

/** Connections that are opened at the same time. */
const AT_ONCE = 50;
/** Milliseconds until an event is taken for lost. */
const PATIENCE = 10_000;

/** A subscription of many clients. The loop is closed: an event is pushed when every client has the one before. */
export function eventDriver(events: Events): Driver {
  let many: Promise<readonly Subscriber[]> | undefined;
  return {
    async ask() {
      const one = await open(events, 1);
      await settleSubscribers(events.source);
      const [latency] = await pushTo(one, events);
      await close(one);
      if (latency === undefined) throw new Error('The event did not arrive.');
      return latency;
    },
    async load(seconds) {
      many ??= open(events, events.clients).then(async (clients) => {
        await settleSubscribers(events.source);
        return clients;
      });
      const clients = await many;
      const begun = performance.now();
      const latencies: number[] = [];
      let pushed = 0;
      while (performance.now() - begun < seconds * 1000) {
        latencies.push(...(await pushTo(clients, events)));
        pushed += clients.length;
      }
      const microseconds = (performance.now() - begun) * 1000;
      const [p50, p99] = [percentile(latencies, 50) * 1000, percentile(latencies, 99) * 1000];
      return { requests: latencies.length, unanswered: 0, microseconds, p50, p99, errors: pushed - latencies.length };
    },
    async close() {
      if (many !== undefined) await close(await many.catch(() => []));
    },
  };
}

async function open({ url, query }: Events, count: number): Promise<readonly Subscriber[]> {
  const clients: Subscriber[] = [];
  while (clients.length < count) {
    const next = Array.from({ length: Math.min(AT_ONCE, count - clients.length) }, () => openSubscriber(url, query));
    clients.push(...(await Promise.all(next)));
  }
  return clients;
}

async function close(clients: readonly Subscriber[]): Promise<void> {
  await Promise.all(clients.map((client) => client.close()));
}

/** A gateway may share one upstream subscription, so that none is counted on: their number has to stay for a while. */
async function settleSubscribers(source: string): Promise<void> {
  const count = async () => Number(await (await fetch(`${source}/subscribers`)).text());
  const latest = performance.now() + PATIENCE;
  for (let last = 0, same = 0; same < 5; ) {
    if (performance.now() > latest) throw new Error('Nobody subscribed to the subgraph.');
    await wait(20);
    const now = await count();
    same = now === last && now > 0 ? same + 1 : 0;
    last = now;
  }
}

/** Milliseconds from the push to each client that got this event; whoever got another one, or nothing, is left out. */
async function pushTo(clients: readonly Subscriber[], { source }: Events): Promise<readonly number[]> {
  const latencies: number[] = [];
  const begun = performance.now();
  const arrived = Promise.all(
    clients.map(async (client) => {
      const text = await client.next(PATIENCE);
      if (text !== undefined) latencies.push(performance.now() - begun);
      return text;
    }),
  );
  const number = Number(await (await fetch(`${source}/push`, { method: 'POST' })).text());
  const { upc = '', name, price } = products[number % products.length] ?? {};
  const expected = { data: { ticked: { number, product: { upc, name, price } } } };
  const texts = await arrived;
  for (const text of new Set(texts)) {
    const payload = text === undefined ? undefined : (JSON.parse(text) as { readonly payload: unknown }).payload;
    if (payload !== undefined && !isDeepStrictEqual(payload, expected))
      throw new Error(`The event is another one: ${JSON.stringify(payload).slice(0, 200)}`);
  }
  return latencies;
}

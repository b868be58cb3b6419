/** What does an answer cost that is remembered, as a whole or by its parts, beside the least that any server of Node can do? Time of the server's processor, over HTTP. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { median } from '../results/median.ts';

const KINDS = [
  ['floor', 'node:http alone'],
  ['floor-read', 'node:http that reads the body and tells the same headers'],
  ['hit', 'a whole answer'],
  ['parts', 'all of its parts'],
  ['off', 'nothing remembered, a subgraph in the process'],
] as const;
const ROUNDS = 9;
const WARM_UP = 20_000;
const REQUESTS = 3_000;
const CONNECTIONS = 8;

interface Server {
  readonly child: ChildProcess;
  readonly url: URL;
  readonly times: number[];
}

export default async function cacheHits(): Promise<string> {
  const servers = new Map<string, Server>();
  for (const [kind] of KINDS) servers.set(kind, await start(kind));
  // Until V8 has learned.
  for (const { url } of servers.values()) await load(url, WARM_UP);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const { child, url, times } of servers.values()) {
      const before = await cpuOf(child);
      await load(url, REQUESTS);
      times.push(((await cpuOf(child)) - before) / REQUESTS);
    }
  for (const { child } of servers.values()) child.kill();
  const floor = median(servers.get('floor')?.times ?? []);
  const lines = KINDS.map(([kind, name]) => {
    const time = median(servers.get(kind)?.times ?? []);
    return `| ${name} | ${time.toFixed(1)} | ${(time / floor).toFixed(2)} |`;
  });
  return ['| 20 products, 0.9 KB | µs | times the floor |', '|---|---|---|', ...lines].join('\n');
}

async function start(kind: string): Promise<Server> {
  const child = fork(fileURLToPath(new URL('./cacheServer.ts', import.meta.url)), [kind]);
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { child, url: new URL(url), times: [] };
}

async function cpuOf(child: ChildProcess): Promise<number> {
  child.send('cpu');
  const [{ cpu }] = (await once(child, 'message')) as [{ cpu: number }];
  return cpu;
}

/** Bytes over plain sockets: a client that costs little leaves the processor to the server. */
async function load({ port, pathname, host }: URL, requests: number): Promise<void> {
  const body = JSON.stringify({ query: '{ products { upc name price } }' });
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\n`;
  const request = `${head}content-length: ${body.length}\r\n\r\n${body}`;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect(Number(port), '127.0.0.1');
      await once(socket, 'connect');
      for (let n = 0; n < requests / CONNECTIONS; n += 1) {
        socket.write(request);
        let text = '';
        while (!text.endsWith(']}}')) text += String(((await once(socket, 'data')) as [Buffer])[0]);
      }
      socket.destroy();
    }),
  );
}

/** What does our HTTP client cost beside the one that it is made of, and beside `fetch`? CPU time of this process, 32 requests at a time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, Pool, request } from 'undici';
import { createHttpClient } from '../../src/upstream/createHttpClient.ts';
import { LOAD_CORE } from '../measure/cores.ts';
import { startServer } from '../measure/startServer.ts';
import { compareCases } from './compareCases.ts';

const PORT = 4600;
const AT_ONCE = 32;
/** Bytes of an answer. */
const SIZES = [200, 20_000];

export default async function upstream(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'weft-micro-'));
  const tables: string[] = [];
  try {
    for (const size of SIZES) {
      const answer = join(folder, 'answer.json');
      writeFileSync(answer, JSON.stringify({ data: 'x'.repeat(size) }));
      const server = await startServer({
        command: [process.execPath, fileURLToPath(new URL('../floors/constant.ts', import.meta.url))],
        env: { PORT: String(PORT), ANSWER: answer },
        core: LOAD_CORE,
        log: join(folder, 'server.log'),
        isReady: async () => (await fetch(`http://127.0.0.1:${PORT}/`)).ok,
      });
      try {
        tables.push(await compareClients(`One request, ${size} bytes back`));
      } finally {
        await server.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return tables.join('\n\n');
}

async function compareClients(title: string): Promise<string> {
  const origin = `http://127.0.0.1:${PORT}`;
  const http = createHttpClient();
  const agent = new Agent({ connections: 64, pipelining: 1 });
  const pool = new Pool(origin, { connections: 64, pipelining: 1 });
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const method = 'POST';
  const body = JSON.stringify({ query: '{ me { id name } }' });
  const together = (send: () => Promise<unknown>) => () => Promise.all(Array.from({ length: AT_ONCE }, send));
  const post = { subgraph: 'one', url: `${origin}/graphql`, method, headers, body, timeout: 30_000 } as const;
  const cases = {
    createHttpClient: () => http.request(post),
    'undici Pool.request': async () => (await pool.request({ path: '/graphql', method, headers, body })).body.bytes(),
    'undici request': async () =>
      (await request(`${origin}/graphql`, { method, headers, body, dispatcher: agent })).body.bytes(),
    fetch: async () => (await fetch(`${origin}/graphql`, { method, headers, body })).arrayBuffer(),
  };
  try {
    return await compareCases(
      title,
      Object.entries(cases).map(([name, send]) => ({ name, count: AT_ONCE, run: together(send) })),
      { clock: 'cpu', round: 200 },
    );
  } finally {
    await Promise.all([http.close(), agent.destroy(), pool.destroy()]);
  }
}

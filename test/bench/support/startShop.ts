import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Pool } from 'undici';
import { composeGraph, DOCUMENTS } from '../../../bench/subgraphs/composeGraph.ts';
import { createGateway } from '../../../src/index.ts';

export interface Answer {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: { readonly plan?: string };
}

export interface Shop extends AsyncDisposable {
  /** Asks the gateway over HTTP; throws where the answer has errors. */
  ask(body: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Names of the subgraphs that were asked since the last time, in the order in which requests came. */
  asked(): Promise<readonly string[]>;
}

/** A gateway over the benchmark's subgraphs, in this thread; they are in another. */
export async function startShop(): Promise<Shop> {
  const worker = new Worker(new URL('./serveShop.ts', import.meta.url));
  const [port] = (await once(worker, 'message')) as [number];
  const folder = mkdtempSync(join(tmpdir(), 'weft-counts-'));
  const supergraph = join(folder, 'supergraph.graphql');
  writeFileSync(supergraph, composeGraph(DOCUMENTS, `http://127.0.0.1:${port}`));
  const log = { info() {}, warn: console.error, error: console.error };
  const gateway = await createGateway({ supergraph, port: 0, expose_plan: true, log });
  const { url } = await gateway.listen();
  const pool = new Pool(new URL(url).origin, { connections: 16 });
  return {
    async ask(body, headers = {}) {
      const { body: reply } = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      const answer = (await reply.json()) as Answer;
      if (answer.errors !== undefined) throw new Error(`The gateway answers errors: ${JSON.stringify(answer.errors)}`);
      return answer;
    },
    async asked() {
      worker.postMessage('asked');
      return ((await once(worker, 'message')) as [string[]])[0];
    },
    async [Symbol.asyncDispose]() {
      await pool.close();
      await gateway.close();
      await worker.terminate();
      rmSync(folder, { recursive: true });
    },
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Workload } from '../workloads.ts';

export interface MixedLoad {
  /** Runs `work` while no request is under way. */
  pause<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<Counts>;
}

export interface Counts {
  readonly answered: number;
  /** Clients that left before their answer was complete. */
  readonly left: number;
  /** The first few of the answers with errors, and of failures. */
  readonly failures: readonly string[];
}

export interface MixedLoadOptions {
  readonly url: string;
  readonly workloads: readonly Workload[];
  readonly connections: number;
}

/** One client in so many leaves, after so many milliseconds at most. */
const LEAVES = 50;
const PATIENCE = 8;
const NAMES = 1000;
const MOST_FAILURES = 5;

/** Clients that ask one workload after the other, each as soon as it has its answer. */
export function startMixedLoad({ url, workloads, connections }: MixedLoadOptions): MixedLoad {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections });
  const counts = { answered: 0, left: 0, failures: [] as string[] };
  let asked = 0;
  let isOver = false;
  let underWay = 0;
  let gate: Promise<void> | undefined;

  const ask = async (n: number): Promise<void> => {
    const isLeaving = n % LEAVES === 0;
    const signal = isLeaving ? AbortSignal.timeout(1 + ((n / LEAVES) % PATIENCE)) : null;
    try {
      const { statusCode, body } = await pool.request({
        path: pathname,
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: bodyOf(workloads[n % workloads.length] as Workload, n),
        signal,
      });
      const text = await body.text();
      counts.answered += 1;
      if (statusCode === 200 && text.startsWith('{"data"')) return;
      if (counts.failures.length < MOST_FAILURES) counts.failures.push(`${statusCode} ${text.slice(0, 200)}`);
    } catch (error) {
      if (isLeaving) counts.left += 1;
      else if (counts.failures.length < MOST_FAILURES) counts.failures.push(String(error));
    }
  };
  const client = async (): Promise<void> => {
    while (!isOver) {
      await gate;
      underWay += 1;
      await ask(asked++);
      underWay -= 1;
    }
  };
  const clients = Array.from({ length: connections }, client);
  return {
    async pause(work) {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      while (underWay > 0) await wait(5);
      // What clients left behind is under way between gateway and subgraphs.
      await wait(200);
      try {
        return await work();
      } finally {
        gate = undefined;
        resolve();
      }
    },
    async stop() {
      isOver = true;
      await Promise.all(clients);
      await pool.close();
      return counts;
    },
  };
}

/** The n-th request of a workload: what its mode changes is as load.lua would have it. */
function bodyOf({ body, mode }: Workload, n: number): string {
  const text = JSON.stringify(body);
  if (mode === 'rotate') return text.replace('query Heavy', `query Heavy_${n % NAMES}`);
  if (mode === 'fresh') return text.replace('query Heavy', `query Heavy_fresh_${n}`);
  return mode === 'vary' ? text.replace('@@@@@@@@', String(n).padStart(8, '0')) : text;
}

import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Gateway } from '../gateways.ts';
import type { Workload } from '../workloads.ts';
import { cpuTime, forgetPeak, peakMemory, processTree } from './processTree.ts';
import { runLoad } from './runLoad.ts';
import { startServer } from './startServer.ts';

export interface Measured {
  readonly gateway: string;
  readonly letter: string;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of CPU time of the whole process tree a request. */
  readonly cpu: number;
  /** MB. */
  readonly peak: number;
  /** Requests to subgraphs for one request of a client. */
  readonly upstream: number;
  /** Milliseconds from the start to the first answer. */
  readonly started: number;
  /** Milliseconds of the first answer to this workload. */
  readonly first: number;
}

export interface Setting {
  readonly url: string;
  readonly subgraphs: string;
  readonly bodyFile: string;
  readonly expected: unknown;
  readonly warmUp: number;
  readonly seconds: number;
  readonly log: string;
}

export const GATEWAY_CORE = 0;
export const LOAD_CORE = 1;

/** Starts a gateway, checks its answer, warms it up, and measures it; the answer is checked again in the end. */
export async function measure(gateway: Gateway, workload: Workload, setting: Setting): Promise<Measured> {
  const { url, subgraphs, bodyFile, expected, warmUp, seconds, log } = setting;
  const server = await startServer({
    ...gateway,
    core: GATEWAY_CORE,
    log,
    isReady: async () => (await ask(url, '{"query":"{ __typename }"}')).data !== undefined,
  });
  try {
    const body = JSON.stringify(workload.body);
    const check = async () => {
      const answer = await ask(url, body);
      if (!isDeepStrictEqual(answer, expected))
        throw new Error(
          `${gateway.name} answers ${workload.letter} otherwise: ${JSON.stringify(answer).slice(0, 300)}`,
        );
    };
    const begun = performance.now();
    await check();
    const first = performance.now() - begun;
    const load = { url, bodyFile, mode: workload.mode, connections: workload.connections, core: LOAD_CORE };
    await runLoad({ ...load, seconds: warmUp });
    const pids = processTree(server.child.pid as number);
    await settle(pids);
    forgetPeak(pids);
    await fetch(`${subgraphs}/reset`);
    const before = cpuTime(pids);
    const loaded = await runLoad({ ...load, seconds });
    await settle(pids);
    const cpu = (cpuTime(pids) - before) / loaded.requests;
    const counts = (await (await fetch(`${subgraphs}/stats`)).json()) as Record<string, number>;
    if (loaded.errors > 0) throw new Error(`${gateway.name} failed ${loaded.errors} requests of ${workload.letter}.`);
    await check();
    return {
      gateway: gateway.name,
      letter: workload.letter,
      requestsPerSecond: (loaded.requests / loaded.microseconds) * 1e6,
      p50: loaded.p50 / 1000,
      p99: loaded.p99 / 1000,
      cpu,
      peak: peakMemory(pids),
      upstream: Object.values(counts).reduce((sum, one) => sum + one, 0) / loaded.requests,
      started: server.started,
      first,
    };
  } finally {
    await server.stop();
  }
}

async function ask(url: string, body: string): Promise<{ readonly data?: unknown }> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return (await response.json()) as { readonly data?: unknown };
}

/** What is still under way when the load ends is work for it, too. */
async function settle(pids: readonly number[]): Promise<void> {
  for (let n = 0; n < 25; n += 1) {
    const before = cpuTime(pids);
    await wait(200);
    if (cpuTime(pids) - before < 20_000) return;
  }
}

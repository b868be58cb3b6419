import { setTimeout as wait } from 'node:timers/promises';
import type { Gateway, Place } from '../gateways/Gateway.ts';
import type { Driver, Loaded } from '../load/Driver.ts';
import { postJson } from '../load/requestDriver.ts';
import { GATEWAY_CORE } from './cores.ts';
import { busyTime, otherWork } from './otherWork.ts';
import { cpuTime, forgetPeak, memory, processTree } from './processTree.ts';
import { startServer } from './startServer.ts';

export interface Measured {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of CPU time of the whole process tree a request. */
  readonly cpu: number;
  /** MB. */
  readonly peak: number;
  /** MB after the start, before this workload was asked. */
  readonly idle: number;
  /** Requests to subgraphs for one request of a client, under load. */
  readonly upstream: number;
  /** The same of one request at a time. */
  readonly alone: number;
  /** Milliseconds from the start to the first answer. */
  readonly started: number;
  /** Milliseconds of the first answer to this workload. */
  readonly first: number;
  /** Percent of the gateway's core that others had meanwhile. */
  readonly other: number;
}

export interface Setting {
  readonly url: string;
  readonly warmUp: number;
  readonly seconds: number;
  readonly log: string;
}

/** Times that a client asks alone, one after the other. */
const ALONE = 5;

/** Starts a gateway, checks its answer, warms it up, and measures it; the answer is checked again in the end. */
export async function measure(gateway: Gateway, place: Place, driver: Driver, setting: Setting): Promise<Measured> {
  const { url, warmUp, seconds, log } = setting;
  const server = await startServer({
    ...gateway.start(place),
    core: GATEWAY_CORE,
    log,
    isReady: async () => (await postJson(url, '{"query":"{ __typename }"}', gateway.headers)).data !== undefined,
  });
  try {
    const pids = () => processTree(server.child.pid as number);
    const idle = memory(pids(), 'VmRSS');
    const first = await driver.ask();
    const alone = await countAlone(driver, place.scene.control);
    await driver.load(warmUp);
    const { loaded, ...costs } = await measureLoad(pids(), driver, place.scene.control, seconds);
    if (loaded.errors > 0) throw new Error(`${loaded.errors} requests failed.`);
    await driver.ask();
    return {
      ...costs,
      requestsPerSecond: (loaded.requests / loaded.microseconds) * 1e6,
      p50: loaded.p50 / 1000,
      p99: loaded.p99 / 1000,
      peak: memory(pids(), 'VmHWM'),
      idle,
      alone,
      started: server.started,
      first,
    };
  } finally {
    await driver.close();
    await server.stop();
  }
}

async function countAlone(driver: Driver, control: string): Promise<number> {
  await fetch(`${control}/reset`);
  for (let n = 0; n < ALONE; n += 1) await driver.ask();
  return (await countRequests(control)) / ALONE;
}

interface Costs extends Pick<Measured, 'cpu' | 'upstream' | 'other'> {
  readonly loaded: Loaded;
}

async function measureLoad(pids: readonly number[], driver: Driver, control: string, seconds: number): Promise<Costs> {
  await settle(pids);
  forgetPeak(pids);
  await fetch(`${control}/reset`);
  const [begun, busy, before] = [performance.now(), busyTime(GATEWAY_CORE), cpuTime(pids)];
  const loaded = await driver.load(seconds);
  await settle(pids);
  const own = cpuTime(pids) - before;
  const other = otherWork(busyTime(GATEWAY_CORE) - busy, own, (performance.now() - begun) * 1000);
  if (loaded.requests === 0) throw new Error(`Nothing was answered within ${seconds} s.`);
  const asked = loaded.requests + loaded.unanswered;
  return { loaded, cpu: own / asked, upstream: (await countRequests(control)) / asked, other };
}

async function countRequests(control: string): Promise<number> {
  const counts = (await (await fetch(`${control}/stats`)).json()) as Record<string, number>;
  return Object.values(counts).reduce((sum, one) => sum + one, 0);
}

/** What is still under way when the load ends is work for it, too. */
async function settle(pids: readonly number[]): Promise<void> {
  for (let n = 0; n < 25; n += 1) {
    const before = cpuTime(pids);
    await wait(200);
    if (cpuTime(pids) - before < 20_000) return;
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from './openClient.ts';
import { openClient } from './openClient.ts';

export interface Paced {
  /** Milliseconds from the sending to the end of the answer. */
  readonly latencies: readonly number[];
  /** Milliseconds that requests were sent after they were due. */
  readonly lateness: readonly number[];
  readonly failures: number;
}

export interface PacedOptions {
  readonly url: string;
  /** The body of the n-th request. */
  readonly body: (n: number) => string;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** Answers that are waited for at the same time; beyond it the gateway is not keeping up, and requests count as failed. */
const MOST_OPEN = 500;
/** Seconds at the beginning that do not count: connections are opened, and the driver itself is slow at first. */
const UNCOUNTED = 1;

/** Sends requests at a steady rate, whether or not earlier ones have been answered: what is slow makes others wait, as for real clients. */
export async function drivePaced({ url, body, rate, seconds }: PacedOptions): Promise<Paced> {
  const idle: Client[] = [];
  const latencies: number[] = [];
  const lateness: number[] = [];
  let failures = 0;
  let open = 0;
  const send = async (n: number): Promise<void> => {
    const isCounted = n >= rate * UNCOUNTED;
    open += 1;
    const client = idle.pop() ?? openClient(url);
    const begun = performance.now();
    try {
      await client.post(body(n));
      if (isCounted) latencies.push(performance.now() - begun);
      idle.push(client);
    } catch {
      if (isCounted) failures += 1;
    }
    open -= 1;
  };
  const begun = performance.now();
  const count = Math.round(rate * (UNCOUNTED + seconds));
  for (let n = 0; n < count; ) {
    const now = performance.now() - begun;
    for (; n < count && (n / rate) * 1000 <= now; n += 1) {
      const isCounted = n >= rate * UNCOUNTED;
      if (isCounted) lateness.push(now - (n / rate) * 1000);
      if (open < MOST_OPEN) void send(n);
      else if (isCounted) failures += 1;
    }
    await wait(1);
  }
  while (open > 0) await wait(5);
  for (const client of idle) client.close();
  return { latencies, lateness, failures };
}

/**
 * `npm run bench:latency`: how long do clients wait at half of the load that saturates the gateway? `--only A,F,B`, `--seconds 10`,
 * `--warm-up 3`, `--write` for bench/results.md.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Loaded } from '../load/Driver.ts';
import { type Load, runWrk } from '../load/runWrk.ts';
import { startWeft } from '../measure/startWeft.ts';
import { WORK } from '../openBench.ts';
import { openShop, shopWorkloads } from '../openShop.ts';
import { writeSection } from '../results/writeSection.ts';
import { portsFrom } from '../scenes/portsFrom.ts';
import type { Workload } from '../workloads.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'A,F,B' },
    seconds: { type: 'string', default: '10' },
    'warm-up': { type: 'string', default: '3' },
    ports: { type: 'string', default: '4400' },
    write: { type: 'boolean', default: false },
  },
});
const ports = portsFrom(Number(values.ports));
const url = `http://127.0.0.1:${ports.gateway}/graphql`;
const SETTLING = 3000;
/** More than find the saturation, as each rests most of the time. */
const CLIENTS = 200;
const seconds = Number(values.seconds);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** A line of the table. */
async function measureLatency(
  { letter, title, body, mode, connections }: Workload,
  supergraph: string,
): Promise<string> {
  const server = await startWeft({ supergraph, port: ports.gateway, log: `${WORK}/latency.log` });
  try {
    const bodyFile = `${WORK}/latency-${letter}.json`;
    const text = JSON.stringify(body);
    writeFileSync(bodyFile, text);
    const load = { url, bodyFile, mode, connections };
    await runWrk(load, Number(values['warm-up']));
    const saturation = rateOf(await runWrk(load, seconds));
    // What clients left behind when the load ended is done by then.
    await wait(SETTLING);
    const half = await atRate(saturation / 2, load);
    const [p50, p99] = [half.p50 / 1000, half.p99 / 1000];
    const cells = [
      saturation.toFixed(0),
      `${rateOf(half).toFixed(0)} (${((rateOf(half) / saturation) * 100).toFixed(0)} %)`,
      p50.toFixed(2),
      p99.toFixed(2),
      (p99 / p50).toFixed(1),
      half.errors,
    ];
    return `| **${letter}** ${title} | ${cells.join(' | ')} |`;
  } finally {
    await server.stop();
  }
}

function rateOf({ requests, microseconds }: Loaded): number {
  return requests / (microseconds / 1e6);
}

/** Clients who rest after each answer for so long that together they ask at about this rate. */
async function atRate(rate: number, load: Load): Promise<Loaded> {
  const paced = (pause: number, time: number) => runWrk({ ...load, connections: CLIENTS, pause }, time);
  const pause = (CLIENTS / rate) * 1000;
  const tried = rateOf(await paced(pause, 2));
  // What the answers themselves take comes on top of the pause.
  return paced(Math.max(1, pause - ((CLIENTS / tried) * 1000 - pause)), seconds);
}

async function run(): Promise<void> {
  const { supergraph, close } = await openShop(Number(values.ports));
  const lines: string[] = [];
  try {
    for (const workload of shopWorkloads(values.only)) lines.push(await measureLatency(workload, supergraph));
  } finally {
    await close();
  }
  const head = ['', 'saturation, requests/s', 'then', 'p50 ms', 'p99 ms', 'p99 / p50', 'failed'];
  const table = [
    '### Latency at half of the saturation',
    '',
    `| ${head.join(' | ')} |`,
    `|---|${'---:|'.repeat(6)}`,
    ...lines,
  ];
  console.log(table.join('\n'));
  if (values.write) writeSection('latency', table.join('\n'));
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

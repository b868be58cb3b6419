/**
 * `npm run bench:latency`: how long do clients wait at half of the load that saturates the gateway? `--only A,F,B`, `--seconds 10`,
 * `--warm-up 3`, `--write` for bench/results.md.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { runWrk } from '../load/runWrk.ts';
import { startWeft } from '../measure/startWeft.ts';
import { WORK } from '../openBench.ts';
import { openShop, shopWorkloads } from '../openShop.ts';
import { percentile } from '../results/percentile.ts';
import { writeSection } from '../results/writeSection.ts';
import { portsFrom } from '../scenes/portsFrom.ts';
import type { Workload } from '../workloads.ts';
import { drivePaced } from './drivePaced.ts';

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
    const { requests, microseconds } = await runWrk(load, seconds);
    const rate = requests / (microseconds / 1e6) / 2;
    // What clients left behind when the load ended is done by then.
    await wait(SETTLING);
    // Numbers that the load before has not had.
    const nth = (n: number) => text.replace('@@@@@@@@', String(50_000_000 + n));
    const { latencies, lateness, failures } = await drivePaced({ url, body: nth, rate, seconds });
    const [p50, p99, late] = [percentile(latencies, 50), percentile(latencies, 99), percentile(lateness, 99)];
    const cells = [
      (rate * 2).toFixed(0),
      rate.toFixed(0),
      p50.toFixed(2),
      p99.toFixed(2),
      (p99 / p50).toFixed(1),
      late.toFixed(2),
      failures,
    ];
    return `| **${letter}** ${title} | ${cells.join(' | ')} |`;
  } finally {
    await server.stop();
  }
}

async function run(): Promise<void> {
  const { supergraph, close } = await openShop(Number(values.ports));
  const lines: string[] = [];
  try {
    for (const workload of shopWorkloads(values.only)) lines.push(await measureLatency(workload, supergraph));
  } finally {
    await close();
  }
  const head = [
    '',
    'saturation, requests/s',
    'half of it',
    'p50 ms',
    'p99 ms',
    'p99 / p50',
    'p99 of the driver being late, ms',
    'failed',
  ];
  const table = [
    '### Latency at half of the saturation',
    '',
    `| ${head.join(' | ')} |`,
    `|---|${'---:|'.repeat(7)}`,
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

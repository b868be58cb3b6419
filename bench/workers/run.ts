/**
 * `npm run bench:workers`: what does a second process bring, where load and subgraphs need a core too? `--only F,B`, `--workers 1,2`,
 * `--seconds 10`, `--warm-up 5`, `--repeat 3`, `--write` for bench/results.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { weftCommand } from '../gateways/weftCommand.ts';
import { postJson } from '../load/requestDriver.ts';
import { runWrk } from '../load/runWrk.ts';
import { GATEWAY_CORE, LOAD_CORE } from '../measure/cores.ts';
import { cpuTime, forgetPeak, memory, processTree } from '../measure/processTree.ts';
import { startServer } from '../measure/startServer.ts';
import { WORK } from '../openBench.ts';
import { openShop, shopWorkloads } from '../openShop.ts';
import { median } from '../results/median.ts';
import { writeSection } from '../results/writeSection.ts';
import { portsFrom } from '../scenes/portsFrom.ts';
import type { Workload } from '../workloads.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'F,B' },
    workers: { type: 'string', default: '1,2' },
    seconds: { type: 'string', default: '10' },
    'warm-up': { type: 'string', default: '5' },
    repeat: { type: 'string', default: '3' },
    ports: { type: 'string', default: '4400' },
    write: { type: 'boolean', default: false },
  },
});
const ports = portsFrom(Number(values.ports));
const url = `http://127.0.0.1:${ports.gateway}/graphql`;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

interface Figures {
  readonly rate: number;
  readonly cpu: number;
  readonly peak: number;
}

async function measureOnce(workload: Workload, workers: string, supergraph: string): Promise<Figures> {
  const server = await startServer({
    command: [...weftCommand(supergraph, ports.gateway), '--workers', workers],
    // All of them: what they take from the load shows in the rate.
    core: `${GATEWAY_CORE},${LOAD_CORE}`,
    log: `${WORK}/workers.log`,
    isReady: async () => (await postJson(url, '{"query":"{ __typename }"}')).data !== undefined,
  });
  try {
    const bodyFile = `${WORK}/workers-${workload.letter}.json`;
    writeFileSync(bodyFile, JSON.stringify(workload.body));
    const load = { url, bodyFile, mode: workload.mode, connections: workload.connections };
    await runWrk(load, Number(values['warm-up']));
    const tree = processTree(server.child.pid ?? 0);
    forgetPeak(tree);
    const before = cpuTime(tree);
    const { requests, microseconds, unanswered } = await runWrk(load, Number(values.seconds));
    return {
      rate: requests / (microseconds / 1e6),
      cpu: (cpuTime(tree) - before) / (requests + unanswered),
      peak: memory(tree, 'VmHWM'),
    };
  } finally {
    await server.stop();
  }
}

async function run(): Promise<void> {
  const { supergraph, close } = await openShop(Number(values.ports));
  const lines: string[] = [];
  try {
    for (const workload of shopWorkloads(values.only)) {
      const counts = values.workers.split(',');
      const runs = new Map(counts.map((count) => [count, [] as Figures[]]));
      for (let n = 0; n < Number(values.repeat); n += 1)
        for (const [count, figures] of runs) figures.push(await measureOnce(workload, count, supergraph));
      for (const [count, figures] of runs) {
        const of = (name: keyof Figures) => median(figures.map((one) => one[name])).toFixed(0);
        lines.push(
          `| **${workload.letter}** ${workload.title} | ${count} | ${of('rate')} | ${of('cpu')} | ${of('peak')} |`,
        );
      }
    }
  } finally {
    await close();
  }
  const table = [
    '### Several processes',
    '',
    'On both cores, beside the load and the subgraphs, which are bound to one of them.',
    '',
    '|  | processes | requests/s | CPU µs a request, all processes | peak MB, all processes |',
    `|---|${'---:|'.repeat(4)}`,
    ...lines,
  ];
  console.log(table.join('\n'));
  if (values.write) writeSection('workers', table.join('\n'));
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

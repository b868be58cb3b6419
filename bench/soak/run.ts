/**
 * `npm run bench:soak -- --minutes 10`: mixed load with reloads and clients that leave; does the heap stay as it is? Exit code 1 where it
 * does not, within 5 %, or where an answer was wrong. `--connections 32`, `--reloads 4`, `--samples 60`, `--write` for bench/results.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startWeft } from '../measure/startWeft.ts';
import { ROOT, WORK } from '../openBench.ts';
import { openShop } from '../openShop.ts';
import { drawLines } from '../plots/drawLines.ts';
import { writeSection } from '../results/writeSection.ts';
import { portsFrom } from '../scenes/portsFrom.ts';
import { WORKLOADS } from '../workloads.ts';
import { judgeHeap, type Sample } from './judgeHeap.ts';
import { openInspector } from './openInspector.ts';
import { type Counts, startMixedLoad } from './startMixedLoad.ts';

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
const SHARE = 0.05;
/** Of the time: until caches are full and code is hot. */
const WARM_UP = 0.25;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    connections: { type: 'string', default: '32' },
    reloads: { type: 'string', default: '4' },
    samples: { type: 'string', default: '60' },
    ports: { type: 'string', default: '4400' },
    write: { type: 'boolean', default: false },
  },
});
const [minutes, reloads, samples] = [values.minutes, values.reloads, values.samples].map(Number) as [
  number,
  number,
  number,
];
const ports = portsFrom(Number(values.ports));
const inspectorPort = ports.gateway + 1;
const url = `http://127.0.0.1:${ports.gateway}/graphql`;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

interface Soaked extends Counts {
  readonly heaps: readonly Sample[];
}

async function soak(): Promise<Soaked> {
  const { supergraph, close } = await openShop(Number(values.ports));
  const server = await startWeft({
    supergraph,
    port: ports.gateway,
    log: `${WORK}/soak.log`,
    node: [`--inspect=127.0.0.1:${inspectorPort}`],
  });
  const reload = () => {
    // Another text each time: one that says the same would change nothing.
    writeFileSync(
      supergraph,
      `${readFileSync(supergraph, 'utf8')}\n"""Reloaded"""\nscalar Reload${performance.now().toFixed(0)}\n`,
    );
    server.child.kill('SIGHUP');
  };
  try {
    return await sampleHeap(reload);
  } finally {
    await server.stop();
    await close();
  }
}

async function sampleHeap(reload: () => void): Promise<Soaked> {
  const inspector = await openInspector(inspectorPort);
  const workloads = WORKLOADS.filter(({ letter }) => LETTERS.includes(letter));
  const load = startMixedLoad({ url, workloads, connections: Number(values.connections) });
  const heaps: Sample[] = [];
  const begun = performance.now();
  let reloaded = 0;
  for (let n = 1; n <= samples; n += 1) {
    await wait(begun + (n / samples) * minutes * 60_000 - performance.now());
    if (Math.floor((n * (reloads + 1)) / (samples + 1)) > reloaded) {
      reloaded += 1;
      reload();
      // The sample is to find the old generation gone.
      await wait(1000);
    }
    const heap = await load.pause(() => inspector.heap());
    heaps.push({ minutes: (performance.now() - begun) / 60_000, heap });
    console.error(`${heaps.at(-1)?.minutes.toFixed(1)} min: ${heap.toFixed(1)} MB`);
  }
  inspector.close();
  return { ...(await load.stop()), heaps };
}

function report({ heaps, answered, left, failures }: Soaked): boolean {
  const { isFlat, middle, farthest, grown } = judgeHeap(heaps, minutes * WARM_UP, SHARE);
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const text = [
    `### ${minutes} minutes of mixed load`,
    `${LETTERS.join(', ')} by turns over ${values.connections} connections, ${answered.toLocaleString('en')} answers, ${left.toLocaleString('en')} clients that left, ${reloads} reloads.`,
    `The heap after garbage collection is ${isFlat ? '' : '**not** '}flat: ${middle.toFixed(1)} MB after ${(minutes * WARM_UP).toFixed(1)} minutes of warm-up, no sample farther from it than ${percent(farthest)}; the last third has ${percent(grown)} more than the first.`,
    `MB over time: ${heaps.map(({ heap }) => heap.toFixed(1)).join(' ')}`,
    ...failures.map((failure) => `**Failed**: ${failure}`),
  ];
  console.log(text.join('\n\n'));
  if (values.write) {
    const points = heaps.map((sample): [number, number] => [sample.minutes, sample.heap]);
    const axes = {
      x: { title: 'minutes', log: false, from: 0 },
      y: { title: 'MB after garbage collection', log: false, from: 0 },
    };
    writeFileSync(
      `${ROOT}/bench/plots/soak.svg`,
      drawLines({ title: 'Heap under mixed load', ...axes, lines: [{ title: 'heap', points }] }),
    );
    writeSection('soak', [...text, '![Heap under mixed load](plots/soak.svg)'].join('\n\n'));
  }
  return isFlat && failures.length === 0;
}

try {
  if (!report(await soak())) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

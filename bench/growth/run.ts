import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { prepareBench, ROOT } from '../openBench.ts';
import { drawLines } from '../plots/drawLines.ts';
import { writeSection } from '../results/writeSection.ts';
import { connections } from './connections.ts';
import { depth } from './depth.ts';
import { entities } from './entities.ts';
import { measurePoint, type Times } from './measurePoint.ts';
import { plotName, printSeries, type Sized } from './printSeries.ts';
import type { Series } from './Series.ts';
import { schema } from './schema.ts';
import { subgraphs } from './subgraphs.ts';

const ALL: readonly Series[] = [entities, depth, subgraphs, schema, connections];
/** What a gateway has open beside its clients, with room to spare. */
const OTHER_FILES = 500;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: ALL.map(({ name }) => name).join(',') },
    seconds: { type: 'string', default: '3' },
    'warm-up': { type: 'string', default: '2' },
    largest: { type: 'string', default: 'Infinity' },
    ports: { type: 'string', default: '4400' },
    write: { type: 'boolean', default: false },
  },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

function chosen(): readonly Series[] {
  return values.only.split(',').map((name) => {
    const found = ALL.find((series) => series.name === name);
    if (found !== undefined) return found;
    throw new Error(`Expected "--only" to name some of ${ALL.map((one) => one.name).join(', ')}; got "${name}".`);
  });
}

/** Open files that a process may have here: the gateway, and the load, have one a connection. */
function mostFiles(): number {
  return Number(/Max open files\s+\d+\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0);
}

async function measureSeries(series: Series, times: Times): Promise<string> {
  const points: Sized[] = [];
  const notes: string[] = [];
  for (const size of series.sizes.filter((one) => one <= Number(values.largest))) {
    if (series.connections(size) + OTHER_FILES > mostFiles()) {
      notes.push(`${size.toLocaleString('en')} are left out: a process may have ${mostFiles()} files open here.`);
      continue;
    }
    try {
      points.push({ ...(await measurePoint(series, size, times)), size });
      console.error(`${series.name} ${size}: ${points.at(-1)?.cpu?.toFixed(0)} µs a request`);
    } catch (error) {
      notes.push(`${size.toLocaleString('en')} failed: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (values.write) draw(series, points);
  if (points.length === 0) process.exitCode = 1;
  return [printSeries(series, points), ...notes].join('\n\n');
}

function draw({ name, title, axis, figures, plots }: Series, points: readonly Sized[]): void {
  for (const [at, { unit, figures: keys }] of plots.entries()) {
    const lines = keys.map((key) => ({
      title: figures.find((figure) => figure.key === key)?.title ?? key,
      points: points.map((point): [number, number] => [point.size, point[key] ?? 0]),
    }));
    const picture = drawLines({ title, x: { title: axis, log: true }, y: { title: unit, log: true }, lines });
    writeFileSync(`${ROOT}/bench/plots/${plotName(name, at)}.svg`, picture);
  }
}

async function run(): Promise<void> {
  const series = chosen();
  prepareBench();
  const times = { warmUp: Number(values['warm-up']), seconds: Number(values.seconds), ports: Number(values.ports) };
  for (const one of series) {
    const text = await measureSeries(one, times);
    console.log(`${text}\n`);
    if (values.write) writeSection(`growth-${one.name}`, text);
  }
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

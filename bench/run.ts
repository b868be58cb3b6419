/**
 * `npm run bench`: Weft and the floors under it on the workloads of `workloads.ts`, each gateway alone on one core, load and subgraphs
 * on another; prints tables in Markdown. `--only A,B@1`, `--repeat 3`, `--seconds 10`, `--warm-up 5`. Needs Linux with `taskset` and `wrk`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { IssuesError } from '../src/errors/Issue.ts';
import { compose } from '../src/supergraph/compose/compose.ts';
import { ownGateways } from './gateways.ts';
import { LOAD_CORE, type Measured, measure } from './measure/measure.ts';
import { startServer } from './measure/startServer.ts';
import { reference } from './reference.ts';
import { readSdl, SUBGRAPHS } from './subgraphs/readSdl.ts';
import { printTables } from './table.ts';
import { WORKLOADS, type Workload } from './workloads.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    repeat: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    'warm-up': { type: 'string', default: '5' },
  },
});

const SUBGRAPH_PORT = 4210;
const PORT = 4400;
const root = fileURLToPath(new URL('..', import.meta.url));
const work = `${root}.bench`;
const subgraphs = `http://127.0.0.1:${SUBGRAPH_PORT}`;

function chosenWorkloads(): readonly Workload[] {
  if (values.only === undefined) return WORKLOADS;
  return values.only.split(',').map((letter) => {
    const found = WORKLOADS.find((workload) => workload.letter === letter);
    if (found !== undefined) return found;
    const known = WORKLOADS.map((workload) => workload.letter).join(', ');
    throw new Error(`Expected "--only" to name workloads of ${known}; got "${letter}".`);
  });
}

function writeSupergraph(): string {
  const result = compose(
    SUBGRAPHS.map((name) => ({
      name,
      url: `${subgraphs}/${name}`,
      sdl: readSdl(name),
      definition: { source: { kind: 'graphql' } },
    })),
  );
  if (!('sdl' in result)) throw new IssuesError('The subgraphs cannot be composed.', result.issues);
  const file = `${work}/supergraph.graphql`;
  writeFileSync(file, result.sdl);
  return file;
}

const fileOf = (letter: string, kind: string) => `${work}/${letter.replace('@', '-')}.${kind}.json`;

async function run(): Promise<void> {
  if (cpus().length < 2) throw new Error('Expected two CPU cores: one for the gateway, one for all others.');
  const workloads = chosenWorkloads();
  mkdirSync(work, { recursive: true });
  const supergraph = writeSupergraph();
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  execFileSync('taskset', ['-pc', String(LOAD_CORE), String(process.pid)], { stdio: 'ignore' });
  for (const { letter, body } of workloads) {
    writeFileSync(fileOf(letter, 'body'), JSON.stringify(body));
    writeFileSync(fileOf(letter, 'answer'), JSON.stringify(reference(body)));
  }
  const backends = await startServer({
    command: [process.execPath, `${root}bench/subgraphs/serve.ts`],
    env: { PORT: String(SUBGRAPH_PORT) },
    core: LOAD_CORE,
    log: `${work}/subgraphs.log`,
    isReady: async () => (await fetch(`${subgraphs}/stats`)).ok,
  });
  const rows: Measured[] = [];
  try {
    for (let n = 0; n < Number(values.repeat); n += 1)
      for (const workload of workloads) {
        const { letter } = workload;
        const places = { port: PORT, subgraphs, supergraph, answer: (of: string) => fileOf(of, 'answer') };
        for (const gateway of ownGateways(places, letter)) {
          if (gateway.only?.includes(letter) === false) continue;
          const row = await measure(gateway, workload, {
            url: `http://127.0.0.1:${PORT}/graphql`,
            subgraphs,
            bodyFile: fileOf(letter, 'body'),
            expected: reference(workload.body),
            warmUp: Number(values['warm-up']),
            seconds: Number(values.seconds),
            log: `${work}/${gateway.name.replace(/\W/g, '-')}.log`,
          });
          rows.push(row);
          console.error(`${n + 1}/${values.repeat} ${letter} ${gateway.name}: ${row.cpu.toFixed(0)} µs a request`);
        }
      }
  } finally {
    await backends.stop();
  }
  console.log(printTables(workloads, rows));
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** How long from the start of the process to the first answer, and which imports take how long of that? Each figure from processes of their own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GATEWAY_CORE, LOAD_CORE } from '../measure/cores.ts';
import { startServer } from '../measure/startServer.ts';
import { median } from '../results/median.ts';
import { composeGraph, DOCUMENTS } from '../subgraphs/composeGraph.ts';
import { queryOf } from './publicGraph.ts';

const SUBGRAPH_PORT = 4601;
const PORT = 4602;
const ROUNDS = 7;
const root = fileURLToPath(new URL('../..', import.meta.url));
const main = `${root}dist/main.js`;
const url = `http://127.0.0.1:${PORT}/graphql`;

export default async function coldStart(): Promise<string> {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'weft-micro-'));
  const supergraph = join(folder, 'supergraph.graphql');
  writeFileSync(supergraph, composeGraph(DOCUMENTS, `http://127.0.0.1:${SUBGRAPH_PORT}`));
  const backends = await startServer({
    command: [process.execPath, `${root}bench/subgraphs/serve.ts`],
    env: { PORT: String(SUBGRAPH_PORT) },
    core: LOAD_CORE,
    log: join(folder, 'subgraphs.log'),
    isReady: async () => (await fetch(`http://127.0.0.1:${SUBGRAPH_PORT}/stats`)).ok,
  });
  try {
    const notes = join(folder, 'imports.json');
    await serve(supergraph, folder, {
      NODE_OPTIONS: `--import ${root}bench/micro/noteImports.ts`,
      NOTE_IMPORTS: notes,
    });
    const imports = JSON.parse(readFileSync(notes, 'utf8')) as readonly string[];
    return `${await printStart(supergraph, folder)}\n\n${printImports(imports)}`;
  } finally {
    await backends.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds: to the first answer that needs no subgraph, then of the first B and of the first A. */
async function serve(supergraph: string, folder: string, env: Readonly<Record<string, string>> = {}) {
  const server = await startServer({
    command: [process.execPath, main, 'serve', '--supergraph', supergraph, '--port', String(PORT)],
    env,
    core: GATEWAY_CORE,
    log: join(folder, 'weft.log'),
    isReady: async () => (await ask('{ __typename }')) > 0,
  });
  try {
    const [b, a] = [await ask(queryOf('B')), await ask(queryOf('A'))];
    return { start: server.started, b, a };
  } finally {
    await server.stop();
  }
}

async function ask(query: string): Promise<number> {
  const begun = performance.now();
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { errors } = (await response.json()) as { readonly errors?: unknown };
  if (errors !== undefined) throw new Error(`The gateway answers errors: ${JSON.stringify(errors)}`);
  return performance.now() - begun;
}

async function printStart(supergraph: string, folder: string): Promise<string> {
  const figures = new Map<string, number[]>();
  const note = (name: string, value: number) => figures.set(name, [...(figures.get(name) ?? []), value]);
  const cache = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
  await serve(supergraph, folder, cache);
  for (let n = 0; n < ROUNDS; n += 1) {
    note('Node alone (`node -e 0`)', run(['-e', '0']));
    note('`weft --version`', run([main, '--version']));
    const { start, b, a } = await serve(supergraph, folder);
    note('`weft serve` to its first answer', start);
    note('then its first B', b);
    note('then its first A', a);
    note('to its first answer, with `NODE_COMPILE_CACHE`', (await serve(supergraph, folder, cache)).start);
  }
  const lines = [...figures].map(([name, values]) => `| ${name} | ${milliseconds(values)} |`);
  return ['**Cold start**', '', '| | ms | fastest to slowest |', '|---|---:|---:|', ...lines].join('\n');
}

function printImports(urls: readonly string[]): string {
  const packages = Map.groupBy(urls, (one) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(one)?.[1] ?? 'Weft itself');
  const lines = [...packages]
    .map(([name, files]) => ({ name, files, times: name === 'Weft itself' ? [] : importTimes(files[0] ?? '') }))
    .sort((one, other) => median(other.times) - median(one.times))
    .map(
      ({ name, files, times }) => `| ${name} | ${files.length} | ${times.length > 0 ? milliseconds(times) : ' | '} |`,
    );
  const head = ['| | modules | ms, with what it imports | fastest to slowest |', '|---|---:|---:|---:|'];
  return ['**What `weft serve` imports**, each package alone', '', ...head, ...lines].join('\n');
}

function importTimes(file: string): readonly number[] {
  const code = `const begun = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - begun);`;
  return Array.from({ length: ROUNDS }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' })),
  );
}

function run(args: readonly string[]): number {
  const begun = performance.now();
  execFileSync('taskset', ['-c', String(GATEWAY_CORE), process.execPath, ...args], { stdio: 'ignore' });
  return performance.now() - begun;
}

function milliseconds(values: readonly number[]): string {
  return `${median(values).toFixed(1)} | ${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
}

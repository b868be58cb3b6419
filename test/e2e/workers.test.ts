import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serveHttp } from '../sources/graphql/serveHttp.ts';
import { freePort } from '../support/freePort.ts';
import { startHeld } from './support/startHeld.ts';
import { type StartedProcess, startProcess } from './support/startProcess.ts';

const weft = fileURLToPath(new URL('../../bin/weft.js', import.meta.url));

async function serve(t: TestContext, subgraph: string, ...args: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'weft-workers-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  await writeFile(join(folder, 'weft.config.yaml'), `subgraphs:\n${subgraph}\nport: 0\n`);
  return { folder, child: startProcess(t, process.execPath, [weft, 'serve', ...args], { cwd: folder }) };
}

const addressOf = async (child: StartedProcess) => (await child.until(/Weft serves (\S+) in 2 processes/))[1] ?? '';

/** Over a connection of its own: workers get connections by turns. */
function ask(url: string, query: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: false });
    const sent = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } });
    sent.on('response', (response) => resolve(json(response)));
    sent.on('error', reject);
    sent.end(JSON.stringify({ query }));
  });
}

describe('weft serve --workers', { timeout: 120_000 }, () => {
  it('serves in several processes, and a read joins none that began before a write through another', async (t) => {
    const held = await startHeld(t);
    const { child, folder } = await serve(t, held.config, '--workers', '2');
    const url = await addressOf(child);
    const earlier = [ask(url, '{ now }'), ask(url, '{ now }')];
    // One each: processes share no reads.
    await held.reads(2);
    assert.deepEqual(await ask(url, 'mutation { write }'), { data: { write: 1 } });
    const later = [ask(url, '{ now }'), ask(url, '{ now }')];
    await held.reads(4);
    held.release();
    for (const answer of await Promise.all([...earlier, ...later])) assert.deepEqual(answer, { data: { now: 1 } });
    const state = await readdir(join(folder, '.weft'), { recursive: true });
    assert.ok(state.includes('supergraph.json'), state.join());
    child.kill('SIGTERM');
    assert.equal(await child.ended, 0);
    await assert.rejects(ask(url, '{ now }'), /ECONNREFUSED/);
  });

  it('what one process has changed no other remembers as it was, whoever says so', async (t) => {
    let value = 0;
    const { url: backend } = await serveHttp(t, async (received, response) => {
      const { query } = (await json(received)) as { query: string };
      if (query.startsWith('mutation')) value += 1;
      const field = query.startsWith('mutation') ? 'write' : 'now';
      response.end(JSON.stringify({ data: { [field]: { __typename: 'Now', value } } }));
    });
    const listen = `127.0.0.1:${await freePort()}`;
    const sdl = 'type Query { now: Now } type Mutation { write: Now } type Now { value: Int }';
    const subgraph = `  - { name: a, url: '${backend}', schema: { sdl: '${sdl}' } }`;
    const cache = `{ subgraph: { all: { ttl: 1h } }, invalidation: { listen: '${listen}', shared_key: a-shared-key } }`;
    const { child } = await serve(t, `${subgraph}\nresponse_cache: ${cache}`, '--workers', '2');
    const url = await addressOf(child);
    const readEight = async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => ask(url, '{ now { value } }')));
      return new Set(answers.map((answer) => (answer as { data: { now: { value: number } } }).data.now.value));
    };
    assert.deepEqual(await readEight(), new Set([0]));
    await ask(url, 'mutation { write { value } }');
    assert.deepEqual(await readEight(), new Set([1]));
    value = 7;
    assert.deepEqual(await readEight(), new Set([1]));
    const body = JSON.stringify([{ kind: 'type', subgraph: 'a', type: 'Now' }]);
    const headers = { authorization: 'a-shared-key' };
    assert.equal((await fetch(`http://${listen}/invalidation`, { method: 'POST', headers, body })).status, 202);
    assert.deepEqual(await readEight(), new Set([7]));
  });

  it('a worker that dies is replaced, and requests are answered all the time', async (t) => {
    const held = await startHeld(t);
    const { child } = await serve(t, held.config, '--workers', '2');
    const url = await addressOf(child);
    const [first] = await workersOf(child.pid);
    process.kill(first ?? 0, 'SIGKILL');
    await child.until(/Worker \d ended \(SIGKILL\); another one takes its place\./);
    assert.deepEqual(await ask(url, '{ __typename }'), { data: { __typename: 'Query' } });
    await child.until(/Worker \d serves again\./);
    const workers = await workersOf(child.pid);
    assert.equal(workers.length, 2);
    assert.ok(!workers.includes(first ?? 0));
    child.kill('SIGINT');
    assert.equal(await child.ended, 0);
  });

  it('what keeps the first from serving is said once, with its exit code', async (t) => {
    const { child } = await serve(t, '  - { name: wrong, url: 7 }', '--workers', '2');
    assert.equal(await child.ended, 3);
    assert.equal(child.output().match(/The configuration is not valid/g)?.length, 1);
    const other = await serve(t, '  - { name: wrong, url: 7 }', '--workers', 'many');
    assert.equal(await other.child.ended, 2);
    assert.match(
      other.child.output(),
      /^weft: Option "--workers" needs an integer from 1 to 256, or "auto"; got "many"\.\n$/,
    );
  });
});

/** Its children, which Linux tells. */
async function workersOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

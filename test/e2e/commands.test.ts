import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { backendEnvironment } from '../../subgraphs/backendEnvironment.ts';
import { closeBackends } from '../../subgraphs/closeBackends.ts';
import { readExamples } from '../../subgraphs/demo/readExamples.ts';
import { startBackends } from '../../subgraphs/startBackends.ts';
import { ask } from './support/ask.ts';
import { writeDemoConfig } from './support/startDemo.ts';
import { startProcess } from './support/startProcess.ts';
import { startSlow } from './support/startSlow.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const weft = join(root, 'bin', 'weft.js');
const queries = readExamples()
  .map(({ query }) => query)
  .filter((query) => /^query/m.test(query));

async function emptyFolder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-command-'));
  t.after(() => rm(directory, { recursive: true, force: true, maxRetries: 10 }));
  return directory;
}

async function startShop(t: TestContext, further = '') {
  const backends = await startBackends({ accounts: 0, products: 0, reviews: 0, inventory: 0, shipping: 0 });
  t.after(() => closeBackends(backends));
  const directory = await writeDemoConfig(t, { ...backendEnvironment(backends), WEFT_PORT: '0' }, further);
  return { directory, backends };
}

function run(t: TestContext, args: readonly string[], cwd: string) {
  return startProcess(t, process.execPath, [weft, ...args], { cwd });
}

describe('the command', { timeout: 120_000 }, () => {
  it('a composed supergraph is served without any configuration, and answers as its subgraphs do', {
    timeout: 60_000,
  }, async (t) => {
    const { directory: shop, backends } = await startShop(t);
    const folder = await emptyFolder(t);
    const file = join(folder, 'supergraph.graphql');
    const compose = run(t, ['compose', '-o', file], shop);
    assert.equal(await compose.ended, 0);
    // The shop is doubtful on purpose, to show what overrides and split values are.
    assert.match(compose.output(), /^(?:hint .*\n)*$/);
    const fromConfig = run(t, ['serve'], shop);
    const fromFile = run(t, ['serve', '--supergraph', file, '--port', '0', '--host', '127.0.0.1'], folder);
    const [one, other] = await Promise.all(
      [fromConfig, fromFile].map(async (child) => (await child.until(/Weft serves (\S+)/))[1] ?? ''),
    );
    for (const query of queries) {
      const answer = await ask(one ?? '', query);
      assert.equal(answer.errors, undefined);
      assert.deepEqual(await ask(other ?? '', query), answer);
    }
    const client = createClient({
      url: other?.replace('http', 'ws') ?? '',
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const added = client.iterate({ query: 'subscription { reviewAdded { product { name } } }' }).next();
    await backends.reviews.whenSubscribers(1);
    await ask(one ?? '', 'mutation { addReview(input: { upc: "p42", authorId: "u1", rating: 1, body: "" }) { id } }');
    assert.deepEqual((await added).value, { data: { reviewAdded: { product: { name: 'Linen Table 42' } } } });
    const tracked = client.iterate({ query: 'subscription { trackShipment(id: "s1") { place } }' }).next();
    assert.deepEqual((await tracked).value, { data: { trackShipment: { place: 'warehouse' } } });
    await client.dispose();
    fromConfig.kill('SIGTERM');
    fromFile.kill('SIGINT');
    assert.deepEqual(await Promise.all([fromConfig.ended, fromFile.ended]), [0, 0]);
  });

  it('SIGTERM lets a request in flight end and closes a subscription with 1001', { timeout: 60_000 }, async (t) => {
    const slow = await startSlow(t);
    const { directory } = await startShop(t, slow.config);
    const child = run(t, ['serve'], directory);
    const url = (await child.until(/Weft serves (\S+)/))[1] ?? '';
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    const frames: AsyncIterator<readonly unknown[]> = on(socket, 'message');
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await frames.next();
    const query = 'subscription { trackShipment(id: "s1") { status } }';
    socket.send(JSON.stringify({ id: 'a', type: 'subscribe', payload: { query } }));
    await frames.next();
    const inFlight = ask(url, '{ slow product(upc: "p42") { upc } }');
    const response = await slow.asked;
    const closed = once(socket, 'close');
    child.kill('SIGTERM');
    assert.equal((await closed)[0], 1001);
    slow.answer(response);
    assert.deepEqual(await inFlight, { data: { slow: 1, product: { upc: 'p42' } } });
    assert.equal(await child.ended, 0);
  });

  it('a taken port is a message that names it and exit code 4', { timeout: 60_000 }, async (t) => {
    const { directory: shop } = await startShop(t);
    const first = run(t, ['serve'], shop);
    const url = new URL((await first.until(/Weft serves (\S+)/))[1] ?? '');
    const second = run(t, ['serve', '--port', url.port], shop);
    assert.equal(await second.ended, 4);
    assert.match(second.output(), new RegExp(`^weft: .*${url.port}.*--port`));
    assert.doesNotMatch(second.output(), /\n +at /);
    assert.equal((await ask(url.href, '{ __typename }')).errors, undefined);
  });

  it('a wrong option is a message and exit code 2, a missing file one and exit code 3', {
    timeout: 60_000,
  }, async (t) => {
    const folder = await emptyFolder(t);
    const wrong = run(t, ['serve', '--supergaph', 'x.graphql'], folder);
    assert.equal(await wrong.ended, 2);
    assert.match(wrong.output(), /^weft: Unknown option "--supergaph".*"--supergraph"\?\n$/);
    const missing = run(t, ['serve', '--supergraph', 'missing.graphql'], folder);
    assert.equal(await missing.ended, 3);
    assert.match(missing.output(), /missing\.graphql/);
    assert.doesNotMatch(missing.output(), /\n +at /);
  });
});

const freePorts = Object.fromEntries(
  ['WEFT', 'ACCOUNTS', 'PRODUCTS', 'REVIEWS', 'INVENTORY', 'SHIPPING'].map((name) => [`${name}_PORT`, '0']),
);

describe('npm start', { timeout: 120_000 }, () => {
  for (const [signal, receiver] of [
    ['SIGINT', 'npm'],
    ['SIGINT', 'the whole process group, as Ctrl-C does,'],
    ['SIGTERM', 'npm'],
  ] as const) {
    it(`shows services, plan and answer; ${signal} to ${receiver} ends all of it with code 0`, {
      timeout: 60_000,
    }, async (t) => {
      const env = { ...process.env, ...freePorts };
      const npm = startProcess(t, 'npm', ['start'], { cwd: root, env, detached: true });
      t.after(() => killGroup(npm.pid));
      await npm.until(/Ctrl-C ends everything/);
      const output = npm.output();
      assert.match(output, /SERVICE +KIND +LISTENS AT/);
      assert.match(output, /Its plan:\s+fetch 0/);
      assert.match(output, /Its answer:\s+\{\s+"data"/);
      const urls = output.match(/http:\/\/127\.0\.0\.1:\d+\S*/g) ?? [];
      assert.ok(urls.length >= 5);
      if (receiver === 'npm') npm.kill(signal);
      else process.kill(-npm.pid, signal);
      assert.equal(await npm.ended, 0);
      for (const url of new Set(urls)) await assert.rejects(fetch(url), /fetch failed/);
      assert.throws(() => process.kill(-npm.pid, 0), { code: 'ESRCH' });
    });
  }
});

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended, as it should.
  }
}

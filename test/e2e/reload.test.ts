import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createGateway } from '../../src/index.ts';
import { startAccounts } from '../../subgraphs/accounts/startAccounts.ts';
import { backendEnvironment } from '../../subgraphs/backendEnvironment.ts';
import { closeBackends } from '../../subgraphs/closeBackends.ts';
import { startBackends } from '../../subgraphs/startBackends.ts';
import { ask } from './support/ask.ts';
import { createTestLog } from './support/createTestLog.ts';
import { startDemo, writeDemoConfig } from './support/startDemo.ts';
import { startProcess } from './support/startProcess.ts';
import { startSlow } from './support/startSlow.ts';

const timeout = 30_000;
const weight = '{ product(upc: "p42") { weight } }';
const weightAnswer = { data: { product: { weight: 1600 } } };

/** Replaces text in the SDL of the products service that the gateway reads. */
async function edit(directory: string, from: string, to: string): Promise<void> {
  const file = join(directory, 'schemas', 'products.graphql');
  const text = await readFile(file, 'utf8');
  assert.ok(text.includes(from));
  await writeFile(file, text.replace(from, to));
}

const hideWeight = (directory: string) => edit(directory, 'weight: Int', 'mass: Int');
const showWeight = (directory: string) => edit(directory, 'mass: Int', 'weight: Int');

interface ReadyBody {
  readonly subgraphs: readonly { readonly name: string; readonly state: string }[];
}

async function ready(
  url: string,
): Promise<{ readonly status: number; readonly states: Readonly<Record<string, string>> }> {
  const response = await fetch(new URL('/ready', url));
  const { subgraphs } = (await response.json()) as ReadyBody;
  return { status: response.status, states: Object.fromEntries(subgraphs.map(({ name, state }) => [name, state])) };
}

describe('change without restart', { timeout: 120_000 }, () => {
  it('a changed SDL file is served after a reload; a request in flight finishes on the old graph', {
    timeout,
  }, async (t) => {
    const slow = await startSlow(t);
    const { gateway, url, directory } = await startDemo(t, { config: slow.config });
    const inFlight = ask(url, '{ slow product(upc: "p42") { weight } }');
    const response = await slow.asked;
    await hideWeight(directory);
    await gateway.reload('the test');
    const [error] = (await ask(url, weight)).errors ?? [];
    assert.equal(error?.extensions?.['code'], 'GRAPHQL_VALIDATION_FAILED');
    slow.answer(response);
    assert.deepEqual(await inFlight, { data: { slow: 1, product: { weight: 1600 } } });
    await showWeight(directory);
    await gateway.reload('the test');
    assert.deepEqual(await ask(url, weight), weightAnswer);
  });

  it('a subscription from before a reload goes on', { timeout }, async (t) => {
    const { gateway, url, directory, backends } = await startDemo(t);
    const leave = new AbortController();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { reviewAdded { product { weight } } }' }),
      signal: leave.signal,
    });
    await backends.reviews.whenSubscribers(1);
    await hideWeight(directory);
    await gateway.reload('the test');
    await ask(url, 'mutation { addReview(input: { upc: "p42", authorId: "u7", rating: 5, body: "" }) { id } }');
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      if (!chunk.includes('data:')) continue;
      assert.match(chunk, /"weight":1600/);
      break;
    }
    leave.abort();
    await backends.reviews.whenSubscribers(0);
  });

  it("a changed file is taken over by itself, as the demo's configuration says", { timeout }, async (t) => {
    const { url, directory, log } = await startDemo(t, {
      prepare: ({ directory: folder }) => hideWeight(folder),
    });
    assert.notEqual((await ask(url, weight)).errors, undefined);
    await showWeight(directory);
    await log.when(/A new graph is served/);
    assert.deepEqual(await ask(url, weight), weightAnswer);
  });

  for (const [what, from, to] of [
    ['does not parse', 'type Query {', 'type Query {{'],
    ['does not compose', 'weight: Int', 'quantity: [Money]'],
  ] as const) {
    it(`a change that ${what} keeps the old graph; what is wrong is in the log and in /ready`, {
      timeout,
    }, async (t) => {
      const { gateway, url, directory, log } = await startDemo(t);
      await edit(directory, from, to);
      await gateway.reload('the test');
      assert.match(log.lines.at(-1) ?? '', /A new graph is refused, the current one stays\.\n.*products/s);
      assert.deepEqual(await ask(url, weight), weightAnswer);
      const response = await fetch(new URL('/ready', url));
      assert.equal(response.status, 200);
      assert.match(await response.text(), /products/);
      await edit(directory, to, from);
      await gateway.reload('the test');
      assert.deepEqual(await ask(url, weight), weightAnswer);
    });
  }
});

describe('a subgraph that is down at start', { timeout: 120_000 }, () => {
  it('is missing in /ready and the log, the rest is served, and it is picked up when it appears', {
    timeout,
  }, async (t) => {
    const { url, log, backends } = await startDemo(t, {
      config: 'poll_interval: 1',
      prepare: (parts) => parts.backends.accounts.close(),
    });
    assert.deepEqual(await ready(url), {
      status: 200,
      states: { accounts: 'missing', products: 'live', reviews: 'live', inventory: 'live', shipping: 'live' },
    });
    assert.match(log.lines.join('\n'), /"accounts" is missing/);
    assert.deepEqual(await ask(url, weight), weightAnswer);
    const accounts = await startAccounts({ port: backends.accounts.port });
    t.after(() => accounts.close());
    await log.when(/A new graph is served/);
    assert.deepEqual(await ask(url, '{ me { id } }'), { data: { me: { id: 'u1' } } });
    assert.equal((await ready(url)).states['accounts'], 'live');
  });

  it('is served by its last good schema where there is one', { timeout }, async (t) => {
    const { gateway, directory, backends } = await startDemo(t);
    await gateway.close();
    await backends.accounts.close();
    const log = createTestLog();
    const second = await createGateway({ configFile: join(directory, 'weft.config.yaml'), log });
    t.after(() => second.close());
    const { url } = await second.listen({ port: 0 });
    assert.equal((await ready(url)).states['accounts'], 'last_good');
    const { data, errors } = await ask(url, '{ me { id } product(upc: "p42") { weight } }');
    assert.deepEqual(data, { me: null, product: { weight: 1600 } });
    assert.deepEqual(
      errors?.map(({ extensions }) => extensions?.['code']),
      ['SUBGRAPH_UNREACHABLE'],
    );
    const accounts = await startAccounts({ port: backends.accounts.port });
    t.after(() => accounts.close());
    assert.deepEqual((await ask(url, '{ me { id } }')).data, { me: { id: 'u1' } });
  });
});

it('SIGHUP makes "weft serve" read everything again', { timeout: 60_000 }, async (t) => {
  const backends = await startBackends({ accounts: 0, products: 0, reviews: 0, inventory: 0, shipping: 0 });
  t.after(() => closeBackends(backends));
  const directory = await writeDemoConfig(t, { ...backendEnvironment(backends), WEFT_PORT: '0' });
  await hideWeight(directory);
  const weft = fileURLToPath(new URL('../../bin/weft.js', import.meta.url));
  const child = startProcess(t, process.execPath, [weft, 'serve'], { cwd: directory });
  const url = (await child.until(/Weft serves (\S+)/))[1] ?? '';
  assert.notEqual((await ask(url, weight)).errors, undefined);
  await showWeight(directory);
  child.kill('SIGHUP');
  await child.until(/A new graph is served \(SIGHUP\)/);
  assert.deepEqual(await ask(url, weight), weightAnswer);
  child.kill('SIGTERM');
  assert.equal(await child.ended, 0);
});

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { backendEnvironment } from '../../subgraphs/backendEnvironment.ts';
import { closeBackends } from '../../subgraphs/closeBackends.ts';
import { startBackends } from '../../subgraphs/startBackends.ts';
import { ask } from './support/ask.ts';
import { shop } from './support/shop.ts';
import { writeDemoConfig } from './support/startDemo.ts';
import { startProcess } from './support/startProcess.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const config = 'weft.config.yaml';

/** What npm says where its registry cannot be reached. */
const OFFLINE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ENOTCACHED/;

/** An embedder's program: one query, then the end. */
const program = `
import { createGateway, GatewayError } from 'weft';
const gateway = await createGateway({ configFile: process.argv[2] });
const query = '{ product(upc: "p42") { weight quantity } }';
const body = JSON.stringify({ query });
const headers = { 'content-type': 'application/json' };
const response = await gateway.fetch(new Request('http://any.example/graphql', { method: 'POST', headers, body }));
console.log(await response.text(), typeof GatewayError);
await gateway.close();
`;

it('the packed package installs elsewhere, serves by "npx weft" and embeds', { timeout: 300_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-package-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  const npm = async (cwd: string, ...args: string[]) => {
    const child = startProcess(t, 'npm', args, { cwd });
    assert.equal(await child.ended, 0, child.output());
  };
  await npm(root, 'pack', '--pack-destination', folder);
  const [tarball] = await readdir(folder);
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const installed = startProcess(
    t,
    'npm',
    [
      'install',
      '--prefer-offline',
      '--fetch-retries=1',
      '--fetch-retry-mintimeout=500',
      '--no-audit',
      '--no-fund',
      `./${tarball}`,
    ],
    {
      cwd: folder,
    },
  );
  if ((await installed.ended) !== 0) {
    if (OFFLINE.test(installed.output())) return t.skip('needs the npm registry: run it where that can be reached');
    assert.fail(installed.output());
  }

  const version = startProcess(t, 'npx', ['weft', '--version'], { cwd: folder });
  assert.equal(await version.ended, 0);
  assert.match(version.output(), /^\d+\.\d+\.\d+\n$/);

  const backends = await startBackends({ accounts: 0, products: 0, reviews: 0, inventory: 0, shipping: 0 });
  t.after(() => closeBackends(backends));
  const demo = await writeDemoConfig(t, { ...backendEnvironment(backends), WEFT_PORT: '0' });
  const { quantity } = shop.stock('p42');
  const answer = { data: { product: { weight: shop.product('p42').weight, quantity } } };
  const served = startProcess(t, 'npx', ['weft', 'serve', '--config', join(demo, config)], { cwd: folder });
  const url = (await served.until(/Weft serves (\S+)/))[1] ?? '';
  assert.deepEqual(await ask(url, '{ product(upc: "p42") { weight quantity } }'), answer);
  assert.match(await (await fetch(url, { headers: { accept: 'text/html' } })).text(), /<title>|GraphiQL/i);
  // npx itself ends with a code of its own; its output ends when what it started has ended, too.
  served.kill('SIGTERM');
  await served.ended;
  await assert.rejects(fetch(url), /fetch failed/);

  await writeFile(join(folder, 'embed.js'), program);
  const embedded = startProcess(t, process.execPath, ['embed.js', join(demo, config)], { cwd: folder });
  assert.equal(await embedded.ended, 0, embedded.output());
  assert.equal(embedded.output(), `${JSON.stringify(answer)} function\n`);
});

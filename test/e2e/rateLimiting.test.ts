import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import type { Source } from '../../src/index.ts';
import { openRegistry } from '../../src/registry/openRegistry.ts';
import { assembleGateway } from '../../src/server/assembleGateway.ts';
import { createSnapshotStore } from '../../src/server/createSnapshotStore.ts';
import { openRateLimits } from '../../src/server/openRateLimits.ts';

const page = await readFile(new URL('../../docs/rate-limiting.md', import.meta.url), 'utf8');
const log = { info() {}, warn() {}, error() {} };
const products: Source = {
  name: 'products',
  fetch: async ({ operation }) => ({
    data: operation.document.includes('search') ? { search: [{ upc: '1' }] } : { top: [{ upc: '1', name: 'Table' }] },
  }),
};

/** The configuration of the page, at noon. */
async function start(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'weft-limits-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  for (const [, file = '', text = ''] of page.matchAll(/^```\w+ file=(\S+)\n(.*?)^```$/gms))
    await writeFile(join(directory, file), text);
  const { config } = await loadConfig({ directory, env: {} });
  assert.ok(config.rate_limit !== undefined);
  const clock = { time: Date.UTC(2026, 10, 26, 12) };
  const limits = await openRateLimits(config.rate_limit, { log, now: () => clock.time });
  const registry = await openRegistry({ config, log });
  const store = createSnapshotStore(registry, { sources: { products }, wrapSource: limits.limitSource });
  const gateway = assembleGateway({ config: { ...config, port: 0 }, store, log, rateLimits: limits });
  t.after(() => gateway.close());
  const { url } = await gateway.listen();
  const ask = async (query: string) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  return { clock, ask };
}

describe('the page on rate limiting', { timeout: 20_000 }, () => {
  it('shows the headers of its first answer', async (t) => {
    const { ask } = await start(t);
    const { status, headers } = await ask('{ top { upc } }');
    assert.equal(status, 200);
    const shown = /^```http\n(.*?)^```$/ms.exec(page)?.[1];
    assert.equal(
      `RateLimit: ${headers.get('ratelimit')}\nRateLimit-Policy: ${headers.get('ratelimit-policy')}\n`,
      shown,
    );
  });

  it('has limits that hold', async (t) => {
    const { ask, clock } = await start(t);
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await ask('{ top { upc } }')).status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
    const bodies: string[] = [];
    for (let count = 0; count < 11; count += 1) {
      clock.time += 1_000;
      bodies.push((await ask('{ search(text: "a") { upc } }')).body);
    }
    assert.deepEqual(new Set(bodies.slice(0, 10)), new Set(['{"data":{"search":[{"upc":"1"}]}}']));
    // One in six seconds comes back.
    clock.time -= 500;
    for (let count = 0; count < 3; count += 1) {
      clock.time += 500;
      bodies.push((await ask('{ search(text: "a") { upc } top { upc } }')).body);
    }
    assert.match(bodies.at(-1) ?? '', /"data":\{"search":null,"top":\[\{"upc":"1"\}\]\}/);
    const report = async () => {
      clock.time += 1_000;
      return (await ask('query ReportSales { top { upc } }')).status;
    };
    for (let count = 0; count < 5; count += 1) assert.equal(await report(), 200);
    assert.equal(await report(), 429);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createGateway, type Gateway, IssuesError, type Source } from '../../src/index.ts';

const sources: Record<string, Source> = { a: { name: 'a', fetch: async () => ({ data: { a: 1 } }) } };
const GRAPH = 'subgraphs: [{ name: a, url: "http://127.0.0.1:9/", schema: { sdl: "type Query { a: Int }" } }]\n';

async function folder(t: TestContext): Promise<{ file: string; write: (section: string) => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-limits-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'weft.config.yaml');
  return { file, write: (section) => writeFile(file, `${GRAPH}${section}\n`) };
}

async function statuses(gateway: Gateway, count: number): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const request = new Request('http://any.example/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ a }"}',
    });
    all.push((await gateway.fetch(request)).status);
  }
  return all;
}

describe('the limits of a gateway', { timeout: 20_000 }, () => {
  it('change with a reload, and what is used stays', async (t) => {
    const { file, write } = await folder(t);
    await write('rate_limit: { rules: [{ name: each, rate: 2, window: 1h }] }');
    const log = { info() {}, warn() {}, error() {} };
    const gateway = await createGateway({ configFile: file, sources, log });
    t.after(() => gateway.close());
    assert.deepEqual(await statuses(gateway, 3), [200, 200, 429]);
    await write('rate_limit: { rules: [{ name: each, rate: 4, window: 1h }] }');
    await gateway.reload('the test changed it');
    assert.deepEqual(await statuses(gateway, 3), [200, 200, 429]);
    await write('rate_limit: { rules: [{ name: each, rate: 9, window: 1h, when: "nobody.id" }] }');
    await gateway.reload('the test broke it');
    assert.deepEqual(await statuses(gateway, 1), [429]);
    assert.match(JSON.stringify(gateway.status()), /lastIssues.*rate_limit\.rules\[0\]\.when/);
    await write('rate_limit: { plans: { free: { concurrency: 1 } }, default_plan: free }');
    await gateway.reload('the test mended it');
    assert.deepEqual(await statuses(gateway, 3), [200, 200, 200]);
    await write('');
    await gateway.reload('the test took the limits away');
    assert.deepEqual(await statuses(gateway, 3), [200, 200, 200]);
  });

  it('that come with a reload need a start, which the log says', async (t) => {
    const { file, write } = await folder(t);
    await write('');
    const warned: string[] = [];
    const log = { info() {}, warn: (line: string) => void warned.push(line), error() {} };
    const gateway = await createGateway({ configFile: file, sources, log });
    t.after(() => gateway.close());
    await write('rate_limit: { rules: [{ name: each, rate: 1, window: 1h }] }');
    await gateway.reload('the test changed it');
    assert.deepEqual(await statuses(gateway, 2), [200, 200]);
    assert.match(warned.join(), /"rate_limit" now; it takes effect with the next start/);
  });

  it('refuse to start with a wrong expression, all of them told', async (t) => {
    const { file, write } = await folder(t);
    await write('rate_limit: { plan: "1", rules: [{ name: each, rate: 1, window: 1h, key: "caller.", when: "2" }] }');
    await assert.rejects(
      createGateway({ configFile: file, sources, log: { info() {}, warn() {}, error() {} } }),
      (error) => error instanceof IssuesError && error.issues.length === 3,
    );
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { buildSchema, graphql } from 'graphql';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createGateway } from '../../src/index.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';

const PAGE = join(import.meta.dirname, '../../docs/authorization.md');

test('the configuration of the page on authorization answers as the page says', { timeout: 20_000 }, async (t) => {
  const page = await readFile(PAGE, 'utf8');
  const snippets = [...page.matchAll(/^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms)].map(
    ([, language, file, body = '']) => ({
      language,
      file,
      body,
    }),
  );
  const sent: string[] = [];
  const schema = buildSchema(
    'type Query { topSeller: Account me: Account } type Account { name: String email: String }',
  );
  const { url } = await serveHttp(t, async (request, response) => {
    const { query } = JSON.parse(await text(request)) as { query: string };
    sent.push(query);
    const rootValue = { topSeller: { name: 'Ada', email: 'ada@' }, me: { name: 'Bob' } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(await graphql({ schema, source: query, rootValue })));
  });
  const folder = await mkdtemp(join(tmpdir(), 'weft-authorization-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const { file, body } of snippets)
    if (file !== undefined) await writeFile(join(folder, file), body.replace('http://127.0.0.1:5001/graphql', url));
  const { config } = await loadConfig({ directory: folder, env: {} });
  const log = { info() {}, warn() {}, error() {} };
  const gateway = await createGateway({ ...config, state_directory: join(folder, 'state'), log });
  t.after(() => gateway.close());
  const at = snippets.findIndex(({ language, file }) => language === 'graphql' && file === undefined);
  const request = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const body = JSON.stringify({ query: snippets[at]?.body });
  const response = await gateway.fetch(new Request('http://any.example/graphql', { ...request, body }));
  assert.equal(await response.text(), snippets[at + 1]?.body.trim());
  assert.deepEqual(sent, ['query { topSeller { name } }']);
});

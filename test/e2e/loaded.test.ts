import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { startProcess } from './support/startProcess.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const noteLoaded = pathToFileURL(fileURLToPath(new URL('./support/noteLoaded.ts', import.meta.url))).href;

test('a gateway for GraphQL alone loads nothing of gRPC, REST, YAML or composition', { timeout: 60_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-loaded-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  const url = 'http://127.0.0.1:9/graphql';
  const sdl = 'type Query { a: Int }';
  const composed = compose([{ name: 'a', url, sdl, definition: { source: { kind: 'graphql' } } }]);
  assert.ok('sdl' in composed);
  await writeFile(join(folder, 'supergraph.graphql'), composed.sdl);
  const args = ['--import', noteLoaded, main, 'serve', '--supergraph', 'supergraph.graphql', '--port', '0'];
  const child = startProcess(t, process.execPath, args, { cwd: folder });
  await child.until(/Weft serves/);
  child.kill('SIGTERM');
  const loaded = (await child.until(/^loaded: (.*)$/m))[1]?.split(' ') ?? [];
  for (const name of ['graphql', 'graphql-yoga', 'undici']) assert.ok(loaded.includes(name), name);
  for (const name of [
    '@grpc/grpc-js',
    'protobufjs',
    'yaml',
    '@theguild/federation-composition',
    '@seriousme/openapi-schema-validator',
  ])
    assert.ok(!loaded.includes(name), name);
});

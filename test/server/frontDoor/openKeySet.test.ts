import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGateway } from '../../../src/server/createGateway.ts';
import { makeFolder, makeKey } from '../support/makeKeys.ts';

test('a configuration that is refused leaves the keys that sign published; one that is taken takes the old ones back', async (t) => {
  const folder = await makeFolder(t);
  const files = { one: await makeKey(folder, 'ES256'), two: await makeKey(folder, 'ES256') };
  const schema = join(folder, 'a.graphql');
  const file = join(folder, 'weft.config.yaml');
  const configure = (id: 'one' | 'two') =>
    writeFile(
      file,
      `
subgraph_authentication:
  jwks_path: /keys
  all: { internal_jwt: { issuer: https://gateway.example, keys: [{ id: ${id}, algorithm: ES256, file: ${files[id]} }] } }
subgraphs:
  - { name: a, url: http://127.0.0.1:1, schema: ${schema} }
state_directory: ${join(folder, 'state')}
`,
    );
  await writeFile(schema, 'type Query { a: Int }');
  await configure('one');
  const log = { info() {}, warn() {}, error() {} };
  const gateway = await createGateway({ configFile: file, log });
  t.after(() => gateway.close());
  const published = async (): Promise<string[]> => {
    const response = await gateway.fetch(new Request('http://any.example/keys'));
    const { keys } = (await response.json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  };
  assert.deepEqual(await published(), ['one']);
  await configure('two');
  await writeFile(schema, 'type Query { a: Missing }');
  await gateway.reload('test');
  assert.deepEqual(await published(), ['one', 'two']);
  await writeFile(schema, 'type Query { a: Int b: Int }');
  await gateway.reload('test');
  assert.deepEqual(await published(), ['two']);
});

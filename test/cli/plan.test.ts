import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';

const directory = mkdtempSync(join(tmpdir(), 'weft-plan-'));
after(() => rmSync(directory, { recursive: true }));

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])';
for (const [name, content] of Object.entries({
  'a.graphql': `${link} type Query { user(id: ID!): User } type User @key(fields: "id") { id: ID! name: String }`,
  'b.graphql': `${link} type User @key(fields: "id") { id: ID! score: Int }`,
  'weft.config.yaml':
    'subgraphs:\n  a: { url: "http://127.0.0.1:1/", schema: a.graphql }\n  b: { url: "http://127.0.0.1:2/", schema: b.graphql }\n',
  'q.graphql': 'query Q($id: ID!) { user(id: $id) { name score } }',
  'wrong.graphql': 'query Q { user(id: 1) { nme } }',
})) {
  writeFileSync(join(directory, name), content);
}

async function weft(...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
  const bin = join(import.meta.dirname, '../../bin/weft.js');
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, out, err };
}

test('"weft compose" writes a supergraph from which "weft plan" makes the same plan as from the configuration', async () => {
  assert.deepEqual(await weft('compose', '-o', 's.graphql'), { code: 0, out: '', err: '' });
  const composed = await weft(
    'plan',
    '--operation',
    'q.graphql',
    '--supergraph',
    's.graphql',
    '--variables',
    '{"id":"1"}',
  );
  const configured = await weft('plan', '--operation', 'q.graphql');
  assert.match(composed.out, /^fetch 0 a\n(?:.*\n)*fetch 1 b after 0\n/);
  assert.deepEqual(configured, composed);
});

test('an operation or variables that do not fit are issues with exit code 3', async () => {
  const wrong = await weft('plan', '--operation', 'wrong.graphql');
  assert.equal(wrong.code, 3);
  assert.match(wrong.err, /wrong\.graphql:1:25: Cannot query field "nme" on type "User"/);
  const missing = await weft('plan', '--operation', 'q.graphql', '--variables', '{}');
  assert.equal(missing.code, 3);
  assert.match(missing.err, /--variables.*"\$id"/);
});

test('"weft compose" names what is doubtful, and composes', async () => {
  writeFileSync(
    join(directory, 'c.graphql'),
    `${link} type User @key(fields: "id") { id: ID! rank: Int @override(from: "z") }`.replace(
      '"@key"',
      '"@key", "@override"',
    ),
  );
  writeFileSync(
    join(directory, 'doubt.yaml'),
    'subgraphs:\n  a: { url: "http://127.0.0.1:1/", schema: a.graphql }\n  c: { url: "http://127.0.0.1:2/", schema: c.graphql }\n',
  );
  const { code, out, err } = await weft('compose', '--config', 'doubt.yaml');
  assert.equal(code, 0);
  assert.match(out, /type User/);
  assert.equal(
    err,
    `hint ${join(directory, 'c.graphql')}:1:150 User.rank: FROM_SUBGRAPH_DOES_NOT_EXIST: "User.rank" is overridden from "z", which is no subgraph. [c]\n`,
  );
});

test('"weft compose" says of which file and line an issue is', async () => {
  writeFileSync(join(directory, 'plain.graphql'), 'type Query {\n  a: Int @inaccessible\n}\n');
  writeFileSync(
    join(directory, 'wrong.yaml'),
    'subgraphs:\n  plain: { url: "http://127.0.0.1:1/", schema: plain.graphql }\n',
  );
  const { code, err } = await weft('compose', '--config', 'wrong.yaml');
  assert.equal(code, 3);
  assert.match(err, /plain\.graphql:2:10: INVALID_GRAPHQL: .*@inaccessible.* \[plain\]/);
});

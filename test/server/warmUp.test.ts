import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createGateway } from '../../src/server/createGateway.ts';
import { until } from '../support/until.ts';

const DOCUMENTS = {
  one: 'query One($n: Int!) { twice(n: $n) }',
  two: '{ once }',
  wrong: '{ never }',
  broken: '{',
};

async function start(t: TestContext, warmUp?: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'weft-warm-up-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'documents.json'), JSON.stringify(DOCUMENTS));
  const schema = join(folder, 'a.graphql');
  await writeFile(schema, 'type Query { twice(n: Int!): Int once: Int }');
  const logged: string[] = [];
  const gateway = await createGateway({
    subgraphs: [{ name: 'a', url: 'http://127.0.0.1:1', schema: { file: schema } }],
    persisted_documents: {
      manifests: [join(folder, 'documents.json')],
      ...(warmUp === undefined ? {} : { warm_up: warmUp }),
    },
    state_directory: '/nonexistent',
    port: 0,
    log: { info: (line: string) => void logged.push(line), warn() {}, error() {} },
  } as never);
  t.after(() => gateway.close());
  await gateway.listen();
  const told = () => logged.filter((line) => line.includes('registered documents are planned'));
  return { gateway, schema, told };
}

test('registered documents are planned before the gateway listens, and again for another graph', async (t) => {
  const { gateway, schema, told } = await start(t);
  assert.match(told()[0] ?? '', /^2 registered documents .*; 2 cannot be, as they are no operations of this graph\.$/);
  await writeFile(schema, 'type Query { twice(n: Int!): Int once: Int never: Int }');
  await gateway.reload('test');
  await until(() => told().length === 2);
  assert.match(told()[1] ?? '', /^3 registered documents .*; 1 cannot be/);
});

test('nothing is planned ahead where that is off', async (t) => {
  const { told } = await start(t, false);
  assert.deepEqual(told(), []);
});

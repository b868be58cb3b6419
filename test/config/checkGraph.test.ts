import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { buildSchema } from 'graphql';
import { checkGraph } from '../../src/config/checkGraph.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createGateway } from '../../src/index.ts';
import { until } from '../support/until.ts';

const SDL =
  'type Query { search(text: String): Hit } interface Node { id: ID } type Hit implements Node { id: ID } input By { id: ID }';
const configFor = (fields: readonly string[], sdl = SDL) => ({
  subgraphs: [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl } }],
  rate_limit: {
    rules: [
      { name: 'wide', rate: 1, window: '1s' },
      { name: 'narrow', fields, rate: 1, window: '1s' },
    ],
  },
});
const load = async (fields: readonly string[]) =>
  (await loadConfig({ directory: process.cwd(), input: configFor(fields) })).config;

async function folderWith(t: TestContext, config: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-graph-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'weft.config.json'), JSON.stringify(config));
  return folder;
}

async function weft(cwd: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/weft.js'), ...args], { cwd });
  child.stdin.end();
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, out, err };
}

describe('fields that limits name', { timeout: 30_000 }, () => {
  it('have to be in the graph', async () => {
    const config = await load(['Query.search', 'Node.id', 'Query.serch', 'Qery.search', 'Hit.toString', 'String.a']);
    const graph = { schema: buildSchema(SDL), subgraphs: ['a'] };
    assert.deepEqual(checkGraph(config, graph), [
      {
        path: 'rate_limit.rules[1].fields[2]',
        message: 'The graph has no field "Query.serch"; did you mean "search"? The rule limits nothing there.',
      },
      {
        path: 'rate_limit.rules[1].fields[3]',
        message: 'The graph has no type "Qery" with fields; did you mean "Query"? The rule limits nothing there.',
      },
      {
        path: 'rate_limit.rules[1].fields[4]',
        message: 'The graph has no field "Hit.toString". The rule limits nothing there.',
      },
      {
        path: 'rate_limit.rules[1].fields[5]',
        message: 'The graph has no type "String" with fields. The rule limits nothing there.',
      },
    ]);
    assert.deepEqual(checkGraph(await load(['Query.search']), graph), []);
  });

  it('and so do subgraphs, and arguments where attacks are let pass', async () => {
    const rate_limit = { subgraphs: { a: { rate: 1, window: '1s' } } };
    const allow = [{ argument: 'Query.search.text' }, { argument: 'Query.search.txt' }, { argument: 'Query.find' }];
    const input = { ...configFor([]), rate_limit, threat_protection: { allow } };
    const { config } = await loadConfig({ directory: process.cwd(), input });
    const schema = buildSchema(SDL);
    assert.deepEqual(checkGraph(config, { schema, subgraphs: ['b'] }), [
      {
        path: 'rate_limit.subgraphs.a',
        message: 'No subgraph has the name "a"; did you mean "b"? The limit limits nothing.',
      },
      {
        path: 'threat_protection.allow[1].argument',
        message: 'The field "Query.search" has no argument "txt"; did you mean "text"? The entry allows nothing there.',
      },
      {
        path: 'threat_protection.allow[2].argument',
        message: 'The graph has no field "Query.find". The entry allows nothing there.',
      },
    ]);
  });

  it('are told by "weft config validate" and "weft compose"', async (t) => {
    const folder = await folderWith(t, configFor(['Query.serch']));
    const warning =
      'Warning:\n  - rate_limit.rules[1].fields[0]: The graph has no field "Query.serch"; did you mean "search"? The rule limits nothing there.\n';
    const [validated, composed] = await Promise.all([weft(folder, 'config', 'validate'), weft(folder, 'compose')]);
    assert.deepEqual(validated, { code: 0, out: 'weft.config.json is valid: 1 subgraph.\n', err: warning });
    assert.deepEqual([composed.code, composed.err], [0, warning]);
    assert.match(composed.out, /type Query/);
    const broken = await weft(
      await folderWith(t, configFor(['Query.search'], 'type Query { a: Nothing }')),
      'config',
      'validate',
    );
    assert.equal(broken.code, 0);
    assert.match(broken.err, /The graph cannot be made, so that what the configuration names of it is not checked/);
  });

  it('are told in the log with each graph, and with each configuration', async (t) => {
    const folder = await folderWith(t, configFor(['Query.serch']));
    const lines: string[] = [];
    const log = { info() {}, warn: (line: string) => void lines.push(line), error() {} };
    const configFile = join(folder, 'weft.config.json');
    const gateway = await createGateway({ configFile, log });
    t.after(() => gateway.close());
    const told = () => lines.filter((line) => line.startsWith('rate_limit.'));
    const ask = () =>
      gateway.fetch(
        new Request('http://any.example/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"query":"{ __typename }"}',
        }),
      );
    await ask();
    await ask();
    assert.equal(told().length, 1);
    assert.match(told()[0] ?? '', /no field "Query.serch"/);
    await writeFile(configFile, JSON.stringify(configFor(['Query.find'])));
    await gateway.reload('test');
    await ask();
    await until(() => told().length === 2);
    assert.match(told()[1] ?? '', /no field "Query.find"/);
    // What comes at the same time as its field was never missing.
    await writeFile(configFile, JSON.stringify(configFor(['Query.look'], 'type Query { look: Int }')));
    await gateway.reload('test');
    await ask();
    assert.equal(told().length, 2);
  });
});

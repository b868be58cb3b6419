import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type LoadConfigOptions, loadConfig } from '../../src/config/loadConfig.ts';
import { IssuesError } from '../../src/errors/Issue.ts';

function folder(t: TestContext, files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'weft-config-'));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

async function problems(
  options: Omit<LoadConfigOptions, 'env'> & { readonly env?: LoadConfigOptions['env'] },
): Promise<string> {
  const error: unknown = await loadConfig({ env: {}, ...options }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof IssuesError);
  return error.message.replaceAll(options.directory, '<dir>');
}

const a = {
  'weft.config.yaml': 'subgraphs: { a: { url: http://a/, schema: a.graphql } }\n',
  'a.graphql': 'type Query { a: Int }',
};

test('defaults are filled in, shorthands written out and paths made absolute', async (t) => {
  const directory = folder(t, a);
  const { config, warnings } = await loadConfig({ directory, env: {} });
  assert.deepEqual(warnings, []);
  assert.equal(config.port, 4000);
  assert.equal(config.shutdown_timeout, 10_000);
  assert.deepEqual(config.files, [join(directory, 'weft.config.yaml')]);
  assert.deepEqual(config.subgraphs, [
    {
      name: 'a',
      url: 'http://a/',
      schema: { kind: 'file', file: join(directory, 'a.graphql') },
      headers: { send: {}, propagate: [] },
      traffic_shaping: { timeout: 30_000, connections: 64, deduplicate_query: true, reuse_entities: true },
    },
  ]);
  assert.ok(Object.isFrozen(config.subgraphs[0]));
});

test('all problems of a file come at once, in its order, each with its place', async (t) => {
  const directory = folder(t, {
    'weft.config.yaml': `prot: 4000
port: abc
graphiql: maybe
supergrph: x
subgraphs:
  - name: a
    url: http://a/
    schema: { file: missing.graphql }
  - name: a
    url: \${env.NOWHERE}
    schema: { opnapi: x.yaml }
    merge:
      Product: { selectionSet: 5, feldName: x }
  - url: ftp://x
    schema: { file: a.graphql, sdl: "type Query { a: Int }" }
  - name: g
    url: grpc://h:1
    schema: { proto: [gone.proto] }
    traffic_shaping: { timeout: soon }
  - 7
headers: { subgraphs: { bb: { send: 4 } } }
`,
    'a.graphql': '',
  });
  t.assert.fileSnapshot(
    `${await problems({ directory })}\n`,
    join(import.meta.dirname, '../golden/config/malformed.txt'),
    { serializers: [String] },
  );
});

test('a syntax error of YAML and of JSON has its line', async (t) => {
  const directory = folder(t, { 'a.yaml': 'port: 1\nport: [2\n', 'b.json': '{\n  "port": 1,\n  "host" "x"\n}' });
  const text = `${await problems({ directory, file: 'a.yaml' })}\n${await problems({ directory, file: 'b.json' })}\n`;
  t.assert.fileSnapshot(text, join(import.meta.dirname, '../golden/config/syntax.txt'), { serializers: [String] });
});

test('a configuration needs subgraphs or a supergraph, a folder needs a configuration', async (t) => {
  const directory = folder(t, {
    'none.yaml': 'port: 1\n',
    'both.yaml': 'supergraph: s\nsubgraphs: [{ name: a, schema: s }]\n',
    s: '',
  });
  const text = [
    await problems({ directory, file: 'none.yaml' }),
    await problems({ directory, file: 'both.yaml' }),
    await problems({ directory }),
    await problems({ directory, file: 'gone.yaml' }),
  ];
  t.assert.fileSnapshot(`${text.join('\n')}\n`, join(import.meta.dirname, '../golden/config/origin.txt'), {
    serializers: [String],
  });
});

test('the environment gives texts, numbers and booleans, with a default where it has none', async (t) => {
  const directory = folder(t, {
    ...a,
    'weft.config.yaml': `port: \${env.PORT:-4000}\ngraphiql: \${env.UI:-false}\nhost: 127.0.\${env.HOST}\nsubgraphs: { a: { url: "http://a/", schema: a.graphql } }\n`,
  });
  const { config } = await loadConfig({ directory, env: { PORT: '4711', UI: '', HOST: '0.2' } });
  assert.deepEqual([config.port, config.graphiql, config.host], [4711, false, '127.0.0.2']);
});

test('a module with a default export is a configuration', async (t) => {
  const directory = folder(t, {
    'weft.config.js': `export default { port: 5, subgraphs: [{ name: 'a', url: 'http://a/', schema: { sdl: 'type Query { a: Int }' } }] };\n`,
    'package.json': '{"type":"module"}',
  });
  assert.equal((await loadConfig({ directory, env: {} })).config.port, 5);
});

test('a supergraph given by option needs no file, and settings by name override its subgraphs', async (t) => {
  const directory = folder(t, { 's.graphql': '' });
  const { config } = await loadConfig({
    directory,
    env: {},
    input: { traffic_shaping: { all: { timeout: '2s' }, subgraphs: { a: { timeout: '500ms' } } } },
    overrides: { supergraph: 's.graphql', port: 0 },
  });
  assert.equal(config.supergraph, join(directory, 's.graphql'));
  assert.equal(config.port, 0);
  assert.deepEqual(
    config.subgraphs.map(({ name, traffic_shaping }) => [name, traffic_shaping.timeout]),
    [['a', 500]],
  );
});

test('headers in the forms of other gateways are the same rules', async () => {
  const input = {
    headers: {
      all: { request: [{ propagate: { named: 'Authorization' } }, { insert: { name: 'X-From', value: 'weft' } }] },
      subgraphs: { a: { send: { 'X-Key': '1' } } },
    },
    subgraphs: [{ name: 'a', url: 'http://a/', schema: { sdl: 'x' }, headers: { propagate: ['Cookie'] } }],
  };
  const { config } = await loadConfig({ directory: tmpdir(), env: {}, input });
  assert.deepEqual(config.subgraphs[0]?.headers, {
    send: { 'x-from': 'weft', 'x-key': '1' },
    propagate: ['authorization', 'cookie'],
  });
});

test("rover's supergraph.yaml is read as it is; a schema in a registry is a problem", async (t) => {
  const good =
    'federation_version: =2.4.0\nsubgraphs:\n  a:\n    routing_url: http://a/\n    schema: { file: ./a.graphql }\n  b:\n    schema: { subgraph_url: http://b/ }\n';
  const directory = folder(t, {
    'supergraph.yaml': good,
    'a.graphql': '',
    'bad.yaml': `${good}  c:\n    routing_url: http://c/\n    schema: { graphref: x@y }\n`,
  });
  const { config } = await loadConfig({ directory, env: {}, file: 'supergraph.yaml' });
  assert.deepEqual(
    config.subgraphs.map(({ name, url, schema }) => [name, url, schema?.kind]),
    [
      ['a', 'http://a/', 'file'],
      ['b', 'http://b/', 'service'],
    ],
  );
  assert.match(
    await problems({ directory, file: 'bad.yaml' }),
    /bad\.yaml:10:15 subgraphs\.c\.schema\.graphref: Expected "file"/,
  );
});

test('compose.yaml of "wgc router compose" is read; what only Cosmo knows is a warning', async (t) => {
  const directory = folder(t, {
    'compose.yaml': `version: 1
feature_flags: []
subgraphs:
  - name: a
    routing_url: http://a/
    schema: { file: a.graphql }
    subscription: { url: ws://a/, protocol: ws }
  - name: b
    introspection: { url: http://b/, headers: { x: y } }
`,
    'a.graphql': '',
  });
  const { config, warnings } = await loadConfig({ directory, env: {}, file: 'compose.yaml' });
  assert.deepEqual(config.subgraphs[0]?.subscriptions, { protocol: 'ws', url: 'ws://a/' });
  assert.deepEqual(
    [config.subgraphs[1]?.url, config.subgraphs[1]?.schema],
    ['http://b/', { kind: 'service', url: 'http://b/', headers: { x: 'y' } }],
  );
  assert.deepEqual(warnings, [
    {
      file: 'compose.yaml',
      line: 2,
      column: 1,
      path: 'feature_flags',
      message: '"feature_flags" is for Cosmo\'s own router and is left out.',
    },
  ]);
});

test('a document that is no map of settings is refused, whatever it is', async (t) => {
  for (const [text, expected] of [
    ['[]', /Expected a map of settings; found a list/],
    ['7', /Expected a map of settings; found 7/],
    ['a: &a [*a]\nport: *a', /an alias is part of what it stands for/],
  ] as const) {
    const directory = folder(t, { 'weft.config.yaml': text });
    await assert.rejects(loadConfig({ directory }), expected);
  }
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'graphql';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { IssuesError } from '../../src/errors/Issue.ts';

const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1/graphql', schema: { sdl: 'type Query { a: Int }' } }];

async function load(t: TestContext, input: Readonly<Record<string, unknown>>) {
  const directory = await mkdtemp(join(tmpdir(), 'weft-config-'));
  t.after(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'more.graphql'), 'extend type Query { b: Int }');
  return { directory, ...(await loadConfig({ directory, env: {}, input: { subgraphs, ...input } })) };
}

test('additionalTypeDefs are SDL, files and documents', async (t) => {
  const document = parse('extend type Query { c: Int }');
  const { config, directory } = await load(t, {
    additionalTypeDefs: ['extend type Query { a: Int }', 'more.graphql', document],
  });
  const file = join(directory, 'more.graphql');
  assert.deepEqual(config.additionalTypeDefs, [
    { sdl: 'extend type Query { a: Int }' },
    { sdl: 'extend type Query { b: Int }', file },
    { sdl: 'extend type Query {\n  c: Int\n}' },
  ]);
  assert.deepEqual(config.files, [file]);
});

test('additionalResolvers stay the very object of the code, which nobody freezes', async (t) => {
  const additionalResolvers = { Query: { b: { resolve: () => 1 } } };
  const { config } = await load(t, { additionalTypeDefs: 'more.graphql', additionalResolvers });
  assert.equal(config.additionalResolvers, additionalResolvers);
  assert.equal(Object.isFrozen(additionalResolvers), false);
  assert.equal(Object.isFrozen(config), true);
});

test('resolvers of the wrong kind are told with their paths, all at once', async (t) => {
  const additionalResolvers = {
    Query: { b: 1, c: { selectionSet: '{ id }' }, d: { resolve: () => 1, selectionSet: 5 }, e: { resolver: () => 1 } },
    Product: [],
    Date: { serialize: () => 1 },
  };
  await assert.rejects(load(t, { additionalTypeDefs: 'none.graphql', additionalResolvers }), (error: unknown) => {
    assert.ok(error instanceof IssuesError);
    assert.deepEqual(
      error.issues.map(({ path, message }) => `${path}: ${message.replace(/"[^"]*none\.graphql"/, 'FILE')}`),
      [
        'additionalTypeDefs: Expected an SDL file; there is no file FILE.',
        'additionalResolvers.Query.b: Expected a function, or "{ selectionSet, resolve }"; got 1.',
        'additionalResolvers.Query.c: Expected a function, or "{ selectionSet, resolve }"; "resolve" is missing.',
        'additionalResolvers.Query.d.selectionSet: Expected a text such as "{ id }"; got 5.',
        'additionalResolvers.Query.e.resolver: Expected a function, or "{ selectionSet, resolve }"; got "resolver".',
        'additionalResolvers.Product: Expected resolvers by field; got a list.',
      ],
    );
    return true;
  });
});

test('resolvers need fields', async (t) => {
  await assert.rejects(load(t, { additionalResolvers: { Query: { b: () => 1 } } }), /there are none/);
});

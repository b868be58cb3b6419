import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { test } from 'node:test';

/** The house as docs/architecture.md has it: who may import whom, and who may touch Node's own modules. */
const HOUSE: Readonly<
  Record<string, { readonly imports: readonly string[]; readonly node: boolean; readonly async: boolean }>
> = {
  lib: { imports: [], node: false, async: false },
  errors: { imports: ['lib'], node: false, async: false },
  config: {
    imports: [
      'lib',
      'errors',
      'expressions',
      'Resolvers.ts',
      'supergraph/Subgraph.ts',
      'supergraph/gatewaySchema/GatewaySchema.ts',
    ],
    node: true,
    async: true,
  },
  supergraph: { imports: ['lib', 'errors', 'config/Config.ts'], node: false, async: false },
  plan: { imports: ['lib', 'errors', 'supergraph'], node: false, async: false },
  execute: { imports: ['lib', 'errors', 'supergraph', 'plan'], node: false, async: true },
  upstream: { imports: ['lib', 'errors'], node: true, async: true },
  sources: {
    imports: [
      'lib',
      'errors',
      'config/Config.ts',
      'config/SubgraphCredentials.ts',
      'supergraph',
      'upstream',
      'execute/Source.ts',
      'Resolvers.ts',
    ],
    node: true,
    async: true,
  },
  registry: {
    imports: [
      'lib',
      'errors',
      'Resolvers.ts',
      'config/Config.ts',
      'supergraph',
      'plan',
      'sources',
      'upstream',
      'execute/Source.ts',
    ],
    node: true,
    async: true,
  },
  cache: {
    imports: ['lib', 'errors', 'config/Config.ts', 'supergraph', 'plan', 'execute', 'upstream/HttpClient.ts'],
    node: true,
    async: true,
  },
  stores: {
    imports: ['lib', 'errors', 'config/Config.ts', 'execute/Source.ts', 'cache', 'plugins'],
    node: true,
    async: true,
  },
  expressions: { imports: ['lib', 'errors', 'context.ts', 'execute/Source.ts'], node: false, async: false },
  plugins: {
    imports: [
      'lib',
      'errors',
      'context.ts',
      'config/Config.ts',
      'config/RateLimitConfig.ts',
      'execute',
      'supergraph',
      'expressions',
      'cache',
    ],
    node: false,
    async: true,
  },
  server: {
    imports: [
      'lib',
      'errors',
      'context.ts',
      'Resolvers.ts',
      'config',
      'supergraph',
      'plan',
      'execute',
      'upstream',
      'sources',
      'registry',
      'plugins',
      'stores',
      'cache',
      'expressions',
    ],
    node: true,
    async: true,
  },
  cli: {
    imports: [
      'lib',
      'errors',
      'config',
      'supergraph',
      'plan',
      'execute',
      'upstream',
      'sources',
      'registry',
      'plugins',
      'server',
      'index.ts',
    ],
    node: true,
    async: true,
  },
};
/** Files that stand in `src/` itself, and what they may import. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['cli', 'errors', 'lib'],
  'index.ts': [
    'server',
    'config',
    'errors',
    'execute',
    'context.ts',
    'Resolvers.ts',
    'plugins',
    'registry',
    'supergraph',
    'sources',
    'lib',
    'requireNode.ts',
  ],
  'yoga.ts': ['plugins', 'execute/Source.ts', 'config/schema', 'supergraph/readCosts.ts'],
  'requireNode.ts': [],
  'context.ts': ['execute/Source.ts'],
  'Resolvers.ts': ['context.ts'],
};
const MOST_LINES = 400;

const root = join(import.meta.dirname, '..', 'src');
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));

interface Import {
  readonly target: string;
  readonly text: string;
}

function importsOf(file: string, text: string): Import[] {
  const found = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  return found.map((specifier) => {
    if (!specifier.startsWith('.')) return { target: specifier, text: specifier };
    const target = relative(root, join(root, file, '..', specifier))
      .split(sep)
      .join('/');
    return { target: `src/${target}`, text: specifier };
  });
}

test('every file of src is in a folder that the house knows, or is one of its doors', () => {
  const strangers = files.filter((file) =>
    file.includes('/') ? HOUSE[file.split('/')[0] ?? ''] === undefined : DOORS[file] === undefined,
  );
  assert.deepEqual(strangers, []);
});

test('no file imports from a folder that its own may not know', () => {
  const breaches: string[] = [];
  for (const file of files) {
    const folder = file.includes('/') ? (file.split('/')[0] ?? '') : file;
    const allowed = [folder, ...(HOUSE[folder]?.imports ?? DOORS[folder] ?? [])];
    for (const { target } of importsOf(file, readFileSync(join(root, file), 'utf8'))) {
      if (target.startsWith('node:') && HOUSE[folder]?.node === false) breaches.push(`${file} imports ${target}`);
      if (!target.startsWith('src/')) continue;
      const path = target.slice('src/'.length);
      if (!allowed.some((entry) => path === entry || path.startsWith(`${entry}/`)))
        breaches.push(`${file} imports ${path}`);
    }
  }
  assert.deepEqual(breaches, []);
});

test('what is pure and synchronous stays so', () => {
  const asynchronous = files.filter((file) => {
    const folder = file.split('/')[0] ?? '';
    return (
      HOUSE[folder]?.async === false &&
      /\basync\b|\bawait\b|\bPromise\b/.test(withoutComments(readFileSync(join(root, file), 'utf8')))
    );
  });
  assert.deepEqual(asynchronous, []);
});

test('no file is longer than one can read in one go', () => {
  const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > MOST_LINES);
  assert.deepEqual(long, []);
});

test('only the configuration reads the environment', () => {
  const readers = files.filter((file) =>
    /\bprocess\.env\b/.test(withoutComments(readFileSync(join(root, file), 'utf8'))),
  );
  assert.deepEqual(
    readers.filter((file) => !file.startsWith('config/') && !file.startsWith('cli/') && file !== 'main.ts'),
    [],
  );
});

test('graphql is installed exactly once', () => {
  const lock = JSON.parse(readFileSync(join(root, '..', 'package-lock.json'), 'utf8')) as {
    packages: Record<string, unknown>;
  };
  assert.deepEqual(
    Object.keys(lock.packages).filter((name) => name.endsWith('node_modules/graphql')),
    ['node_modules/graphql'],
  );
});

function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/'[^'\n]*'|`[^`]*`/g, "''");
}

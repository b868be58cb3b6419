import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { composeConfig } from '../../src/cli/composeConfig.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createGateway } from '../../src/index.ts';
import { createProver } from '../plugins/authentication/support/createProver.ts';
import { startIssuer } from '../plugins/authentication/support/startIssuer.ts';
import { send } from '../server/support/send.ts';
import { startShopBackends } from '../server/support/startShopBackends.ts';
import { hasOpenssl } from '../server/tls/support/createAuthority.ts';
import { freePort } from '../support/freePort.ts';
import { listenHere } from './support/listenHere.ts';
import { startDemo } from './support/startDemo.ts';
import { startProcess } from './support/startProcess.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = [
  'README.md',
  ...(await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];

const run = promisify(execFile);

interface Snippet {
  readonly language: string;
  /** From `file=PATH` behind the language. */
  readonly file: string | undefined;
  readonly text: string;
}

async function snippetsOf(page: string): Promise<readonly Snippet[]> {
  const text = await readFile(join(root, page), 'utf8');
  return [...text.matchAll(/^```(\w+)(?: file=(\S+))?[^\n]*\n(.*?)^```$/gms)].map(
    ([, language = '', file, body = '']) => ({
      language,
      file,
      text: body,
    }),
  );
}

/** Writes the files of a page, and runs those that make further ones; returns the folders that have a configuration. */
async function writeFiles(t: TestContext, snippets: readonly Snippet[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-docs-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const { file, text } of snippets) {
    if (file === undefined) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  for (const { file } of snippets)
    if (file?.endsWith('.sh'))
      await run('sh', ['-e', file.split('/').at(-1) ?? file], { cwd: dirname(join(folder, file)) });
  const folders = new Set(snippets.flatMap(({ file }) => (file === undefined ? [] : [dirname(join(folder, file))])));
  return [...folders].filter((path) => existsSync(join(path, 'weft.config.yaml')));
}

describe('the documentation', { timeout: 120_000 }, () => {
  for (const page of pages) {
    it(`every configuration in ${page} composes`, { timeout: 20_000 }, async (t) => {
      const snippets = await snippetsOf(page);
      if (!hasOpenssl && snippets.some(({ file }) => file?.endsWith('.sh'))) return t.skip('needs openssl');
      for (const folder of await writeFiles(t, snippets)) {
        const { config, warnings } = await loadConfig({ directory: folder, env: {} });
        assert.deepEqual(warnings, []);
        assert.match(await composeConfig(config), /type Query/);
      }
    });

    it(`every link of ${page} leads to a file`, async () => {
      const text = await readFile(join(root, page), 'utf8');
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = '']) => link);
      for (const link of links) assert.ok(existsSync(join(root, dirname(page), link)), `${page} links to "${link}"`);
    });
  }

  it('every program in TypeScript has the right types', { timeout: 60_000 }, async (t) => {
    // Below node_modules, so that imports are found as in a user's project.
    const folder = await mkdtemp(join(root, 'node_modules', '.weft-docs-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const programs = (await Promise.all(pages.map(snippetsOf))).flat().filter(({ language }) => language === 'ts');
    assert.ok(programs.length >= 4);
    for (const [index, { text }] of programs.entries()) await writeFile(join(folder, `program${index}.ts`), text);
    const compilerOptions = {
      noUnusedLocals: false,
      noUnusedParameters: false,
      paths: { weft: [join(root, 'src', 'index.ts')], 'weft/yoga': [join(root, 'src', 'yoga.ts')] },
      typeRoots: [join(root, 'node_modules', '@types')],
    };
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions,
      files: programs.map((_, index) => `program${index}.ts`),
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, include: [] }));
    const tsc = startProcess(t, join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder]);
    await tsc.ended;
    // What is wrong in src/ is the business of the type check.
    assert.equal(
      tsc
        .output()
        .match(/^\S*program\d+\.ts.*/gm)
        ?.join('\n'),
      undefined,
    );
  });

  it('the gateway schema answers as its page says', { timeout: 20_000 }, async (t) => {
    const snippets = await snippetsOf('docs/gateway-schema.md');
    const { subgraphs } = await startShopBackends(t);
    const [products = '', reviews = ''] = subgraphs.map(({ url }) => url);
    const placed = snippets.map((snippet) => ({
      ...snippet,
      text: snippet.text
        .replace("'weft'", JSON.stringify(pathToFileURL(join(root, 'src', 'index.ts')).href))
        .replace('http://127.0.0.1:5001/graphql', products)
        .replace('http://127.0.0.1:5002/graphql', reviews),
    }));
    const folder = await mkdtemp(join(tmpdir(), 'weft-docs-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    for (const { file, text } of placed.filter((snippet) => snippet.file !== undefined && !snippet.file.includes('/')))
      await writeFile(join(folder, file as string), text);
    const log = { info() {}, warn() {}, error() {} };
    const state = { state_directory: join(folder, 'state') };
    const { config } = await loadConfig({ directory: folder, env: {} });
    const gateway = await createGateway({ ...config, ...state, log });
    t.after(() => gateway.close());
    const at = snippets.findIndex(({ language, file }) => language === 'graphql' && file === undefined);
    const request = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const body = JSON.stringify({ query: snippets[at]?.text });
    const response = await gateway.fetch(new Request('http://any.example/graphql', { ...request, body }));
    assert.equal(await response.text(), snippets[at + 1]?.text.trim());
  });

  it('the example of metrics tells them where its page says, in all of its rows', { timeout: 20_000 }, async (t) => {
    const [folder = ''] = await writeFiles(t, await snippetsOf('docs/metrics.md'));
    const port = await freePort();
    const file = join(folder, 'weft.config.yaml');
    const own = (await readFile(file, 'utf8')).replace('127.0.0.1:9091', `127.0.0.1:${port}`);
    const counted = [
      'rate_limit: { rules: [{ name: each, rate: 1, window: 1s }] }',
      'response_cache: { enabled: true }',
      'demand_control: { mode: measure }',
    ];
    await writeFile(file, `${own}${counted.join('\n')}\n`);
    const { config } = await loadConfig({ directory: folder, env: {} });
    const log = { info() {}, warn() {}, error() {} };
    const gateway = await createGateway({ ...config, state_directory: join(folder, 'state'), log });
    t.after(() => gateway.close());
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const page = await readFile(join(root, 'docs/metrics.md'), 'utf8');
    const told = [...text.matchAll(/^# TYPE (weft_\w+)/gm)].map(([, name]) => name).toSorted();
    assert.deepEqual([...page.matchAll(/^\| `(weft_\w+)`/gm)].map(([, name]) => name).toSorted(), told);
  });

  it('the example of authentication lets its key in and nobody else', { timeout: 20_000 }, async (t) => {
    const heard: (string | undefined)[] = [];
    const url = await listenHere(t, (request, response) => {
      heard.push(request.headers['x-caller']?.toString());
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{"me":{"name":"Ann"}}}');
    });
    const snippets = await snippetsOf('docs/authentication.md');
    const placed = snippets.map((snippet) => ({
      ...snippet,
      text: snippet.text.replace('http://127.0.0.1:4101/graphql', url),
    }));
    const [folder = ''] = await writeFiles(t, placed);
    const { config } = await loadConfig({ directory: folder, env: {} });
    const gateway = await createGateway({ ...config, log: { info() {}, warn() {}, error() {} } });
    t.after(() => gateway.close());
    const ask = async (headers: Readonly<Record<string, string>>) => {
      const all = { 'content-type': 'application/json', ...headers };
      const init = { method: 'POST', headers: all, body: '{"query":"{ me { name } }"}' };
      const response = await gateway.fetch(new Request('http://any.example/graphql', init));
      return `${response.status} ${await response.text()}`;
    };
    assert.match(await ask({}), /^401 .*UNAUTHENTICATED/);
    assert.match(await ask({ 'x-api-key': 'weft_other', 'x-caller': 'root' }), /^401 .*UNAUTHENTICATED/);
    assert.equal(await ask({ 'x-api-key': 'weft_example', 'x-caller': 'root' }), '200 {"data":{"me":{"name":"Ann"}}}');
    assert.deepEqual(heard, ['billing']);
  });

  it('a token that is bound to a key gets in with its proof, as the page on authentication says', async (t) => {
    const url = await listenHere(t, (_request, response) => {
      response.setHeader('content-type', 'application/json').end('{"data":{"me":{"name":"Ann"}}}');
    });
    await using issuer = await startIssuer();
    const placed = (await snippetsOf('docs/authentication.md')).map((snippet) => ({
      ...snippet,
      text: snippet.text
        .replace('http://127.0.0.1:4101/graphql', url)
        .replace('https://id.example.com/.well-known/jwks.json', issuer.jwksUrl)
        .replace('https://id.example.com', issuer.name),
    }));
    const folder = (await writeFiles(t, placed)).find((path) => path.endsWith('dpop')) ?? '';
    const { config } = await loadConfig({ directory: folder, env: {} });
    const gateway = await createGateway({ ...config, log: { info() {}, warn() {}, error() {} } });
    t.after(() => gateway.close());
    const client = await createProver();
    const token = await issuer.sign({ cnf: { jkt: client.jkt } });
    const ask = async (headers: Readonly<Record<string, string>>) => {
      const all = { 'content-type': 'application/json', ...headers };
      const init = { method: 'POST', headers: all, body: '{"query":"{ me { name } }"}' };
      const response = await gateway.fetch(new Request('http://any.example/graphql', init));
      return `${response.status} ${await response.text()}`;
    };
    const dpop = await client.prove({ method: 'POST', url: config.public_url ?? '', token });
    assert.equal(await ask({ authorization: `DPoP ${token}`, dpop }), '200 {"data":{"me":{"name":"Ann"}}}');
    assert.match(await ask({ authorization: `DPoP ${token}`, dpop }), /^401 .*used before/);
    assert.match(await ask({ authorization: `Bearer ${token}` }), /^401 /);
  });

  it('the example of TLS lets its client in by its certificate', {
    skip: !hasOpenssl && 'needs openssl',
  }, async (t) => {
    const url = await listenHere(t, (_request, response) => {
      response.setHeader('content-type', 'application/json').end('{"data":{"me":{"name":"Ann"}}}');
    });
    const placed = (await snippetsOf('docs/tls.md')).map((snippet) => ({
      ...snippet,
      text: snippet.text.replace('http://127.0.0.1:4101/graphql', url),
    }));
    const [folder = ''] = await writeFiles(t, placed);
    const { config } = await loadConfig({ directory: folder, env: {} });
    const gateway = await createGateway({ ...config, log: { info() {}, warn() {}, error() {} } });
    t.after(() => gateway.close());
    const served = await gateway.listen({ host: '127.0.0.1', port: 0 });
    const read = (name: string) => readFile(join(folder, name), 'utf8');
    const [ca, cert, key] = await Promise.all([read('server.crt'), read('billing.crt'), read('billing.key')]);
    const curl = placed.find(({ text }) => text.startsWith('curl '))?.text ?? '';
    const body = / -d '([^']*)'/.exec(curl)?.[1] ?? '';
    const ask = async (tls: { readonly ca: string; readonly cert?: string; readonly key?: string }) => {
      const sent = await send(served.url, { headers: { 'content-type': 'application/json' }, body, tls });
      return `${sent.status} ${sent.body}`;
    };
    assert.equal(await ask({ ca, cert, key }), '200 {"data":{"me":{"name":"Ann"}}}');
    assert.match(await ask({ ca }), /^401 .*UNAUTHENTICATED/);
  });

  it('the examples of credentials for subgraphs tell them who asks', { timeout: 20_000 }, async (t) => {
    const heard: string[] = [];
    const url = await listenHere(t, (request, response) => {
      heard.push(request.headers.authorization?.replace('Bearer ', '') ?? '');
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{"me":{"name":"Ann"}}}');
    });
    const snippets = await snippetsOf('docs/subgraph-credentials.md');
    const place = (text: string) => text.replace('http://127.0.0.1:4101/graphql', url);
    const [folder = ''] = await writeFiles(
      t,
      snippets.map((snippet) => ({ ...snippet, text: place(snippet.text) })),
    );
    const open = async () => {
      const { config } = await loadConfig({ directory: folder, env: {} });
      const gateway = await createGateway({ ...config, log: { info() {}, warn() {}, error() {} } });
      t.after(() => gateway.close());
      return gateway;
    };
    const ask = async (gateway: Awaited<ReturnType<typeof open>>) => {
      const headers = { 'content-type': 'application/json', 'x-api-key': 'weft_example', authorization: 'Bearer evil' };
      const init = { method: 'POST', headers, body: '{"query":"{ me { name } }"}' };
      const response = await gateway.fetch(new Request('http://any.example/graphql', init));
      assert.equal(await response.text(), '{"data":{"me":{"name":"Ann"}}}');
      return heard.at(-1) ?? '';
    };
    const secret = new TextEncoder().encode('a secret of at least 32 characters');
    const { payload } = await jwtVerify(await ask(await open()), secret, { issuer: 'https://gateway.example.com' });
    const { sub, aud, scope, tenant } = payload;
    assert.deepEqual([sub, aud, scope, tenant], ['billing', 'accounts', 'invoices:read', 'acme']);
    if (!hasOpenssl) return;
    const command = snippets.find(({ text }) => text.startsWith('openssl '))?.text.trim() ?? '';
    execFileSync('sh', ['-c', command], { cwd: folder, stdio: 'ignore' });
    const rotated = snippets.find(({ file, text }) => file === undefined && text.includes('jwks_path'))?.text ?? '';
    const first = await readFile(join(folder, 'weft.config.yaml'), 'utf8');
    const from = first.indexOf('subgraph_authentication:');
    const other = first.slice(0, from) + rotated + first.slice(first.indexOf('subgraphs:', from) - 1);
    await writeFile(join(folder, 'weft.config.yaml'), other);
    const gateway = await open();
    const keys = await (await gateway.fetch(new Request('http://any.example/.well-known/jwks.json'))).json();
    const verified = await jwtVerify(await ask(gateway), createLocalJWKSet(keys as JSONWebKeySet));
    assert.equal(verified.payload.sub, 'billing');
  });

  it('the example of demand control costs what its page says', { timeout: 20_000 }, async (t) => {
    const snippets = await snippetsOf('docs/demand-control.md');
    const placed = snippets.map((snippet) => ({ ...snippet, text: snippet.text.replace('max: 1000', 'max: 409') }));
    const [folder = ''] = await writeFiles(t, placed);
    const { config } = await loadConfig({ directory: folder, env: {} });
    const gateway = await createGateway({ ...config, log: { info() {}, warn() {}, error() {} } });
    t.after(() => gateway.close());
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ products(first: 10) { name reviews { text } } }"}',
    };
    const response = await gateway.fetch(new Request('http://any.example/graphql', init));
    assert.match(await response.text(), /COST_ESTIMATED_TOO_EXPENSIVE.*"estimated":410,"max":409/);
  });

  it('the example of caching remembers, and forgets, as its page says', { timeout: 20_000 }, async (t) => {
    let calls = 0;
    const url = await listenHere(t, (request, response) => {
      calls += 1;
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        const field = body.includes('mutation') ? 'rename' : 'product';
        response.setHeader('content-type', 'application/json');
        response.end(`{"data":{"${field}":{"upc":"1","name":"Chair","__typename":"Product"}}}`);
      });
    });
    const page = await readFile(join(root, 'docs/caching.md'), 'utf8');
    const listen = `127.0.0.1:${await freePort()}`;
    const placed = (await snippetsOf('docs/caching.md')).map((snippet) => ({
      ...snippet,
      text: snippet.text
        .replace('http://127.0.0.1:4101/graphql', url)
        .replace('  invalidation:', `  invalidation:\n    listen: "${listen}"`),
    }));
    const [folder = ''] = await writeFiles(t, placed);
    const { config } = await loadConfig({ directory: folder, env: {} });
    const gateway = await createGateway({ ...config, log: { info() {}, warn() {}, error() {} } });
    t.after(() => gateway.close());
    const ask = async (query: string) => {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      };
      const response = await gateway.fetch(new Request('http://any.example/graphql', init));
      assert.doesNotMatch(await response.text(), /errors/);
      return response.headers;
    };
    const query = '{ product(upc: "1") { upc name } }';
    assert.ok(page.includes(query));
    assert.equal((await ask(query)).get('cache-status'), 'Weft; fwd=miss; stored; ttl=30');
    const hit = await ask(query);
    assert.match(hit.get('cache-status') ?? '', /^Weft; hit; ttl=2[89]$/);
    assert.equal(hit.get('cache-control'), 'max-age=30, public');
    assert.equal(calls, 1);
    const mutation = /After `(mutation [^`]*)`/.exec(page)?.[1] ?? '';
    await ask(mutation);
    await ask(query);
    assert.equal(calls, 3);
    const [, authorization = '', body = ''] = /Authorization: ([^']*)' -d '([^']*)'/.exec(page) ?? [];
    const told = await fetch(`http://${listen}/invalidation`, { method: 'POST', headers: { authorization }, body });
    assert.deepEqual(await told.json(), { count: 1 });
    await ask(query);
    assert.equal(calls, 4);
  });

  it('the deferred query is answered in the parts that its page shows', { timeout: 20_000 }, async (t) => {
    const text = await readFile(join(root, 'docs/incremental-delivery.md'), 'utf8');
    const { url } = await startDemo(t);
    const body = / -d '([^']*)'/.exec(text)?.[1] ?? '';
    const headers = { 'content-type': 'application/json', accept: 'multipart/mixed' };
    const response = await fetch(url, { method: 'POST', headers, body });
    const shown = /^```\n(---\n.*?)^```$/ms.exec(text)?.[1] ?? 'nothing';
    assert.equal((await response.text()).replaceAll('\r\n', '\n'), shown);
  });

  it('the first query of the README answers as it says', { timeout: 20_000 }, async (t) => {
    const snippets = await snippetsOf('README.md');
    const index = snippets.findIndex(({ text }) => text.startsWith('curl '));
    const { url } = await startDemo(t);
    // As curl would send it; there may be none here.
    const body = / -d '([^']*)'/.exec(snippets[index]?.text ?? '')?.[1] ?? '';
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    assert.equal(await response.text(), snippets[index + 1]?.text.trim());
  });
});

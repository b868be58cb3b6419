import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createGateway } from '../../src/index.ts';
import { hashOf } from '../../src/plugins/hashOf.ts';
import { listenHere } from './support/listenHere.ts';

const root = join(import.meta.dirname, '../..');
const JSON_TYPE = { 'content-type': 'application/json' };

/** The blocks of a page in one language, in their order. */
async function blocksOf(page: string, language: string): Promise<readonly string[]> {
  const text = await readFile(join(root, 'docs', page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}[^\\n]*\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, body = '']) => body,
  );
}

/** A gateway with these blocks of YAML, over one subgraph that answers everything the same. */
async function startWith(t: TestContext, yaml: readonly string[], data: object, more: object = {}) {
  let calls = 0;
  const url = await listenHere(t, (request, response) => {
    calls += 1;
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data }));
  });
  const input = Object.assign({}, ...yaml.map((text) => parse(text) as object), more) as {
    subgraphs: { url: string }[];
  };
  for (const subgraph of input.subgraphs) subgraph.url = url;
  const { config } = await loadConfig({ directory: root, env: {}, input });
  const lines: string[] = [];
  const log = { info() {}, warn: (line: string) => void lines.push(line), error() {} };
  const gateway = await createGateway({ ...config, log });
  t.after(() => gateway.close());
  const ask = async (
    members: object,
    headers: Readonly<Record<string, string>> = {},
    pack?: (text: string) => Uint8Array,
  ) => {
    const text = JSON.stringify(members);
    const init = {
      method: 'POST',
      headers: { ...JSON_TYPE, ...headers },
      body: pack === undefined ? text : pack(text),
    };
    const response = await gateway.fetch(new Request('http://any.example/graphql', init as RequestInit));
    return `${response.status} ${await response.text()}`;
  };
  return { ask, lines, calls: () => calls };
}

describe('the pages of what stands in front of the graph', { timeout: 30_000 }, () => {
  it('threat protection answers as its page says', async (t) => {
    const [yaml = ''] = await blocksOf('threat-protection.md', 'yaml');
    const [answer = ''] = await blocksOf('threat-protection.md', 'json');
    const search = {
      query: 'query Search($text: String!) { search(text: $text) }',
      variables: { text: "' or 1=1--" },
    };
    const measuring = await startWith(t, [yaml], { search: [] });
    assert.equal(await measuring.ask(search), '200 {"data":{"search":[]}}');
    assert.match(measuring.lines.join('\n'), /The rule "sql_injection" would refuse the value at "variables\.text"/);
    const enforcing = await startWith(t, [yaml.replace('mode: measure', 'mode: enforce')], { saveArticle: true });
    assert.equal(await enforcing.ask(search), `400 ${answer.trim()}`);
    assert.match(await enforcing.ask({ ...search, variables: { text: 'free-1234' } }), /"rule":"voucher"/);
    const save = 'mutation($text: String!) { saveArticle(markdown: $text) }';
    assert.match(await enforcing.ask({ query: save, variables: { text: '<script>a</script>' } }), /^200/);
    assert.match(await enforcing.ask({ query: save, variables: { text: '; cat /etc/passwd' } }), /command_injection/);
    const preview = { query: '{ preview(url: "http://169.254.169.254/") }' };
    assert.match(await enforcing.ask(preview), /"rule":"ssrf","place":"Query\.preview\.url"/);
    assert.equal(enforcing.calls(), 1);
  });

  it('limits read bodies and refuse kinds of operations as their page says', async (t) => {
    const blocks = await blocksOf('limits.md', 'yaml');
    const security = blocks.filter((block) => block.startsWith('security:'));
    assert.equal(security.length, 1);
    const keys = [{ hash: await hashOf('weft_w'), consumer: 'ann', scopes: ['write'] }];
    const sdl = 'type Query { me: Int } type Mutation { add: Int } type Subscription { added: Int }';
    const more = {
      authentication: { api_keys: { keys }, anonymous: true },
      subgraphs: [{ name: 'a', schema: { sdl } }],
    };
    const door = await startWith(t, [blocks[0] ?? '', ...security], { me: 1, add: 1 }, more);
    assert.equal(
      await door.ask({ query: '{ me }' }, { 'content-encoding': 'gzip' }, (text) => gzipSync(text)),
      '200 {"data":{"me":1}}',
    );
    assert.match(await door.ask({ query: '{ me }' }, { 'content-encoding': 'compress' }), /^415/);
    const bomb = () => gzipSync(Buffer.alloc(1_000_000, ' '));
    assert.match(await door.ask({}, { 'content-encoding': 'gzip' }, bomb), /^413 .*larger than 200000 bytes once/);
    assert.match(await door.ask({ query: 'mutation { add }' }), /^403 .*OPERATION_BLOCKED/);
    assert.match(await door.ask({ query: 'mutation { add }' }, { 'x-api-key': 'weft_w' }), /^200/);
    const events = { accept: 'text/event-stream', 'x-api-key': 'weft_w' };
    assert.match(await door.ask({ query: 'subscription { added }' }, events), /OPERATION_BLOCKED/);
  });

  it('rate limits count wrong credentials as their page says', async (t) => {
    const guesses = (await blocksOf('rate-limiting.md', 'yaml')).filter((block) =>
      block.includes('failed_authentication'),
    );
    assert.equal(guesses.length, 1);
    const keys = [{ hash: await hashOf('weft_good'), consumer: 'ann' }];
    const more = {
      authentication: { api_keys: { keys } },
      subgraphs: [{ name: 'a', schema: { sdl: 'type Query { me: Int }' } }],
    };
    const door = await startWith(t, guesses, { me: 1 }, more);
    for (let tries = 0; tries < 10; tries += 1)
      assert.match(await door.ask({ query: '{ me }' }, { 'x-api-key': `weft_${tries}` }), /^401/);
    assert.match(await door.ask({ query: '{ me }' }, { 'x-api-key': 'weft_good' }), /^429 .*guesses/);
    assert.equal(door.calls(), 0);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { hashOf } from '../../../src/plugins/hashOf.ts';
import { createMemoryDocuments } from '../../../src/plugins/persistedDocuments/createMemoryDocuments.ts';
import { readEntries } from '../../../src/server/frontDoor/readManifest.ts';
import { send } from '../../server/support/send.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import { hasRedis, startRedis } from '../../stores/support/startRedis.ts';
import { until } from '../../support/until.ts';
import { openTestDoor, silent } from '../authentication/support/openTestDoor.ts';
import { transports } from '../authentication/support/transports.ts';

const HELLO = '{ hello }';
const BUMP = 'mutation Bump { bump }';

async function open(persisted_documents: object, more: object = {}) {
  const frontDoor = await openTestDoor({ persisted_documents, ...more });
  const test = await startTestGateway({ frontDoor });
  const ask = async (members: object, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
    const all = { 'content-type': 'application/json', ...headers };
    const { status, body } = await send(test.url, { headers: all, body: JSON.stringify(members) });
    const { data, errors } = JSON.parse(body) as { data?: object; errors?: { extensions: { code: string } }[] };
    return `${status} ${errors?.[0]?.extensions.code ?? JSON.stringify(data)}`;
  };
  return { test, ask, [Symbol.asyncDispose]: () => test.gateway.close() };
}

const persisted = (sha256Hash: string, more: object = {}) => ({
  ...more,
  extensions: { persistedQuery: { version: 1, sha256Hash } },
});

async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-documents-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

describe('automatic persisted queries', { timeout: 30_000 }, () => {
  it('take a text once, and its hash from then on', async () => {
    await using door = await open({ apq: true });
    const hash = await hashOf(HELLO);
    assert.equal(await door.ask(persisted(hash)), '200 PERSISTED_QUERY_NOT_FOUND');
    assert.equal(await door.ask(persisted(hash, { query: HELLO })), '200 {"hello":"world"}');
    assert.equal(await door.ask(persisted(hash)), '200 {"hello":"world"}');
    assert.equal(await door.ask(persisted(hash.toUpperCase())), '200 {"hello":"world"}');
    const search = new URLSearchParams({ extensions: JSON.stringify(persisted(hash).extensions) });
    const { body } = await send(`${door.test.url}?${search}`, { method: 'GET' });
    assert.equal(body, '{"data":{"hello":"world"}}');
  });

  it('cannot be poisoned: a text has to be that of its hash', async () => {
    await using door = await open({ apq: true });
    const hash = await hashOf(HELLO);
    assert.equal(await door.ask(persisted(hash, { query: BUMP })), '200 PERSISTED_QUERY_HASH_MISMATCH');
    assert.equal(await door.ask(persisted(hash)), '200 PERSISTED_QUERY_NOT_FOUND');
    assert.equal(await door.ask(persisted('../../etc')), '200 PERSISTED_QUERY_NOT_FOUND');
    assert.equal(door.test.probe.bumps, 0);
  });

  it('are refused where they are malformed, and told where they are off', async () => {
    await using door = await open({ apq: true });
    assert.equal(
      await door.ask({ extensions: { persistedQuery: { version: 2, sha256Hash: 'a' } } }),
      '400 BAD_REQUEST',
    );
    assert.equal(await door.ask({ extensions: { persistedQuery: 'a' } }), '400 BAD_REQUEST');
    assert.equal(await door.ask({}), '400 BAD_REQUEST');
    await using off = await open({ apq: false });
    assert.equal(await off.ask(persisted(await hashOf(HELLO))), '200 PERSISTED_QUERY_NOT_SUPPORTED');
    assert.equal(await off.ask(persisted(await hashOf(HELLO), { query: HELLO })), '200 {"hello":"world"}');
  });

  it('take no more memory than they may', () => {
    const store = createMemoryDocuments(100_000);
    for (let n = 0; n < 10_000; n += 1) store.add(String(n), `${n}${'x'.repeat(1_000)}`);
    const kept = Array.from({ length: 10_000 }, (_item, n) => store.find(String(n))).filter(
      (text) => text !== undefined,
    );
    assert.ok(kept.length > 50 && kept.length < 100);
    store.add('huge', 'x'.repeat(200_000));
    assert.equal(store.find('huge'), undefined);
    assert.ok(store.find('9999') !== undefined);
  });

  for (const transport of transports.filter(({ name }) => name !== 'GET')) {
    it(`come over ${transport.name}`, async () => {
      const frontDoor = await openTestDoor({ persisted_documents: { apq: true } });
      await using test = await startTestGateway({ fastLane: transport.fastLane, frontDoor });
      const hash = await hashOf(HELLO);
      const headers = { 'content-type': 'application/json' };
      await send(test.url, { headers, body: JSON.stringify(persisted(hash, { query: HELLO })) });
      const seen = await transport.ask(test.url, {}, '', undefined, persisted(hash).extensions);
      assert.match(seen.body, /"hello":"world"/);
      assert.equal(test.snapshot.users, 0);
    });
  }

  const skip = hasRedis ? false : 'needs redis-server';
  it('are shared by gateways, and never fail where Redis does', { skip }, async () => {
    await using redis = await startRedis();
    const shared = { redis: { url: redis.url } };
    await using one = await open({ apq: { redis: true } }, shared);
    await using two = await open({ apq: { redis: true } }, shared);
    const hash = await hashOf(HELLO);
    await one.ask(persisted(hash, { query: HELLO }));
    assert.equal(await two.ask(persisted(hash)), '200 {"hello":"world"}');
    const { Redis } = await import('ioredis');
    const forger = new Redis(redis.url);
    forger.on('error', () => undefined);
    await forger.set(`weft:apq:${await hashOf('{ known }')}`, BUMP);
    assert.equal(await two.ask(persisted(await hashOf('{ known }'))), '200 PERSISTED_QUERY_NOT_FOUND');
    await redis.kill();
    forger.disconnect();
    assert.equal(await one.ask(persisted(hash)), '200 {"hello":"world"}');
    assert.equal(await one.ask(persisted(await hashOf('{ slow }'))), '200 PERSISTED_QUERY_NOT_FOUND');
    const text = '{ a: hello }';
    assert.equal(await one.ask(persisted(await hashOf(text), { query: text })), '200 {"a":"world"}');
    assert.equal(one.test.probe.bumps + two.test.probe.bumps, 0);
  });
});

describe('registered documents', { timeout: 30_000 }, () => {
  const APOLLO = JSON.stringify({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: 'hello-1', name: 'Hello', type: 'query', body: HELLO }],
  });

  it('are asked by name, whoever wrote the manifest', async (t) => {
    const folder = await folderWith(t, {
      'apollo.json': APOLLO,
      'relay.json': JSON.stringify({ 'relay-1': 'query R { known }', 'sha256:abc': '{ b: hello }' }),
    });
    const documents = await folderWith(t, {
      'a.graphql': '{ a: hello }',
      'named.json': '{"version":1,"body":"{ c: hello }"}',
    });
    await using door = await open({
      manifests: [join(folder, 'apollo.json'), { file: join(folder, 'relay.json') }, { folder: documents }],
    });
    assert.equal(await door.ask({ documentId: 'hello-1' }), '200 {"hello":"world"}');
    assert.equal(await door.ask({ documentId: 'sha256:abc' }), '200 {"b":"world"}');
    assert.equal(await door.ask({ documentId: `sha256:${await hashOf('{ a: hello }')}` }), '200 {"a":"world"}');
    assert.equal(await door.ask({ documentId: 'named' }), '200 {"c":"world"}');
    assert.equal(await door.ask(persisted('hello-1')), '200 {"hello":"world"}');
    assert.equal(await door.ask({ documentId: 'other' }), '200 PERSISTED_QUERY_NOT_IN_LIST');
    assert.equal(await door.ask({ query: '{ known }', documentId: 'hello-1' }), '200 {"hello":"world"}');
    assert.equal(await door.ask({ query: BUMP }), '200 {"bump":1}');
  });

  it('are all that is accepted where that is told, but for whom it is allowed', async (t) => {
    const folder = await folderWith(t, { 'apollo.json': APOLLO });
    const manifests = [join(folder, 'apollo.json')];
    await using listed = await open({ manifests, safelist: true, allow: 'headers["x-admin"] == "yes"' });
    assert.equal(await listed.ask({ query: HELLO }), '200 {"hello":"world"}');
    assert.equal(await listed.ask({ query: '# mine\nquery  { hello, }' }), '200 QUERY_NOT_IN_SAFE_LIST');
    assert.equal(await listed.ask({ query: '# mine\n {hello, }' }), '200 {"hello":"world"}');
    assert.equal(await listed.ask({ query: BUMP }), '200 QUERY_NOT_IN_SAFE_LIST');
    assert.equal(await listed.ask({ query: BUMP, documentId: 'x' }), '200 QUERY_NOT_IN_SAFE_LIST');
    assert.equal(await listed.ask(persisted(await hashOf(BUMP), { query: BUMP })), '200 QUERY_NOT_IN_SAFE_LIST');
    assert.equal(await listed.ask({ query: '"' }), '200 QUERY_NOT_IN_SAFE_LIST');
    assert.equal(listed.test.probe.bumps, 0);
    assert.equal(await listed.ask({ query: BUMP }, { 'x-admin': 'yes' }), '200 {"bump":1}');
    await using ids = await open({ manifests, require_id: true });
    assert.equal(await ids.ask({ query: HELLO }), '200 PERSISTED_QUERY_ID_REQUIRED');
    assert.equal(await ids.ask({ documentId: 'hello-1' }), '200 {"hello":"world"}');
    assert.equal(await ids.ask({ documentId: 'hello-1', query: BUMP }), '200 {"hello":"world"}');
    assert.equal(await ids.ask({ documentId: 'x', query: BUMP }), '200 PERSISTED_QUERY_ID_REQUIRED');
    assert.equal(await ids.ask({ documentId: 'x' }), '200 PERSISTED_QUERY_NOT_IN_LIST');
    assert.equal(await ids.ask({}), '400 BAD_REQUEST');
    assert.equal(ids.test.probe.bumps, 0);
  });

  it('change without restart, and stay where a manifest breaks', async (t) => {
    const folder = await folderWith(t, { 'm.json': '{"one":"{ hello }"}' });
    const file = join(folder, 'm.json');
    const lines: string[] = [];
    const frontDoor = await openTestDoor(
      { persisted_documents: { manifests: [{ file, poll_interval: '50ms' }], require_id: true } },
      { ...silent, error: (line) => void lines.push(line) },
    );
    await using test = await startTestGateway({ frontDoor });
    const ask = async (documentId: string) =>
      (await send(test.url, { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ documentId }) }))
        .body;
    assert.match(await ask('one'), /world/);
    await writeFile(file, '{"two":"{ hello }"}');
    await until(async () => /world/.test(await ask('two')));
    assert.match(await ask('one'), /PERSISTED_QUERY_NOT_IN_LIST/);
    await writeFile(file, '{"two": 7}');
    await until(async () => lines.length > 0);
    assert.match(lines[0] ?? '', /stay as they were: Expected a name and a text in the entry "two"/);
    assert.match(await ask('two'), /world/);
  });

  it('may be fetched, also once the place is there', async () => {
    let body = 'nothing yet';
    const server = createServer((request, response) => {
      response.statusCode = request.headers['x-token'] === 'a' ? 200 : 403;
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m.json`;
    try {
      await using door = await open({
        manifests: [{ url, headers: { 'x-token': 'a' }, poll_interval: '50ms' }],
        safelist: true,
      });
      assert.equal(await door.ask({ documentId: 'one' }), '200 PERSISTED_QUERY_NOT_IN_LIST');
      body = '{"one":"{ hello }"}';
      await until(async () => (await door.ask({ documentId: 'one' })) === '200 {"hello":"world"}');
    } finally {
      server.close();
    }
  });

  it('that are malformed stop the start, and say where', async (t) => {
    const folder = await folderWith(t, { 'bad.json': '{"operations":[{"id":"a"}]}' });
    const refused = (text: RegExp) => (error: unknown) => text.test(JSON.stringify(error));
    await assert.rejects(open({ manifests: [join(folder, 'bad.json')] }), refused(/entry \\"a\\"/));
    await assert.rejects(open({ manifests: ['/nowhere.json'] }), refused(/nowhere\.json/));
    await assert.rejects(open({ safelist: true }), refused(/without them nothing would be accepted/));
    await assert.rejects(
      open({ safelist: true, apq: true, manifests: ['x'] }),
      refused(/register documents by themselves/),
    );
    assert.throws(() => readEntries({ format: 'other', operations: [] }), /apollo-persisted-query-manifest/);
    assert.throws(() => readEntries([]), /an object/);
  });
});

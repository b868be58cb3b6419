import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { openTestDoor } from '../../plugins/authentication/support/openTestDoor.ts';
import { serveHttp } from '../../sources/graphql/serveHttp.ts';
import { until } from '../../support/until.ts';
import { send } from '../support/send.ts';
import { startTestGateway } from '../support/startTestGateway.ts';
import { verifyAws } from '../support/verifyAws.ts';

const SECRET = 'a/secret+of the store';
const keys = { region: 'eu-west-1', access_key_id: 'AKIDEXAMPLE', secret_access_key: SECRET };

/** One object of a store that speaks S3: it verifies signatures, and has an ETag. */
async function startStore(t: TestContext) {
  const store = { documents: { one: '{ hello }' } as Record<string, string>, asked: [] as string[], refused: 0 };
  const { url } = await serveHttp(t, (request, response) => {
    const received = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body: '',
    };
    if (!verifyAws(received, SECRET, 'eu-west-1/s3')) {
      store.refused += 1;
      response.writeHead(403).end();
      return;
    }
    const body = JSON.stringify(store.documents);
    const etag = `"${Object.keys(store.documents).slice(0, 10).join()}"`;
    const isSame = request.headers['if-none-match'] === etag;
    store.asked.push(`${request.url} ${isSame ? 304 : 200}`);
    response.writeHead(isSame ? 304 : 200, { etag, 'content-type': 'application/json' });
    response.end(isSame ? undefined : body);
  });
  return { store, endpoint: new URL(url).origin };
}

const documents = (manifest: object) => ({ persisted_documents: { manifests: [manifest], require_id: true } });
const json = { 'content-type': 'application/json' };

describe('a manifest in a store that speaks S3', { timeout: 30_000 }, () => {
  it('is fetched with a signature, again when its ETag is another one', async (t) => {
    const { store, endpoint } = await startStore(t);
    const manifest = { url: "s3://graph-documents/shop/it's(new)+.json", endpoint, ...keys, poll_interval: 20 };
    await using test = await startTestGateway({ frontDoor: await openTestDoor(documents(manifest)) });
    const ask = async (documentId: string) =>
      (await send(test.url, { headers: json, body: JSON.stringify({ documentId }) })).body;
    assert.match(await ask('one'), /world/);
    assert.match(await ask('two'), /PERSISTED_QUERY_NOT_IN_LIST/);
    await until(() => store.asked.length > 2);
    const path = '/graph-documents/shop/it%27s%28new%29%2B.json';
    assert.deepEqual(store.asked.slice(0, 3), [`${path} 200`, `${path} 304`, `${path} 304`]);
    assert.match(await ask('one'), /world/);
    store.documents = { ...store.documents, two: '{ hello }' };
    await until(async () => (await ask('two')).includes('world'));
    assert.equal(store.refused, 0);
  });

  it('may have thousands of documents', async (t) => {
    const { store, endpoint } = await startStore(t);
    const many = Array.from({ length: 3_000 }, (_, index) => [`d${index}`, `{ hello } # ${'x'.repeat(500)}`]);
    store.documents = Object.fromEntries(many) as Record<string, string>;
    const manifest = { url: 's3://graph-documents/all.json', endpoint, ...keys };
    await using test = await startTestGateway({ frontDoor: await openTestDoor(documents(manifest)) });
    const body = JSON.stringify({ documentId: 'd2999' });
    assert.match((await send(test.url, { headers: json, body })).body, /world/);
  });

  it('that refuses is told in the log, without a secret', async (t) => {
    const { store, endpoint } = await startStore(t);
    const logged: unknown[] = [];
    const log = { info() {}, warn() {}, error: (...entry: unknown[]) => void logged.push(...entry) };
    const manifest = { url: 's3://graph-documents/a.json', endpoint, ...keys, secret_access_key: 'a wrong secret' };
    const door = await openTestDoor(documents(manifest), log);
    t.after(() => door.close());
    assert.equal(store.refused, 1);
    assert.match(String(logged), /s3:\/\/graph-documents\/a\.json.*status 200, got 403/);
    assert.doesNotMatch(String(logged), /wrong secret|AKID/);
  });

  it('that is told badly is an issue with its place', async () => {
    const loading = (manifest: object) =>
      loadConfig({
        directory: '/nonexistent',
        env: {},
        input: {
          subgraphs: [{ name: 'a', url: 'http://a', schema: { sdl: 'type Query { a: Int }' } }],
          ...documents(manifest),
        },
      });
    const { config } = await loading({ url: 's3://bucket/key', ...keys });
    assert.equal(config.persisted_documents?.manifests[0]?.region, 'eu-west-1');
    await assert.rejects(
      loading({ url: 's3://bucket/key' }),
      /persisted_documents\.manifests\[0\]: Expected "access_key_id"/,
    );
    await assert.rejects(
      loading({ url: 's3://Bucket', ...keys }),
      /persisted_documents\.manifests\[0\].*name of a bucket/,
    );
    await assert.rejects(loading({ url: 'https://a/b', endpoint: 'https://c' }), /manifests\[0\].*"s3:\/\/" only/);
  });
});

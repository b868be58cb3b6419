import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import { createGateway } from '../../src/server/createGateway.ts';
import { listenHere } from '../e2e/support/listenHere.ts';
import { makeFolder, makeKey } from '../server/support/makeKeys.ts';
import { startTokenServer } from '../server/support/startTokenServer.ts';

describe('credentials across a reload', { timeout: 30_000 }, () => {
  it('that did not change go on with their tokens, a key file with another key signs at once', async (t) => {
    const tokens = await startTokenServer(t);
    const heard: { readonly authorization: string; readonly token: string }[] = [];
    const url = await listenHere(t, (request, response) => {
      heard.push({
        authorization: String(request.headers.authorization),
        token: String(request.headers['x-weft-token']),
      });
      response.setHeader('content-type', 'application/json');
      response.end(`{"data":{"${request.url?.slice(1)}":"x"}}`);
    });
    const folder = await makeFolder(t);
    const [first, second] = [await makeKey(folder, 'ES256'), await makeKey(folder, 'ES256')];
    const file = join(folder, 'signing.pem');
    await copyFile(first, file);
    const oauth2 = { token_url: tokens.url, client_id: 'a', client_secret: 'b' };
    const jwt = { issuer: 'weft', header: 'x-weft-token', value_prefix: '' };
    const write = (kid: string) =>
      writeFile(
        join(folder, 'weft.config.json'),
        JSON.stringify({
          subgraphs: [
            { name: 'a', url: `${url}/a`, schema: { sdl: 'type Query { a: String }' }, authentication: { oauth2 } },
            {
              name: 'b',
              url: `${url}/b`,
              schema: { sdl: 'type Query { b: String }' },
              authentication: {
                internal_jwt: { ...jwt, keys: [{ id: kid, algorithm: 'ES256', file: './signing.pem' }] },
              },
            },
          ],
          subgraph_authentication: { jwks_path: '/keys' },
          state_directory: './state',
        }),
      );
    await write('one');
    const log = { info() {}, warn() {}, error() {} };
    const gateway = await createGateway({ configFile: join(folder, 'weft.config.json'), log });
    t.after(() => gateway.close());
    const ask = async (query: string) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
      return (await gateway.fetch(new Request('http://any.example/graphql', init))).text();
    };
    const verify = async (token: string, pem: string) => {
      const spki = createPublicKey(await readFile(pem)).export({ type: 'spki', format: 'pem' });
      return jwtVerify(token, await importSPKI(String(spki), 'ES256'), { audience: 'b' });
    };
    assert.equal(await ask('{ a b }'), '{"data":{"a":"x","b":"x"}}');
    await copyFile(second, file);
    await write('two');
    await gateway.reload('test');
    assert.equal(await ask('{ a b }'), '{"data":{"a":"x","b":"x"}}');
    assert.equal(tokens.asked.length, 1);
    assert.deepEqual(heard.filter(({ authorization }) => authorization === 'Bearer t1').length, 2);
    const signed = heard.filter(({ token }) => token !== 'undefined').map(({ token }) => token);
    assert.deepEqual(
      signed.map((token) => decodeProtectedHeader(token).kid),
      ['one', 'two'],
    );
    await verify(signed[0] ?? '', first);
    await verify(signed[1] ?? '', second);
    const keys = await (await gateway.fetch(new Request('http://any.example/keys'))).json();
    assert.deepEqual(
      (keys as { keys: { kid: string }[] }).keys.map(({ kid }) => kid),
      ['two'],
    );
    // A key that is broken changes nothing.
    await writeFile(file, 'no key');
    await assert.doesNotReject(gateway.reload('test').catch(() => undefined));
    assert.equal(await ask('{ a b }'), '{"data":{"a":"x","b":"x"}}');
  });
});

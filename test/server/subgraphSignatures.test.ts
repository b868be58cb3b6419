import assert from 'node:assert/strict';
import { createHash, createHmac, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { createVerifier, httpbis } from 'http-message-signatures';
import { makeFolder, makeKey } from './support/makeKeys.ts';
import { send } from './support/send.ts';
import { type Heard, startListeners } from './support/startListeners.ts';

const SECRET = 'a secret of at least thirty-two characters';

/** By an implementation that is not ours. */
async function isSigned(heard: Heard, key: Parameters<typeof createVerifier>[0], algorithm: string): Promise<boolean> {
  const { method, headers, url } = heard;
  const verifier = createVerifier(key, algorithm as Parameters<typeof createVerifier>[1]);
  const request = { method, url: `http://${headers['host']}${url}`, headers: headers as Record<string, string> };
  const config = {
    keyLookup: async () => ({ id: 'k1', verify: verifier }),
    requiredParams: ['created', 'expires', 'nonce', 'keyid'],
  };
  try {
    return (await httpbis.verifyMessage(config, request)) === true;
  } catch {
    return false;
  }
}

describe('message signatures (RFC 9421)', { timeout: 30_000 }, () => {
  for (const [algorithm, kindOfKey] of [
    ['hmac-sha256', undefined],
    ['ed25519', 'EdDSA'],
    ['ecdsa-p256-sha256', 'ES256'],
    ['ecdsa-p384-sha384', 'ES384'],
    ['rsa-pss-sha512', 'PS256'],
  ] as const) {
    it(`are verified by another implementation, of whole requests (${algorithm})`, async (t) => {
      const file = kindOfKey === undefined ? undefined : await makeKey(await makeFolder(t), kindOfKey);
      const key = { id: 'k1', ...(file === undefined ? { secret: SECRET } : { file }) };
      const derived = ['method', 'target_uri', 'authority', 'path', 'query', 'scheme'];
      const message_signatures = {
        key,
        algorithm,
        derived_components: derived,
        headers: { include: ['x-user', 'content-type'] },
      };
      const { ask } = await startListeners(t, {
        input: () => ({
          headers: { send: { 'x-user': 'ann' } },
          subgraph_authentication: { all: { message_signatures } },
        }),
      });
      const known = file === undefined ? SECRET : createPublicKey(await readFile(file));
      for (const kind of ['graphql', 'sse', 'rest'] as const) {
        const heard = await ask(kind, { signature: 'evil', 'signature-input': 'evil' });
        assert.equal(await isSigned(heard, known, algorithm), true, kind);
        for (const name of ['x-user', 'content-type', 'host', 'content-digest'].filter((name) => heard.headers[name])) {
          const forged = { ...heard, headers: { ...heard.headers, [name]: 'evil' } };
          assert.equal(await isSigned(forged, known, algorithm), false, name);
        }
        assert.equal(await isSigned({ ...heard, url: '/other' }, known, algorithm), false);
        assert.equal(await isSigned({ ...heard, method: 'PUT' }, known, algorithm), false);
        const digest = createHash('sha256').update(heard.body).digest('base64');
        assert.equal(heard.headers['content-digest'], heard.body === '' ? undefined : `sha-256=:${digest}:`);
      }
      const socket = await ask('ws');
      assert.equal(await isSigned(socket, known, algorithm), true);
      assert.equal(JSON.stringify(socket.init).includes('signature'), false);
    });
  }
});

/** As subgraphs of Hive Gateway read it: of query and variables, keys in order, a request without variables has none. */
function hiveSignature(body: { query: string; variables?: Record<string, unknown> }): string {
  const ordered = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value;
  const variables = Object.keys(body.variables ?? {}).length > 0 ? body.variables : undefined;
  const signed = JSON.stringify({ query: body.query, variables }, ordered);
  return createHmac('sha256', SECRET).update(signed).digest('base64');
}

describe('hmac_signature', { timeout: 30_000 }, () => {
  it('stands in the extensions of queries, mutations and subscriptions', async (t) => {
    const { ask, heard, url } = await startListeners(t, {
      input: (subgraph) => ({
        subgraph_authentication: { all: { hmac_signature: { secret: SECRET } } },
        subgraphs: {
          graphql: {
            ...subgraph('graphql'),
            schema: { sdl: 'input F { z: [Float], a: F } type Query { graphql(f: F): String }' },
          },
          sse: subgraph('sse'),
          ws: subgraph('ws'),
          rest: subgraph('rest'),
        },
      }),
    });
    await ask('graphql');
    const variables = { f: { z: [1e21, 2.5], a: { z: [], a: null } } };
    const body = JSON.stringify({ query: 'query($f: F) { graphql(f: $f) }', variables });
    await send(url, { headers: { 'content-type': 'application/json' }, body });
    await ask('sse');
    await ask('ws');
    for (const { body } of heard) {
      const sent = JSON.parse(body) as { query: string; variables: object; extensions: Record<string, string> };
      assert.equal(sent.extensions['hmac-signature'], hiveSignature(sent as never));
    }
    assert.equal(heard.length, 4);
    assert.match(heard[1]?.body ?? '', /"z"/);
    assert.equal((await ask('rest')).headers['x-free'], '1');
  });

  it('can have another name, and be off for one subgraph', async (t) => {
    const { ask } = await startListeners(t, {
      input: (subgraph) => ({
        subgraph_authentication: { all: { hmac_signature: { secret: SECRET, extension_name: 'sig' } } },
        subgraphs: {
          graphql: subgraph('graphql'),
          sse: { ...subgraph('sse'), authentication: { hmac_signature: false } },
        },
      }),
    });
    const sent = JSON.parse((await ask('graphql')).body) as { query: string; extensions: Record<string, string> };
    assert.deepEqual(sent.extensions, { sig: hiveSignature(sent) });
    assert.doesNotMatch((await ask('sse')).body, /extensions/);
  });
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { createGateway } from '../../src/server/createGateway.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';
import { until } from '../support/until.ts';
import { makeFolder, makeKey } from './support/makeKeys.ts';
import { kinds, type Listeners, startListeners } from './support/startListeners.ts';

const SECRET = 'a secret of at least thirty-two characters';
const ISSUER = 'https://gateway.example.com';
const hs = { id: 'h1', algorithm: 'HS256', secret: SECRET };
const jwt = (more: object = {}) => ({ issuer: ISSUER, keys: [hs], ...more });
/** `weft hash api-key` of the key weft_example. */
const authentication = {
  anonymous: true,
  api_keys: {
    keys: [
      {
        consumer: 'billing',
        hash: 'sha256:a00abd53bdab3f738a63e53d3d4229cb75057e58e2c1aa0a891b7138c4a5a5a7',
        plan: 'pro',
        scopes: ['a', 'b'],
        attributes: { tenant: 'acme' },
      },
    ],
  },
};
const keyOf = (consumer: string) => ({
  consumer,
  hash: createHash('sha256').update(`weft_${consumer}`).digest('hex'),
});
const known = { 'x-api-key': 'weft_example' };

function open(t: TestContext, internal: object, more: object = {}): Promise<Listeners> {
  return startListeners(t, {
    input: () => ({ authentication, subgraph_authentication: { all: { internal_jwt: internal } }, ...more }),
  });
}

const bearer = (header: string | undefined) => /^Bearer (\S+)$/.exec(header ?? '')?.[1] ?? '';

describe('the token that tells a subgraph who asks', { timeout: 30_000 }, () => {
  for (const kind of kinds) {
    it(`has the caller's name, scopes, plan and chosen claims, and is for this subgraph alone (${kind})`, async (t) => {
      const claims = { tenant: 'caller.claims.tenant', absent: 'caller.claims.absent' };
      const { ask } = await open(t, jwt({ claims }), { headers: { propagate: ['authorization'] } });
      const { headers, init } = await ask(kind, known);
      const token = bearer(headers['authorization']);
      const options = { issuer: ISSUER, audience: kind, requiredClaims: ['exp', 'iat'] };
      const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode(SECRET), options);
      assert.deepEqual(protectedHeader, { alg: 'HS256', kid: 'h1', typ: 'JWT' });
      const { sub, scope, plan, tenant } = payload;
      assert.deepEqual({ sub, scope, plan, tenant }, { sub: 'billing', scope: 'a b', plan: 'pro', tenant: 'acme' });
      assert.equal('absent' in payload, false);
      assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 60);
      if (kind === 'ws') assert.equal((init as { authorization: string }).authorization, headers['authorization']);
    });

    it(`names nobody where nobody in particular asks, whatever the client sends (${kind})`, async (t) => {
      const { ask } = await open(t, jwt({ header: 'X-Weft-Token', value_prefix: '' }), {
        headers: { propagate: ['authorization', 'x-weft-token', 'X_Weft_Token'] },
      });
      const { headers } = await ask(kind, { 'x-weft-token': 'evil', X_Weft_Token: 'evil', 'x.weft.token': 'evil' });
      const { payload } = await jwtVerify(headers['x-weft-token'] ?? '', new TextEncoder().encode(SECRET));
      assert.equal(payload.sub, undefined);
      assert.equal(payload.aud, kind);
      assert.doesNotMatch(JSON.stringify(headers), /evil/);
    });
  }

  for (const algorithm of ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA']) {
    it(`is verified by the published keys (${algorithm})`, async (t) => {
      const file = await makeKey(await makeFolder(t), algorithm);
      const internal_jwt = jwt({ keys: [{ id: 'k1', algorithm, file }] });
      const { ask, url } = await startListeners(t, {
        input: () => ({ subgraph_authentication: { all: { internal_jwt }, jwks_path: '/keys' } }),
      });
      const { headers } = await ask('graphql');
      const keys = createRemoteJWKSet(new URL('/keys', url));
      const { payload } = await jwtVerify(bearer(headers['authorization']), keys, { audience: 'graphql' });
      assert.equal(payload.iss, ISSUER);
      const published = await (await fetch(new URL('/keys', url))).text();
      assert.doesNotMatch(published, /"(d|p|q|k)":/);
    });
  }

  it('survives a rotation: what the old key has signed is still verified, and no secret is published', async (t) => {
    const folder = await makeFolder(t);
    const [old, fresh] = [await makeKey(folder, 'ES256'), await makeKey(folder, 'ES256')];
    const oldKey = { id: 'old', algorithm: 'ES256', file: old };
    const newKey = { id: 'new', algorithm: 'ES256', file: fresh };
    const start = (keys: readonly object[]) =>
      startListeners(t, {
        input: () => ({ subgraph_authentication: { all: { internal_jwt: jwt({ keys }) }, jwks_path: '/keys' } }),
      });
    const before = bearer((await (await start([oldKey])).ask('graphql')).headers['authorization']);
    const { ask, url } = await start([newKey, oldKey, hs]);
    const after = bearer((await ask('graphql')).headers['authorization']);
    assert.deepEqual(
      [before, after].map((token) => decodeProtectedHeader(token).kid),
      ['old', 'new'],
    );
    const keys = createRemoteJWKSet(new URL('/keys', url));
    for (const token of [before, after]) await jwtVerify(token, keys, { issuer: ISSUER });
    const text = await (await fetch(new URL('/keys', url))).text();
    assert.deepEqual(
      (JSON.parse(text) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid),
      ['new', 'old'],
    );
    assert.equal((await fetch(new URL('/keys', url), { method: 'POST' })).status, 405);
  });

  for (const cache of [{ enabled: false }, { enabled: true }, { enabled: true, whole_operations: true }]) {
    it(`is no reason to ask twice for one caller, and is never shared by two (${JSON.stringify(cache)})`, async (t) => {
      const held: (() => void)[] = [];
      const seen: string[] = [];
      const { url } = await serveHttp(t, (request, response) => {
        const token = bearer(request.headers.authorization);
        const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub?: string };
        seen.push(String(sub));
        held.push(() => {
          response.setHeader('content-type', 'application/json');
          response.setHeader('cache-control', 'max-age=60');
          response.end(JSON.stringify({ data: { me: String(sub) } }));
        });
      });
      const gateway = await createGateway({
        subgraphs: [{ name: 'a', url, schema: { sdl: 'type Query { me: String }' } }],
        authentication: { anonymous: true, api_keys: { keys: ['one', 'two'].map(keyOf) } },
        subgraph_authentication: { all: { internal_jwt: jwt() } },
        response_cache: cache,
        state_directory: await makeFolder(t),
        log: { info() {}, warn() {}, error() {} },
      } as never);
      t.after(() => gateway.close());
      const { url: front } = await gateway.listen({ port: 0 });
      const ask = async (key?: string) => {
        const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { 'x-api-key': key }) };
        return (await fetch(front, { method: 'POST', headers, body: '{"query":"{ me }"}' })).text();
      };
      const pending = [ask('weft_one'), ask('weft_two'), ask('weft_one'), ask(), ask('weft_two'), ask()];
      await until(() => held.length >= 3);
      // What would come unasked has time to come.
      await wait(50);
      assert.deepEqual(seen.toSorted(), ['one', 'two', 'undefined']);
      for (const release of held) release();
      const answers = ['one', 'two', 'one', 'undefined', 'two', 'undefined'].map((me) => `{"data":{"me":"${me}"}}`);
      assert.deepEqual(await Promise.all(pending), answers);
      if (!cache.enabled) return;
      // What is remembered is apart too.
      assert.deepEqual(await Promise.all([ask('weft_one'), ask('weft_two'), ask()]), [
        answers[0],
        answers[1],
        answers[3],
      ]);
      assert.equal(held.length, 3);
    });
  }

  for (const [scope, says] of [
    ['visible', {}],
    ['public', { vary: 'Authorization' }],
    ['public', { vary: 'X-Other, AUTHORIZATION', 'cache-control': 'public, max-age=60' }],
    ['public', { 'cache-control': 'private, max-age=60' }],
  ] as const) {
    it(`keeps answers of a REST service apart (${scope}, ${JSON.stringify(says)})`, async (t) => {
      let asked = 0;
      const { url } = await serveHttp(t, (request, response) => {
        asked += 1;
        const payload = bearer(request.headers.authorization).split('.')[1] ?? '';
        const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub?: string };
        response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=60', ...says });
        response.end(JSON.stringify(String(sub)));
      });
      const folder = await makeFolder(t);
      const answered = { description: '', content: { 'application/json': { schema: { type: 'string' } } } };
      const spec = {
        openapi: '3.1.0',
        info: { title: 'a', version: '1' },
        paths: { '/me': { get: { operationId: 'me', responses: { 200: answered } } } },
      };
      await writeFile(join(folder, 'me.json'), JSON.stringify(spec));
      const gateway = await createGateway({
        subgraphs: [{ name: 'a', url: new URL(url).origin, schema: { openapi: join(folder, 'me.json') } }],
        authentication: { anonymous: true, api_keys: { keys: ['one', 'two'].map(keyOf) } },
        subgraph_authentication: { all: { internal_jwt: jwt() } },
        response_cache: { enabled: true, subgraph: { all: { scope } } },
        state_directory: folder,
        log: { info() {}, warn() {}, error() {} },
      } as never);
      t.after(() => gateway.close());
      const ask = async (key: string) => {
        const headers = { 'content-type': 'application/json', 'x-api-key': key };
        const init = { method: 'POST', headers, body: '{"query":"{ me }"}' };
        return (await gateway.fetch(new Request('http://any.example/graphql', init))).text();
      };
      for (let n = 0; n < 3; n += 1)
        for (const name of ['one', 'two']) assert.equal(await ask(`weft_${name}`), `{"data":{"me":"${name}"}}`);
      // What may be remembered is.
      if (scope === 'visible') assert.equal(asked, 2);
    });
  }
});

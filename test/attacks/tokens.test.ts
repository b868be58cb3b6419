import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { CompactEncrypt, exportSPKI, importJWK, type JWK } from 'jose';
import { openTestDoor } from '../plugins/authentication/support/openTestDoor.ts';
import { type Issuer, startIssuer } from '../plugins/authentication/support/startIssuer.ts';
import { transports } from '../plugins/authentication/support/transports.ts';
import { startTestGateway } from '../server/support/startTestGateway.ts';
import { answer, serveHttp } from '../sources/graphql/serveHttp.ts';

const base64url = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const soon = () => Math.floor(Date.now() / 1_000) + 300;
const SECRET = 'a secret of the gateway, long enough for HS256';

interface Scene {
  readonly issuer: Issuer;
  readonly other: Issuer;
}

const claimsOf = ({ issuer }: Scene, more: object = {}) => ({
  iss: issuer.name,
  aud: 'shop',
  sub: 'root',
  exp: soon(),
  ...more,
});
const bySecret = (header: object, claims: object, secret: string | Buffer) => {
  const text = `${base64url(header)}.${base64url(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};
const byKey = (header: object, claims: object, key: KeyObject) => {
  const text = `${base64url(header)}.${base64url(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
};
const pemOf = async (jwk: JWK) => exportSPKI((await importJWK(jwk, 'RS256', { extractable: true })) as never);
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const forged = publicKey.export({ format: 'jwk' });

/** Each makes a token that says "root", which nobody has issued. */
const FORGERIES: Readonly<Record<string, (scene: Scene) => Promise<string> | string>> = {
  ...Object.fromEntries(
    ['none', 'None', 'NONE', 'nOnE', '', ' none', 'none\0'].map((alg) => [
      `CVE-2026-39999: algorithm ${JSON.stringify(alg)}`,
      (scene: Scene) => `${base64url({ alg, typ: 'JWT' })}.${base64url(claimsOf(scene))}.`,
    ]),
  ),
  'CVE-2026-39999: HS256 with the public key in PEM': async (scene) =>
    bySecret({ alg: 'HS256', kid: 'k1' }, claimsOf(scene), await pemOf(scene.issuer.publicJwk)),
  'CVE-2026-39999: HS256 with the public key in PEM, cut': async (scene) =>
    bySecret({ alg: 'HS256', kid: 'k1' }, claimsOf(scene), (await pemOf(scene.issuer.publicJwk)).trim()),
  'CVE-2026-39999: HS256 with the public key in DER': async (scene) =>
    bySecret(
      { alg: 'HS256', kid: 'k1' },
      claimsOf(scene),
      createPublicKey({ key: scene.issuer.publicJwk as never, format: 'jwk' }).export({ type: 'spki', format: 'der' }),
    ),
  'CVE-2026-39999: HS256 with the key as JSON': (scene) =>
    bySecret({ alg: 'HS256', kid: 'k1' }, claimsOf(scene), JSON.stringify(scene.issuer.publicJwk)),
  'CVE-2026-39999: HS256 with the modulus': (scene) =>
    bySecret({ alg: 'HS256', kid: 'k1' }, claimsOf(scene), Buffer.from(scene.issuer.publicJwk.n ?? '', 'base64url')),
  'CVE-2026-39999: HS256 with no secret': (scene) => bySecret({ alg: 'HS256' }, claimsOf(scene), ''),
  'CVE-2026-39999: hs256 in another case': (scene) => bySecret({ alg: 'hs256' }, claimsOf(scene), SECRET),
  'CVE-2026-39999: a key of its own in the header': (scene) =>
    byKey({ alg: 'RS256', jwk: forged }, claimsOf(scene), privateKey),
  'CVE-2026-39999: a key of its own under the known kid': (scene) =>
    byKey({ alg: 'RS256', kid: 'k1', jwk: { ...forged, kid: 'k1' } }, claimsOf(scene), privateKey),
  'CVE-2026-39999: a certificate of its own in the header': (scene) =>
    byKey(
      { alg: 'RS256', x5c: [publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] },
      claimsOf(scene),
      privateKey,
    ),
  'CVE-2026-39999: an extension that has to be understood': (scene) =>
    byKey({ alg: 'RS256', crit: ['evil'], evil: 1, kid: 'k1' }, claimsOf(scene), privateKey),
  'CVE-2026-39999: a payload that is not encoded': (scene) =>
    byKey({ alg: 'RS256', crit: ['b64'], b64: false, kid: 'k1' }, claimsOf(scene), privateKey),
  'CVE-2026-39999: a path for a kid': (scene) =>
    bySecret({ alg: 'HS256', kid: '../../../../dev/null' }, claimsOf(scene), ''),
  'CVE-2026-39999: a name of Object.prototype for a kid': (scene) =>
    bySecret({ alg: 'HS256', kid: '__proto__' }, claimsOf(scene), ''),
  'CVE-2026-49872: a token of another issuer': ({ other }) => other.sign({ sub: 'root' }),
  'CVE-2026-49872: a token of another issuer in the name of this one': ({ issuer, other }) =>
    other.sign({ iss: issuer.name, sub: 'root' }),
  'CVE-2026-49872: two issuers in one claim': ({ issuer, other }) =>
    other.sign({ iss: [issuer.name, other.name] as never, sub: 'root' }),
  'CVE-2026-49872: a token for another service': ({ issuer }) => issuer.sign({ aud: 'bank', sub: 'root' }),
  'CVE-2026-49872: a token of the secret in the name of the issuer with keys': (scene) =>
    bySecret({ alg: 'HS256' }, claimsOf(scene), SECRET),
  'CVE-2026-49872: a token of the keys in the name of the issuer with a secret': ({ issuer }) =>
    issuer.sign({ iss: 'internal', sub: 'root' }),
  'CVE-2026-49230: an encrypted token': async ({ issuer }) =>
    new CompactEncrypt(Buffer.from(JSON.stringify({ iss: issuer.name, sub: 'root', exp: soon(), aud: 'shop' })))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'k1' })
      .encrypt(await importJWK(issuer.publicJwk, 'RSA-OAEP-256')),
  'CVE-2026-49230: an encrypted token with a key for all': () =>
    new CompactEncrypt(Buffer.from('{"sub":"root"}'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(new Uint8Array(32)),
  'CVE-2024-28176: an encrypted token that unpacks to 100 MB': () =>
    [
      base64url({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' }),
      '',
      base64url('x'.repeat(12)),
      deflateRawSync(Buffer.alloc(9_000_000)).toString('base64url').slice(0, 12_000),
      base64url('x'.repeat(16)),
    ].join('.'),
  'CVE-2022-36083: an encrypted token with 2 billion rounds': () =>
    [
      base64url({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2_147_483_647, p2s: base64url('x'.repeat(16)) }),
      base64url('x'.repeat(24)),
      base64url('x'.repeat(12)),
      base64url('x'),
      base64url('x'.repeat(16)),
    ].join('.'),
  'CVE-2022-36083: such a header on a signed token': (scene) =>
    bySecret({ alg: 'PBES2-HS256+A128KW', p2c: 2_147_483_647 }, claimsOf(scene), SECRET),
  'CVE-2026-49230: deep claims': (scene) =>
    byKey(
      { alg: 'RS256', kid: 'k1' },
      JSON.parse(`{"iss":"${scene.issuer.name}","a":${'['.repeat(4_000)}${']'.repeat(4_000)}}`) as object,
      privateKey,
    ),
};

describe('forged tokens', { timeout: 120_000 }, () => {
  let scene: Scene;
  before(async () => {
    scene = { issuer: await startIssuer(), other: await startIssuer() };
  });
  after(async () => {
    await scene.issuer[Symbol.asyncDispose]();
    await scene.other[Symbol.asyncDispose]();
  });
  const config = () => ({
    authentication: {
      jwt: {
        jwks: [
          { url: scene.issuer.jwksUrl, issuers: [scene.issuer.name], audiences: ['shop'] },
          { secret: SECRET, issuers: ['internal'], audiences: ['shop'] },
        ],
      },
    },
  });
  for (const transport of transports)
    it(`are all refused, and at once, over ${transport.name}`, async (t) => {
      await using test = await startTestGateway({
        fastLane: transport.fastLane,
        frontDoor: await openTestDoor(config()),
      });
      const ask = async (token: string) => transport.ask(test.url, { headers: { authorization: `Bearer ${token}` } });
      assert.equal((await ask(await scene.issuer.sign())).status, 200);
      const served = test.probe.executions;
      for (const [name, forge] of Object.entries(FORGERIES))
        await t.test(name, async () => {
          const token = await forge(scene);
          const start = performance.now();
          assert.equal((await ask(token)).status, transport.refusal);
          assert.ok(performance.now() - start < 1_000, `${performance.now() - start} ms`);
          assert.equal(test.probe.executions, served);
        });
      assert.equal((await ask(await scene.issuer.sign())).status, 200);
      assert.deepEqual(test.logged, []);
    });

  it('kid flood: a thousand names of keys make one fetch of the key set', async () => {
    await using test = await startTestGateway({ frontDoor: await openTestDoor(config()) });
    const [fast] = transports;
    await fast?.ask(test.url, { headers: { authorization: `Bearer ${await scene.issuer.sign()}` } });
    const before = scene.issuer.fetches;
    const flood = async (n: number) => {
      const token = byKey({ alg: 'RS256', kid: `evil${n}` }, claimsOf(scene), privateKey);
      assert.equal((await fast?.ask(test.url, { headers: { authorization: `Bearer ${token}` } }))?.status, 401);
    };
    for (let n = 0; n < 500; n += 25) await Promise.all(Array.from({ length: 25 }, (_, m) => flood(n + m)));
    assert.ok(scene.issuer.fetches - before <= 1, `${scene.issuer.fetches - before} fetches`);
  });

  it('jku, x5u: nothing is fetched from where a token says', async (t) => {
    let asked = 0;
    const evil = await serveHttp(t, (request, response) => {
      asked += 1;
      answer(200, JSON.stringify({ keys: [{ ...forged, kid: 'evil', alg: 'RS256' }] }))(request, response);
    });
    await using test = await startTestGateway({ frontDoor: await openTestDoor(config()) });
    for (const name of ['jku', 'x5u', 'iss', 'kid'])
      for (const transport of transports) {
        const token = byKey(
          { alg: 'RS256', kid: 'evil', [name]: evil.url },
          claimsOf(scene, name === 'iss' ? { iss: evil.url } : {}),
          privateKey,
        );
        const seen = await transport.ask(test.url, { headers: { authorization: `Bearer ${token}` } });
        assert.equal(seen.status, transport.refusal);
      }
    assert.equal(asked, 0);
  });

  it('timing of keys: what of a key is right makes no difference of time', async () => {
    const key = 'weft_0123456789abcdef0123456789abcdef';
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(key))).toString('hex');
    await using test = await startTestGateway({
      frontDoor: await openTestDoor({
        authentication: { api_keys: { keys: [{ consumer: 'ann', hash: `sha256:${hash}` }] } },
      }),
    });
    const [fast] = transports;
    const took = async (guess: string) => {
      const start = performance.now();
      for (let n = 0; n < 60; n += 1) {
        const seen = await fast?.ask(test.url, { headers: { 'x-api-key': guess } });
        assert.equal(seen?.status, 401);
      }
      return performance.now() - start;
    };
    const [near, far] = [`${key.slice(0, -1)}x`, 'x'.repeat(key.length)];
    await took(far);
    // By turns, the least of each: what else the machine does falls on both.
    const rounds: (readonly [number, number])[] = [];
    for (let round = 0; round < 5; round += 1) rounds.push([await took(near), await took(far)]);
    const least = (at: 0 | 1) => Math.min(...rounds.map((round) => round[at]));
    assert.ok(Math.abs(least(0) - least(1)) < Math.max(least(0), least(1)) * 0.5);
    // A key is looked up by its hash: of that, nobody can choose how it begins.
    assert.equal((await fast?.ask(test.url, { headers: { 'x-api-key': hash } }))?.status, 401);
    assert.equal((await fast?.ask(test.url, { headers: { 'x-api-key': `sha256:${hash}` } }))?.status, 401);
    assert.equal((await fast?.ask(test.url, { headers: { 'x-api-key': key } }))?.status, 200);
  });
});

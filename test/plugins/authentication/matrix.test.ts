/** Every kind of credentials, over every transport, good and in every way bad: a refusal is a refusal, and nothing behind the gateway hears of it. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SignJWT } from 'jose';
import { hashPassword } from '../../../src/plugins/authentication/passwordHash.ts';
import { hashOf } from '../../../src/plugins/hashOf.ts';
import type { FrontDoor } from '../../../src/server/frontDoor/openFrontDoor.ts';
import type { TlsPort } from '../../../src/server/tls/openTlsPort.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import { certificates } from './support/certificates.ts';
import { dpop } from './support/dpop.ts';
import { openTestDoor } from './support/openTestDoor.ts';
import { type Issuer, startIssuer } from './support/startIssuer.ts';
import { type Credentials, transports } from './support/transports.ts';

interface Kind {
  readonly name: string;
  config(issuer: Issuer, service: { readonly url: string }): Promise<object> | object;
  readonly good: (issuer: Issuer) => Promise<Credentials> | Credentials;
  readonly bad: Readonly<Record<string, (issuer: Issuer, other: Issuer) => Promise<Credentials> | Credentials>>;
  readonly challenge: RegExp;
  /** Why it cannot be tested on this machine. */
  readonly skip?: string | false;
  /** The port of the gateway, where it speaks TLS. */
  readonly openPort?: () => Promise<TlsPort>;
  readonly close?: () => Promise<void>;
}

const bearer = (token: string): Credentials => ({ headers: { authorization: `Bearer ${token}` } });
const basic = (text: string): Credentials => ({ headers: { authorization: `Basic ${btoa(text)}` } });
const key = (text: string): Credentials => ({ headers: { 'x-api-key': text } });
const past = () => Math.floor(Date.now() / 1_000) - 60;

function base64url(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** The payload of a good token under another header. */
async function withHeader(issuer: Issuer, header: object, signature = ''): Promise<Credentials> {
  const [, payload = ''] = (await issuer.sign()).split('.');
  return bearer(`${base64url(header)}.${payload}.${signature}`);
}

/** Knows one token, and breaks at another. */
async function startService(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    if (authorization === 'Bearer good') response.end('{"id":"ann","scopes":"read write"}');
    else response.writeHead(authorization === 'Bearer forbidden' ? 403 : 401).end('{"id":"root"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const kinds: readonly Kind[] = [
  certificates,
  dpop,
  {
    name: 'jwt',
    config: (issuer) => ({ jwt: { jwks: [{ url: issuer.jwksUrl, issuers: [issuer.name], audiences: ['shop'] }] } }),
    good: async (issuer) => bearer(await issuer.sign()),
    challenge: /^Bearer realm="weft"/,
    bad: {
      missing: () => ({}),
      'of another scheme': () => basic('ann:secret'),
      'without a token': () => ({ headers: { authorization: 'Bearer' } }),
      'with two tokens': () => ({ headers: { authorization: 'Bearer a b' } }),
      'no token at all': () => bearer('nonsense'),
      enormous: () => bearer(`${'a'.repeat(10_000)}.${'b'.repeat(2_000)}.c`),
      expired: async (issuer) => bearer(await issuer.sign({ exp: past() })),
      'without an end': async (issuer) => bearer(await issuer.sign({ exp: undefined as never })),
      'not valid yet': async (issuer) => bearer(await issuer.sign({ nbf: past() + 3_600 })),
      tampered: async (issuer) => {
        const [header, payload = '', signature] = (await issuer.sign()).split('.');
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as object;
        return bearer(`${header}.${base64url({ ...claims, sub: 'root' })}.${signature}`);
      },
      'with a cut signature': async (issuer) => bearer((await issuer.sign()).slice(0, -10)),
      'without its signature': async (issuer) => bearer((await issuer.sign()).replace(/[^.]*$/, '')),
      'of another issuer': async (_issuer, other) => bearer(await other.sign()),
      'of another issuer in the name of this': async (issuer, other) => bearer(await other.sign({ iss: issuer.name })),
      'for another audience': async (issuer) => bearer(await issuer.sign({ aud: 'bank' })),
      'without an audience': async (issuer) => bearer(await issuer.sign({ aud: undefined as never })),
      'with the algorithm none': (issuer) => withHeader(issuer, { alg: 'none' }),
      'with the algorithm NoNe': (issuer) => withHeader(issuer, { alg: 'NoNe', kid: 'k1' }),
      'signed by the public key as a secret': async (issuer) => {
        const secret = new TextEncoder().encode(JSON.stringify(issuer.publicJwk));
        const token = new SignJWT({ iss: issuer.name, aud: 'shop', sub: 'root', exp: past() + 3_600 });
        return bearer(await token.setProtectedHeader({ alg: 'HS256', kid: issuer.publicJwk.kid ?? '' }).sign(secret));
      },
      'naming its own key set': (issuer, other) =>
        withHeader(issuer, { alg: 'RS256', kid: 'k9', jku: other.jwksUrl, x5u: other.jwksUrl }, 'AAAA'),
      'bringing its own key': (issuer, other) => withHeader(issuer, { alg: 'RS256', jwk: other.publicJwk }, 'AAAA'),
      'encrypted instead of signed': () => bearer('e30.e30.e30.e30.e30'),
    },
  },
  {
    name: 'forward',
    config: (_issuer, service) => ({ forward: { url: service.url } }),
    good: () => bearer('good'),
    challenge: /^Bearer realm="weft"/,
    bad: {
      missing: () => ({}),
      unknown: () => bearer('nonsense'),
      forbidden: () => bearer('forbidden'),
      'of another scheme': () => basic('good'),
      'in another header': () => key('good'),
    },
  },
  {
    name: 'api_keys',
    config: async () => ({
      api_keys: {
        keys: [
          { hash: `sha256:${await hashOf('weft_good')}`, consumer: 'ann' },
          { hash: await hashOf('weft_old'), consumer: 'bob', expires: '2020-01-01' },
        ],
      },
    }),
    good: () => key('weft_good'),
    challenge: /^ApiKey realm="weft", header="x-api-key"$/,
    bad: {
      missing: () => ({}),
      unknown: () => key('weft_none'),
      expired: () => key('weft_old'),
      enormous: () => key('x'.repeat(5_000)),
      'its hash instead': async () => key(await hashOf('weft_good')),
      'in another case': () => key('WEFT_GOOD'),
    },
  },
  {
    name: 'basic',
    config: async () => ({ basic: { users: [{ name: 'ann', password_hash: await hashPassword('se:cret', 1_000) }] } }),
    good: () => basic('ann:se:cret'),
    challenge: /^Basic realm="weft", charset="UTF-8"$/,
    bad: {
      missing: () => ({}),
      'a wrong password': () => basic('ann:secret'),
      'an unknown user': () => basic('bob:se:cret'),
      'no colon': () => basic('ann'),
      'no base64': () => ({ headers: { authorization: 'Basic ****' } }),
      'of another scheme': () => bearer('x'),
    },
  },
];

for (const kind of kinds) {
  describe(`credentials: ${kind.name}`, { timeout: 60_000, skip: kind.skip ?? false }, () => {
    let issuer: Issuer;
    let other: Issuer;
    let door: FrontDoor;
    let service: Awaited<ReturnType<typeof startService>>;
    before(async () => {
      issuer = await startIssuer();
      other = await startIssuer();
      service = await startService();
      // Browsers and most clients of basic authentication send headers only.
      door = await openTestDoor({ authentication: await kind.config(issuer, service) });
    });
    after(async () => {
      await door.close();
      await issuer[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
      await kind.close?.();
    });

    for (const transport of transports) {
      if (kind.name === 'basic' && transport.name === 'WebSocket, connection_init') continue;
      it(`over ${transport.name}`, async () => {
        await using test = await startTestGateway({
          fastLane: transport.fastLane,
          tls: await kind.openPort?.(),
          frontDoor: { plugins: door.plugins, close: async () => undefined },
        });
        const good = await transport.ask(test.url, await kind.good(issuer));
        assert.equal(good.status, 200, good.body);
        assert.match(good.body, /hello|ticks/);
        assert.equal(test.probe.executions, 1);
        let allowed = 1;
        for (const [name, make] of Object.entries(kind.bad)) {
          const seen = await transport.ask(test.url, await make(issuer, other));
          if (name === 'used before') allowed += 1;
          assert.equal(seen.status, transport.refusal, `${name}: ${seen.body}`);
          if (transport.refusal === 401) {
            assert.match(seen.challenge ?? '', kind.challenge, name);
            assert.match(seen.body, /"code":"UNAUTHENTICATED"/, name);
            assert.doesNotMatch(seen.body, /"data"/, name);
          }
        }
        assert.equal(test.probe.executions, allowed, 'a refused operation came as far as the graph');
        assert.equal(test.snapshot.users, 0);
      });
    }
  });
}

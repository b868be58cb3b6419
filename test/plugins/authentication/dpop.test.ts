import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { listenHere } from '../../e2e/support/listenHere.ts';
import { collect } from '../../server/support/collect.ts';
import { type Sent, send } from '../../server/support/send.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import { hasRedis, startRedis } from '../../stores/support/startRedis.ts';
import { createProver, type ProofOptions, type Prover } from './support/createProver.ts';
import { openTestDoor } from './support/openTestDoor.ts';
import { type Issuer, startIssuer } from './support/startIssuer.ts';
import { type OidcServer, startOidcServer } from './support/startOidcServer.ts';

const HELLO = '{"query":"{ hello }"}';
const JSON_TYPE = { 'content-type': 'application/json' };

const jwks = (issuer: Issuer) => [{ url: issuer.jwksUrl, issuers: [issuer.name], audiences: ['shop'] }];

interface Door extends AsyncDisposable {
  readonly url: string;
  ask(headers: Readonly<Record<string, string>>, body?: string): Promise<Sent>;
}

async function open(
  authentication: object,
  more: { readonly top?: object; readonly hops?: number } = {},
): Promise<Door> {
  const { top = {}, hops = 0 } = more;
  const frontDoor = await openTestDoor({ authentication, trusted_hops: hops, ...top });
  const { url, gateway } = await startTestGateway({
    frontDoor,
    config: { trusted_hops: hops, batching: { limit: 5 } },
  });
  return {
    url,
    ask: (headers, body = HELLO) => send(url, { headers: { ...JSON_TYPE, ...headers }, body }),
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

async function credentials(
  client: Prover,
  token: string,
  options: Omit<ProofOptions, 'method' | 'token'> & { readonly method?: string },
) {
  return { authorization: `DPoP ${token}`, dpop: await client.prove({ method: 'POST', token, ...options }) };
}

describe('tokens with a proof of their key', { timeout: 60_000 }, () => {
  it('of a real OpenID server are accepted with their key, whether they are read here or there', async () => {
    await using server: OidcServer = await startOidcServer();
    const introspection = {
      url: `${server.issuer}/token/introspection`,
      client_id: 'app',
      client_secret: server.secret,
      dpop: {},
    };
    const jwt = { jwks: [{ url: `${server.issuer}/jwks`, issuers: [server.issuer], audiences: ['shop'] }], dpop: {} };
    await using door = await open({ jwt, introspection });
    for (const alg of ['ES256', 'Ed25519']) {
      const [client, thief] = [await createProver(alg), await createProver(alg)];
      for (const format of ['jwt', 'opaque'] as const) {
        const token = await server.boundToken(format, client);
        for (const expected of [200, 200]) {
          const { status, body } = await door.ask(await credentials(client, token, { url: door.url }));
          assert.equal(status, expected, body);
        }
        const stolen = await door.ask(await credentials(thief, token, { url: door.url }));
        assert.match(`${stolen.status} ${stolen.body}`, /^401 .*bound to another key/);
        assert.match((await door.ask({ authorization: `Bearer ${token}` })).body, /came without a proof/);
        // A token without a key stays a bearer token.
        assert.equal((await door.ask({ authorization: `Bearer ${await server.token(format)}` })).status, 200);
      }
    }
  });

  it('are refused by a method that checks no proofs', async () => {
    await using issuer = await startIssuer();
    await using door = await open({ jwt: { jwks: jwks(issuer) } });
    const client = await createProver();
    const token = await issuer.sign({ cnf: { jkt: client.jkt } });
    const borne = await door.ask({ authorization: `Bearer ${token}` });
    assert.match(`${borne.status} ${borne.body}`, /^401 .*came without a proof/);
    assert.equal(borne.headers['www-authenticate']?.includes('DPoP'), false);
    assert.equal((await door.ask(await credentials(client, token, { url: door.url }))).status, 401);
    for (const cnf of [{ kid: 'k1' }, { jwk: client.publicJwk }, {}, 'text', null, { jkt: 1 }]) {
      const odd = await door.ask({ authorization: `Bearer ${await issuer.sign({ cnf } as never)}` });
      assert.match(`${odd.status} ${odd.body}`, /^401 .*cannot be checked here/, JSON.stringify(cnf));
    }
  });

  it('are the only ones where they are required', async () => {
    await using issuer = await startIssuer();
    await using door = await open({ jwt: { jwks: jwks(issuer), dpop: { required: true, algorithms: ['ES256'] } } });
    const refused = await door.ask({ authorization: `Bearer ${await issuer.sign()}` });
    assert.equal(
      refused.headers['www-authenticate'],
      `DPoP realm="weft", algs="ES256", error="invalid_token", error_description="Expected a token that is bound to a key, and a proof of it."`,
    );
    const missing = await door.ask({});
    assert.equal(missing.headers['www-authenticate'], 'DPoP realm="weft", algs="ES256"');
    const client = await createProver();
    const token = await issuer.sign({ cnf: { jkt: client.jkt } });
    assert.equal((await door.ask(await credentials(client, token, { url: door.url }))).status, 200);
  });

  it('prove the nonce of the gateway, which a refusal gives', async () => {
    await using issuer = await startIssuer();
    await using door = await open({ jwt: { jwks: jwks(issuer), dpop: { nonce: true, algorithms: ['ES256'] } } });
    const client = await createProver();
    const token = await issuer.sign({ cnf: { jkt: client.jkt } });
    const first = await door.ask(await credentials(client, token, { url: door.url }));
    assert.equal(first.status, 401);
    assert.match(first.headers['www-authenticate']?.toString() ?? '', /^DPoP .*algs="ES256", error="use_dpop_nonce"/);
    const nonce = first.headers['dpop-nonce']?.toString() ?? '';
    assert.match(nonce, /^[\w-]{24}$/);
    const claims = { nonce };
    const { status, body } = await door.ask(await credentials(client, token, { url: door.url, claims }));
    assert.equal(status, 200, body);
    const made = await door.ask(await credentials(client, token, { url: door.url, claims: { nonce: 'made up' } }));
    assert.match(made.headers['www-authenticate']?.toString() ?? '', /error="use_dpop_nonce"/);
  });

  it('are no guesses where they only lack the nonce', async () => {
    await using issuer = await startIssuer();
    const rules = [{ name: 'guesses', on: 'failed_authentication', key: 'address', rate: 1, window: '1h' }];
    await using door = await open(
      { jwt: { jwks: jwks(issuer), dpop: { nonce: true } } },
      { top: { rate_limit: { rules } } },
    );
    const [client, thief] = [await createProver(), await createProver()];
    const token = await issuer.sign({ cnf: { jkt: client.jkt } });
    const ask = async (by: Prover, claims = {}) => door.ask(await credentials(by, token, { url: door.url, claims }));
    for (let times = 0; times < 3; times += 1) {
      const { status, headers } = await ask(client);
      assert.equal(status, 401);
      assert.equal((await ask(client, { nonce: headers['dpop-nonce'] })).status, 200);
    }
    assert.equal((await ask(thief)).status, 401);
    assert.equal((await ask(client)).status, 429);
  });

  it('name the public address where the gateway knows it, and otherwise what a trusted proxy says', async () => {
    await using issuer = await startIssuer();
    const client = await createProver();
    const token = await issuer.sign({ cnf: { jkt: client.jkt } });
    const jwt = { jwks: jwks(issuer), dpop: {} };
    const told = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.example.com' };
    const status = async (door: Door, url: string, more: object = {}) =>
      (await door.ask({ ...(await credentials(client, token, { url })), ...more })).status;
    await using fixed = await open({ jwt }, { top: { public_url: 'https://api.example.com/graphql' } });
    assert.equal(await status(fixed, 'https://api.example.com/graphql'), 200);
    assert.equal(await status(fixed, 'HTTPS://API.example.com:443/x/../%67raphql?a=b#c'), 200);
    assert.equal(await status(fixed, 'wss://api.example.com/graphql'), 200);
    assert.equal(await status(fixed, fixed.url), 401);
    await using behind = await open({ jwt }, { hops: 1 });
    assert.equal(await status(behind, 'https://api.example.com/graphql', told), 200);
    assert.equal(await status(behind, behind.url, told), 401);
    await using alone = await open({ jwt });
    assert.equal(await status(alone, 'https://api.example.com/graphql', told), 401);
    assert.equal(await status(alone, alone.url, told), 200);
  });

  it('are proven once for a batch, and once for a WebSocket', async () => {
    await using issuer = await startIssuer();
    const client = await createProver();
    const token = await issuer.sign({ cnf: { jkt: client.jkt } });
    await using door = await open({ jwt: { jwks: jwks(issuer), dpop: {} } });
    const batch = JSON.stringify([1, 2, 3].map(() => ({ query: '{ hello }' })));
    const proven = await credentials(client, token, { url: door.url });
    assert.equal(
      (await door.ask(proven, batch)).body,
      JSON.stringify([1, 2, 3].map(() => ({ data: { hello: 'world' } }))),
    );
    assert.match((await door.ask(proven, batch)).body, /used before.*used before.*used before/);
    for (const inHeaders of [true, false]) {
      const headers = await credentials(client, token, { method: 'GET', url: door.url });
      class Socket extends WebSocket {
        constructor(address: string, protocols: string | string[]) {
          super(address, protocols, { headers: inHeaders ? headers : {} });
        }
      }
      const connect = () =>
        createClient({
          url: door.url.replace('http', 'ws'),
          webSocketImpl: Socket,
          retryAttempts: 0,
          lazy: false,
          onNonLazyError: () => undefined,
          ...(inHeaders ? {} : { connectionParams: headers }),
        });
      const socket = connect();
      for (const query of ['{ hello }', '{ hello }', 'subscription { ticks(to: 1) }'])
        assert.equal((await collect(socket.iterate({ query }))).length, 1);
      await socket.dispose();
      const again = connect();
      await assert.rejects(collect(again.iterate({ query: '{ hello }' })), {
        code: 4403,
        reason: 'The proof was used before.',
      });
      await again.dispose();
    }
  });

  it('are proven once where several methods ask for them', async (t) => {
    await using issuer = await startIssuer();
    const client = await createProver();
    const cnf = { jkt: client.jkt };
    const url = await listenHere(t, (_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ active: true, sub: 'ann', cnf }));
    });
    const introspection = { url, client_id: 'app', client_secret: 'secret', dpop: {} };
    await using door = await open({ mode: 'all', jwt: { jwks: jwks(issuer), dpop: {} }, introspection });
    const proven = await credentials(client, await issuer.sign({ cnf }), { url: door.url });
    const { status, body } = await door.ask(proven);
    assert.equal(status, 200, body);
    assert.match((await door.ask(proven)).body, /used before/);
  });

  it('are refused at every gateway once they were used at one', {
    skip: hasRedis ? false : 'needs redis-server',
  }, async () => {
    await using issuer = await startIssuer();
    await using redis = await startRedis();
    const client = await createProver();
    const token = await issuer.sign({ cnf: { jkt: client.jkt } });
    const shared = { public_url: 'https://api.example.com/graphql', redis: { url: redis.url } };
    const jwt = { jwks: jwks(issuer), dpop: { nonce: true } };
    await using one = await open({ jwt }, { top: shared });
    await using other = await open({ jwt }, { top: shared });
    const first = await one.ask(await credentials(client, token, { url: shared.public_url }));
    const claims = { nonce: first.headers['dpop-nonce'] };
    // The nonce of one gateway is good at the other.
    const proven = await credentials(client, token, { url: shared.public_url, claims });
    assert.equal((await other.ask(proven)).status, 200);
    for (const door of [one, other]) {
      const { status, body } = await door.ask(proven);
      assert.match(`${status} ${body}`, /^401 .*used before/);
    }
    // Two that come at the same time: one of them.
    const race = await credentials(client, token, { url: shared.public_url, claims });
    const raced = await Promise.all([one, other, one, other].map((door) => door.ask(race)));
    assert.deepEqual(raced.map(({ status }) => status).toSorted(), [200, 401, 401, 401]);
    await redis.kill();
    const away = await one.ask(await credentials(client, token, { url: shared.public_url, claims }));
    assert.match(`${away.status} ${away.body}`, /^503 .*AUTHENTICATION_UNAVAILABLE/);
  });
});

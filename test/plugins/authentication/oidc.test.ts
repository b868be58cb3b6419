/** Against a real OpenID server: its tokens, its rotation of keys, its introspection. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GatewayPlugin } from '../../../src/plugins/GatewayPlugin.ts';
import { send } from '../../server/support/send.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import { until } from '../../support/until.ts';
import { openTestDoor } from './support/openTestDoor.ts';
import { type OidcServer, startOidcServer } from './support/startOidcServer.ts';

const whoami: GatewayPlugin = {
  onExecute({ args, setResultAndStopExecution }) {
    const { caller } = args.contextValue as { readonly caller?: { id: string; method: string; scopes: string[] } };
    setResultAndStopExecution({ data: { who: `${caller?.method} ${caller?.id} ${caller?.scopes}` } });
  },
};

async function open(authentication: object) {
  const frontDoor = await openTestDoor({ authentication });
  const test = await startTestGateway({ frontDoor, plugins: [whoami] });
  const ask = async (token: string): Promise<string> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const { status, body } = await send(test.url, { headers, body: '{"query":"{ hello }"}' });
    const { data, errors } = JSON.parse(body) as { data?: { who: string }; errors?: { message: string }[] };
    return `${status} ${data?.who ?? errors?.[0]?.message}`;
  };
  return { ask, [Symbol.asyncDispose]: () => test.gateway.close() };
}

const jwt = (server: OidcServer) => ({
  jwks: [{ url: `${server.issuer}/jwks`, issuers: [server.issuer], audiences: ['shop'] }],
});
const introspection = (server: OidcServer, more: object = {}) => ({
  url: `${server.issuer}/token/introspection`,
  client_id: 'app',
  client_secret: server.secret,
  ...more,
});

describe('an OpenID server', { timeout: 60_000 }, () => {
  it('signs tokens, and may change its keys', async () => {
    await using server = await startOidcServer();
    await using door = await open({ jwt: jwt(server) });
    assert.equal(await door.ask(await server.token('jwt', 'read write')), '200 jwt app read,write');
    await server.rotate();
    assert.equal(await door.ask(await server.token('jwt')), '200 jwt app read');
  });

  it('is asked about tokens that only it can read, once in a while', async () => {
    await using server = await startOidcServer();
    await using door = await open({
      introspection: introspection(server, { cache_ttl: '2s', audiences: ['shop'] }),
    });
    const token = await server.token('opaque');
    assert.equal(await door.ask(token), '200 introspection app read');
    await server.revoke(token);
    assert.equal(await door.ask(token), '200 introspection app read');
    await until(async () => (await door.ask(token)) === '401 The token is not active.');
    assert.equal(await door.ask('nonsense'), '401 The token is not active.');
  });

  it('may have both kinds at once', async () => {
    await using server = await startOidcServer();
    await using door = await open({ jwt: jwt(server), introspection: introspection(server) });
    assert.equal(await door.ask(await server.token('jwt')), '200 jwt app read');
    assert.equal(await door.ask(await server.token('opaque')), '200 introspection app read');
    assert.match(await door.ask(`${await server.token('jwt')}x`), /^401 /);
  });

  it('that cannot be asked, or does not know the gateway, is no reason to let anybody in', async () => {
    await using server = await startOidcServer();
    const token = await server.token('opaque');
    await using stranger = await open({ introspection: introspection(server, { client_secret: 'wrong' }) });
    assert.equal(await stranger.ask(token), '503 Tokens cannot be verified at the moment.');
    await using other = await open({ introspection: introspection(server, { audiences: ['bank'] }) });
    assert.equal(await other.ask(token), '401 The token is not active.');
  });
});

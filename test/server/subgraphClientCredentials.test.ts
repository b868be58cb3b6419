import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createTokenClient } from '../../src/sources/credentials/createTokenClient.ts';
import { createHttpClient } from '../../src/upstream/createHttpClient.ts';
import { startOidcServer } from '../plugins/authentication/support/startOidcServer.ts';
import { until } from '../support/until.ts';
import { type Heard, kinds, startListeners } from './support/startListeners.ts';
import { startTokenServer, type TokenServer } from './support/startTokenServer.ts';

const CLIENT = { client_id: 'gate:way', client_secret: 'a secret/with ümlauts' };

const tokenOf = ({ headers }: Pick<Heard, 'headers'>) =>
  /^Bearer (\S+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';

async function open(t: TestContext, more: object = {}, judge?: (heard: Heard) => number) {
  const tokens = await startTokenServer(t);
  const oauth2 = { ...CLIENT, token_url: tokens.url, ...more };
  const listeners = await startListeners(t, {
    judge: judge ?? ((heard) => (tokens.valid.has(tokenOf(heard)) ? 200 : 401)),
    input: () => ({
      headers: { propagate: ['authorization'] },
      subgraph_authentication: { all: { oauth2 } },
      traffic_shaping: { all: { deduplicate_query: false } },
    }),
  });
  return { tokens, ...listeners };
}

describe('client credentials', { timeout: 30_000 }, () => {
  for (const kind of kinds) {
    it(`are one token for many calls, in place of what a client sends (${kind})`, async (t) => {
      const { ask, tokens } = await open(t);
      for (let n = 0; n < 3; n += 1) {
        const { headers, init } = await ask(kind, { authorization: 'Bearer evil' });
        assert.equal(headers['authorization'], 'Bearer t1');
        if (kind === 'ws') assert.equal((init as { authorization: string }).authorization, 'Bearer t1');
      }
      assert.equal(tokens.asked.length, 1);
    });

    it(`are asked for anew, once, where the subgraph takes them no longer (${kind})`, async (t) => {
      const { ask, tokens, heard } = await open(t);
      assert.equal(tokenOf(await ask(kind)), 't1');
      tokens.valid.clear();
      // A socket, or a stream of gRPC, is not opened twice: the next one has the new token.
      const isOnce = kind === 'ws' || kind === 'ticks';
      if (isOnce) await ask(kind);
      assert.equal(tokenOf(await ask(kind)), 't2');
      assert.equal(tokens.asked.length, 2);
      const before = heard.length;
      tokens.valid.clear();
      if (!isOnce) {
        await ask(kind);
        // A subgraph that takes no token at all is no reason to ask for one with each call.
        assert.equal(heard.length - before, 1);
        assert.equal(tokens.asked.length, 2);
      }
    });
  }

  it('are sent as RFC 6749 has it, in the header or in the form', async (t) => {
    const basic = await open(t, { scopes: ['a', 'b'], audience: 'orders' });
    await basic.ask('graphql');
    const [{ authorization, form }] = basic.tokens.asked as [TokenServer['asked'][number]];
    const joined = Buffer.from(authorization?.replace('Basic ', '') ?? '', 'base64').toString();
    assert.equal(joined, 'gate%3Away:a+secret%2Fwith+%C3%BCmlauts');
    assert.deepEqual(form, { grant_type: 'client_credentials', scope: 'a b', audience: 'orders' });
    const post = await open(t, { client_authentication: 'post' });
    await post.ask('graphql');
    assert.deepEqual(post.tokens.asked, [
      { authorization: undefined, form: { grant_type: 'client_credentials', ...CLIENT } },
    ]);
  });

  it('are had from a real OpenID server', async (t) => {
    await using oidc = await startOidcServer();
    const oauth2 = {
      token_url: `${oidc.issuer}/token`,
      client_id: 'app',
      client_secret: oidc.secret,
      scopes: ['read'],
    };
    const { ask } = await startListeners(t, { input: () => ({ subgraph_authentication: { all: { oauth2 } } }) });
    const keys = createRemoteJWKSet(new URL(`${oidc.issuer}/jwks`));
    const { payload } = await jwtVerify(tokenOf(await ask('graphql')), keys, { issuer: oidc.issuer, audience: 'shop' });
    assert.equal(payload['scope'], 'read');
  });

  it('load the schema of the subgraph too, and go to no other origin', async (t) => {
    const tokens = await startTokenServer(t);
    const { heard, ask } = await startListeners(t, {
      judge: (heard) => (tokens.valid.has(tokenOf(heard)) ? 200 : 401),
      input: (subgraph) => ({
        subgraphs: {
          graphql: {
            ...subgraph('graphql'),
            schema: { service: true },
            authentication: { oauth2: { ...CLIENT, token_url: tokens.url } },
          },
        },
      }),
    });
    await ask('graphql');
    assert.match(heard[0]?.body ?? '', /_service/);
    assert.deepEqual(heard.map(tokenOf), ['t1', 't1']);
    const foreign = await startListeners(t, {
      input: (subgraph) => ({
        subgraphs: {
          graphql: {
            url: 'http://127.0.0.1:9/graphql',
            schema: { service: { url: (subgraph('graphql') as { url: string }).url } },
            authentication: { oauth2: { ...CLIENT, token_url: tokens.url } },
          },
        },
      }),
    });
    assert.equal(foreign.heard.length, 1);
    assert.equal(foreign.heard[0]?.headers['authorization'], undefined);
  });

  it('load a document of OpenAPI from the service itself', async (t) => {
    const tokens = await startTokenServer(t);
    const { heard, ask } = await startListeners(t, {
      judge: (heard) => (tokens.valid.has(tokenOf(heard)) ? 200 : 401),
      input: (subgraph) => {
        const { url } = subgraph('rest') as { url: string };
        const authentication = { oauth2: { ...CLIENT, token_url: tokens.url } };
        return { subgraphs: { rest: { url, schema: { openapi: `${url}/rest.json` }, authentication } } };
      },
    });
    await ask('rest');
    assert.deepEqual(
      heard.map((entry) => `${entry.url} ${tokenOf(entry)}`),
      ['/rest.json t1', '/rest t1'],
    );
  });

  it('that cannot be had are an error of this subgraph alone, which tells no secret', async (t) => {
    const tokens = await startTokenServer(t);
    const { query } = await startListeners(t, {
      input: (subgraph) => ({
        subgraphs: {
          graphql: { ...subgraph('graphql'), authentication: { oauth2: { ...CLIENT, token_url: tokens.url } } },
          rest: subgraph('rest'),
          grpc: { ...subgraph('grpc'), authentication: { oauth2: { ...CLIENT, token_url: tokens.url } } },
        },
      }),
    });
    for (const failing of ['down', 400, 500] as const) {
      tokens.failing = failing;
      const answer = await query('{ graphql rest getGrpc }');
      const { data, errors } = JSON.parse(answer) as {
        data: object;
        errors: { extensions: { code: string; subgraph: string } }[];
      };
      assert.deepEqual(data, { graphql: null, rest: 'a', getGrpc: null });
      assert.deepEqual(
        errors.map(({ extensions: { code, subgraph } }) => `${code} ${subgraph}`).toSorted(),
        ['graphql', 'grpc'].map((name) => `SUBGRAPH_CREDENTIALS_UNAVAILABLE ${name}`),
      );
      assert.doesNotMatch(answer, /canary|secret|gate:way|127\.0\.0\.1/);
    }
    tokens.failing = undefined;
    await until(async () => (await query('{ graphql getGrpc }')) === '{"data":{"graphql":"a","getGrpc":"a"}}');
  });
});

describe('the client of a token server', { timeout: 20_000 }, () => {
  const setUp = async (t: TestContext) => {
    const tokens = await startTokenServer(t);
    const { config } = await loadConfig({
      directory: '/nonexistent',
      input: {
        subgraphs: {
          a: {
            url: 'http://a',
            schema: { sdl: 'type Query { a: Int }' },
            authentication: { oauth2: { ...CLIENT, token_url: tokens.url } },
          },
        },
      },
    });
    const clock = { time: 1_000_000 };
    const http = createHttpClient();
    t.after(() => http.close());
    const oauth2 = config.subgraphs[0]?.authentication?.oauth2;
    assert.ok(oauth2 !== undefined);
    return { tokens, clock, client: createTokenClient({ config: oauth2, subgraph: 'a', http, now: () => clock.time }) };
  };

  it('asks once for all who wait, and fetches the next token before the last one ends', async (t) => {
    const { tokens, clock, client } = await setUp(t);
    tokens.life = 100;
    assert.deepEqual(await Promise.all([client.token(), client.token(), client.token()]), ['t1', 't1', 't1']);
    assert.equal(tokens.asked.length, 1);
    clock.time += 79_000;
    assert.equal(client.token(), 't1');
    assert.equal(tokens.asked.length, 1);
    clock.time += 2_000;
    assert.equal(client.token(), 't1');
    await until(() => client.token() === 't2');
    assert.equal(tokens.asked.length, 2);
  });

  it('goes on with its token while the server is away, to the end, and asks it once a second', async (t) => {
    const { tokens, clock, client } = await setUp(t);
    tokens.life = 100;
    await client.token();
    tokens.failing = 500;
    clock.time += 90_000;
    assert.equal(client.token(), 't1');
    await until(() => tokens.asked.length === 2);
    clock.time += 10_000;
    await assert.rejects(async () => client.token(), { code: 'SUBGRAPH_CREDENTIALS_UNAVAILABLE' });
    const asked = tokens.asked.length;
    for (let n = 0; n < 5; n += 1) await assert.rejects(async () => client.token());
    assert.equal(tokens.asked.length, asked);
    tokens.failing = undefined;
    clock.time += 1_000;
    assert.match(await client.token(), /^t\d$/);
  });
});

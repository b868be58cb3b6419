import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { makeFolder, makeKey } from '../server/support/makeKeys.ts';

const SECRET = 'a secret of at least thirty-two characters';
const SDL = { sdl: 'type Query { a: Int }' };
const key = { id: 'k', algorithm: 'HS256', secret: SECRET };
const internal_jwt = { issuer: 'weft', keys: [key] };
const hmac_signature = { secret: SECRET };

const load = (input: object, directory = '/nonexistent') =>
  loadConfig({ directory, env: {}, input: { subgraphs: { a: { url: 'https://a', schema: SDL } }, ...input } });
const issuesOf = (authentication: object, directory?: string) =>
  load({ subgraph_authentication: { subgraphs: { a: authentication } } }, directory).then(
    () => '',
    (error: Error) => error.message,
  );

describe('credentials for subgraphs', () => {
  it('are those of all unless the subgraph says otherwise, each by itself', async () => {
    const subgraphs = {
      a: { url: 'https://a', schema: SDL },
      b: { url: 'https://b', schema: SDL, authentication: { hmac_signature: false } },
      c: { url: 'https://c', schema: SDL, authentication: { internal_jwt: false, hmac_signature: false } },
    };
    const { config } = await load({ subgraphs, subgraph_authentication: { all: { internal_jwt, hmac_signature } } });
    const [a, b, c] = config.subgraphs.map(({ authentication }) => Object.keys(authentication ?? {}));
    assert.deepEqual([a, b, c], [['internal_jwt', 'hmac_signature'], ['internal_jwt'], []]);
    assert.equal(config.subgraphs[2]?.authentication, undefined);
  });

  it('that are wrong are issues with their places, which tell no secret', async (t: TestContext) => {
    const folder = await makeFolder(t);
    const file = await makeKey(folder, 'ES256');
    const at = 'subgraph_authentication\\.subgraphs\\.a\\.';
    const jwt = (more: object) => ({ internal_jwt: { ...internal_jwt, ...more } });
    const wrong = [
      [jwt({ keys: [] }), `${at}internal_jwt\\.keys: Expected at least one key`],
      [jwt({ keys: [key, key] }), `${at}internal_jwt\\.keys: Expected an "id" of its own`],
      [
        jwt({ keys: [{ ...key, secret: 'canary' }] }),
        `${at}internal_jwt\\.keys\\[0\\]\\.secret: Expected a secret of at least 32`,
      ],
      [
        jwt({ keys: [{ ...key, algorithm: 'ES256' }] }),
        `${at}internal_jwt\\.keys\\[0\\]: Expected "secret" with HS256`,
      ],
      [jwt({ keys: [{ id: 'k', algorithm: 'none', secret: SECRET }] }), `${at}internal_jwt\\.keys\\[0\\]\\.algorithm`],
      [
        jwt({ keys: [{ id: 'k', algorithm: 'RS256', file }] }),
        `${at}internal_jwt\\.keys\\[0\\]\\.file: Expected a key of kind "rsa" for RS256; .* "ec prime256v1"`,
      ],
      [
        jwt({ keys: [{ id: 'k', algorithm: 'RS256', file: './none' }] }),
        `${at}internal_jwt\\.keys\\[0\\]\\.file: Expected a file; "\\./none" cannot be read`,
      ],
      [jwt({ claims: { sub: '"root"' } }), `${at}internal_jwt\\.claims: Expected other claims`],
      [jwt({ claims: { tenant: 'caller.' } }), `${at}internal_jwt\\.claims\\.tenant: Expected an expression`],
      [jwt({ header: 'Connection' }), `${at}internal_jwt\\.header: Expected a header that does not belong`],
      [jwt({ header: 'x-token-bin' }), `${at}internal_jwt\\.header: Expected a header that gRPC can send`],
      [{ hmac_signature: { secret: 'canary' } }, `${at}hmac_signature\\.secret: Expected a secret of at least 32`],
      [
        { message_signatures: { key: { id: 'k', secret: SECRET }, algorithm: 'ed25519' } },
        `${at}message_signatures: Expected "key.secret" with hmac-sha256`,
      ],
      [
        { message_signatures: { key: { id: 'k', file }, algorithm: 'ed25519' } },
        `${at}message_signatures\\.key\\.file: Expected a key of kind "ed25519"`,
      ],
      [
        { oauth2: { token_url: 'ftp://a', client_id: 'a', client_secret: 'canary' } },
        `${at}oauth2\\.token_url: Expected a URL`,
      ],
      [{ oauth: {} }, `${at}oauth: Unknown key "oauth"; did you mean "oauth2"`],
    ] as const;
    for (const [authentication, message] of wrong) {
      const told = await issuesOf(authentication, folder);
      assert.match(told, new RegExp(message));
      assert.doesNotMatch(told, /canary|PRIVATE|thirty-two/);
    }
  });

  it('of a subgraph that there is not are an issue, as are the words of other gateways with where they stand here', async () => {
    const other = { subgraph_authentication: { subgraphs: { aa: { hmac_signature } } } };
    await assert.rejects(
      load(other),
      /subgraph_authentication\.subgraphs\.aa: No subgraph has the name "aa"; did you mean "a"/,
    );
    await assert.rejects(
      load({ hmac_signature }),
      /Unknown key "hmac_signature"; here it stands in "subgraph_authentication/,
    );
    await assert.rejects(load({ message_signatures: {} }), /here it stands in "subgraph_authentication/);
    const taken = { subgraph_authentication: { all: { internal_jwt }, jwks_path: '/graphql' } };
    await assert.rejects(load(taken), /subgraph_authentication\.jwks_path: .*"\/graphql" is taken/);
    const hardcoded = { subgraph_authentication: { all: { aws_sig_v4: { hardcoded: {} } } } };
    await assert.rejects(load(hardcoded), /Unknown key "hardcoded"; here its keys stand beside/);
    const apollo = { authentication: { subgraph: { all: {} } } };
    await assert.rejects(
      load(apollo),
      /Unknown key "subgraph"; what is for subgraphs stands in "subgraph_authentication"/,
    );
  });

  it('that a kind of subgraph cannot be shown are an issue, and rules that they override a warning', async () => {
    const grpc = { url: 'localhost:1', schema: { proto: import.meta.filename }, authentication: { hmac_signature } };
    await assert.rejects(
      load({ subgraphs: { grpc } }),
      /subgraphs\.grpc\.authentication\.hmac_signature: .*a gRPC service/,
    );
    const rest = { url: 'http://a', schema: { openapi: import.meta.filename }, authentication: { hmac_signature } };
    await assert.rejects(
      load({ subgraphs: { rest } }),
      /subgraphs\.rest\.authentication\.hmac_signature: .*a REST service/,
    );
    const { warnings } = await load({
      subgraph_authentication: { all: { internal_jwt } },
      headers: { send: { Authorization: 'fixed' } },
    });
    assert.match(
      warnings.map(({ message }) => message).join(),
      /The rule for the header "authorization" has no effect/,
    );
  });

  it('that others could read, or whose answers are for everybody, are a warning', async () => {
    const subgraphs = { a: { url: 'http://orders.internal', schema: SDL } };
    const oauth2 = { token_url: 'http://id.internal/token', client_id: 'a', client_secret: 'b' };
    const all = { oauth2, internal_jwt: { ...internal_jwt, header: 'x-token' } };
    const response_cache = { enabled: true, subgraph: { all: { scope: 'public' } } };
    const { warnings } = await load({ subgraphs, subgraph_authentication: { all }, response_cache });
    const told = warnings.map(({ message }) => message).join('\n');
    assert.match(told, /secret for the tokens of subgraph "a" goes over plain HTTP/);
    assert.match(told, /Subgraph "a" is sent tokens over plain HTTP/);
    assert.match(
      told,
      /Subgraph "a" is sent the header "x-token": what it answers to one person is given to everybody/,
    );
  });
});

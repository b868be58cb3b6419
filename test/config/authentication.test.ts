import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { formatIssue, IssuesError } from '../../src/errors/Issue.ts';

const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];
const load = (input: object) => loadConfig({ directory: process.cwd(), input: { subgraphs, ...input } });

async function issuesOf(input: object): Promise<string> {
  try {
    await load(input);
    return 'none';
  } catch (error) {
    if (!(error instanceof IssuesError)) throw error;
    return error.issues.map((issue) => formatIssue(issue).trim()).join('\n');
  }
}

const jwks = (entry: object) => ({ authentication: { jwt: { jwks: [entry] } } });
const HASH = 'a'.repeat(64);

describe('the configuration of authentication', () => {
  for (const [name, input, expected] of [
    ['nothing', { authentication: {} }, /at least one of "jwt", "introspection"/],
    ['no place of keys', jwks({}), /exactly one of "url", "file" and "secret"/],
    ['two places of keys', jwks({ url: 'https://a', secret: 'x'.repeat(32) }), /exactly one of/],
    ['a short secret', jwks({ secret: 'short' }), /at least 32 characters/],
    ['a secret beside a public key', jwks({ url: 'https://a', algorithms: ['HS256'] }), /with "secret" only/],
    ['no algorithm', jwks({ url: 'https://a', algorithms: ['none'] }), /algorithms/],
    ['a file that is not there', jwks({ file: './no.json' }), /a file with a key set; there is no file/],
    [
      'a certificate that anybody may tell',
      { authentication: { client_certificate: { header: 'x-forwarded-client-cert' } } },
      /client_certificate\.header: Expected "trusted_hops" of at least 1/,
    ],
    [
      'proxies without an address',
      {
        trusted_hops: 1,
        authentication: { client_certificate: { header: { name: 'x-ssl-client-cert', from: ['proxy'] } } },
      },
      /header\.from\[0\]: Expected an address such as/,
    ],
    [
      'a client of two types',
      { authentication: { client_certificate: { clients: [{ uri: 'a', dns: 'a' }] } } },
      /clients\[0\]: Expected exactly one of "uri", "dns", "email" and "subject"/,
    ],
    [
      'an expression of certificates that is none',
      { authentication: { client_certificate: { allow: '"yes"' } } },
      /client_certificate\.allow[\s\S]*of type bool/,
    ],
    ['a public URL that is none', { public_url: 'api.example.com/graphql' }, /public_url: Expected a URL such as/],
    [
      'a proof with a secret',
      { authentication: { jwt: { jwks: [{ url: 'https://a' }], dpop: { algorithms: ['HS256'] } } } },
      /dpop\.algorithms/,
    ],
    [
      'certificates that let nobody in',
      { authentication: { client_certificate: { alone: false } } },
      /Expected "jwt" or "introspection" beside "client_certificate" with "alone: false"/,
    ],
    ['no keys', { authentication: { api_keys: {} } }, /"keys", "file" or "redis: true"/],
    [
      'a key instead of its hash',
      { authentication: { api_keys: { keys: [{ hash: 'weft_x', consumer: 'a' }] } } },
      /64 hexadecimal/,
    ],
    ['Redis that is nowhere', { authentication: { api_keys: { redis: true } } }, /Expected "redis" with its "url"/],
    [
      'a password instead of its hash',
      { authentication: { basic: { users: [{ name: 'a', password_hash: 'x' }] } } },
      /weft hash password/,
    ],
    [
      'an order with a method that is not there',
      { authentication: { order: ['api_keys', 'jwt'], api_keys: { keys: [{ hash: HASH, consumer: 'a' }] } } },
      /there is no "authentication.jwt"/,
    ],
    [
      'a method that is not in the order',
      { authentication: { order: ['jwt'], api_keys: { keys: [{ hash: HASH, consumer: 'a' }] } } },
      /in "order"/,
    ],
    [
      'a wrong expression',
      { headers: { request: [{ insert: { name: 'x-user', expression: 'caller.' } }] } },
      /headers\.request\[0\]\.insert\.expression.*\n?.*Expected an expression/,
    ],
    [
      'a header without a value',
      { headers: { request: [{ insert: { name: 'x-user' } }] } },
      /exactly one of "value" and "expression"/,
    ],
    [
      'a forward service without headers',
      { authentication: { forward: { url: 'http://a', headers: [] } } },
      /at least one header/,
    ],
    [
      'the name of a header that is none',
      { headers: { request: [{ insert: { name: 'x e', value: 'a' } }] } },
      /the name of a header/,
    ],
    ['a value that would end its header', { headers: { send: { 'x-a': 'a\r\nx-b: c' } } }, /without line breaks/],
    ['a propagated name that is none', { headers: { propagate: ['a b'] } }, /the name of a header/],
    [
      'a policy that is no expression',
      { authorization: { policies: { a: 'caler.id == "x"' } } },
      /authorization\.policies\.a[\s\S]*Unknown variable: caler/,
    ],
    ['a policy that gives a text', { authorization: { policies: { a: '"x" + "y"' } } }, /of type bool/],
    [
      'a rule whose key is no word and no expression',
      { rate_limit: { rules: [{ name: 'd', key: 'adress', rate: 1, window: '1s' }] } },
      /rules\[0\]\.key[\s\S]*adress/,
    ],
    [
      'a rule whose condition is no expression',
      { rate_limit: { rules: [{ name: 'd', when: 'foo(', rate: 1, window: '1s' }] } },
      /rules\[0\]\.when/,
    ],
    [
      'a manifest that is not there',
      { persisted_documents: { manifests: ['./no.json'] } },
      /a manifest of documents; there is no file/,
    ],
    ['no URL of Redis', { redis: { url: 'localhost' } }, /redis:\/\//],
  ] as const) {
    it(`refuses ${name}`, async () => assert.match(await issuesOf(input), expected));
  }

  it('warns of what is valid and probably not meant', async () => {
    const warningsOf = async (input: object) => (await load(input)).warnings.map(({ message }) => message).join('\n');
    const whole = { url: 'https://id.example.com/jwks', issuers: ['a'], audiences: ['b'] };
    assert.equal(await warningsOf(jwks(whole)), '');
    assert.match(await warningsOf(jwks({ ...whole, url: 'http://id.example.com/jwks' })), /plain HTTP/);
    assert.equal(await warningsOf(jwks({ ...whole, url: 'http://127.0.0.1:4/jwks' })), '');
    assert.match(await warningsOf(jwks({ ...whole, audiences: undefined })), /another service/);
    const two = { authentication: { jwt: { jwks: [whole, { ...whole, issuers: undefined }] } } };
    assert.match(await warningsOf(two), /every other issuer/);
    const keys = [{ hash: HASH, consumer: 'a' }];
    const inQuery = { authentication: { api_keys: { keys, sources: [{ type: 'query', name: 'key' }] } } };
    assert.match(await warningsOf(inQuery), /logs and histories/);
    const cookie = { jwt: { jwks: [whole], sources: [{ type: 'cookie', name: 'session' }] } };
    assert.match(await warningsOf({ authentication: cookie, cors: { origins: '*', credentials: true } }), /any page/);
  });

  it('warns of credentials that come plainly over the network, and of certificates that nobody asks for', async () => {
    const warningsOf = async (input: object) =>
      (await load(input)).warnings.map(({ path, message }) => `${path}: ${message}`).join('\n');
    const api_keys = { keys: [{ hash: HASH, consumer: 'a' }] };
    const open = { host: '0.0.0.0', authentication: { api_keys } };
    assert.match(await warningsOf(open), /^authentication\.api_keys: Credentials come to "0\.0\.0\.0" over plain HTTP/);
    assert.equal(await warningsOf({ ...open, trusted_hops: 1 }), '');
    for (const host of ['127.0.0.1', '::1', 'localhost']) assert.equal(await warningsOf({ ...open, host }), '');
    const certificate = { authentication: { client_certificate: {} } };
    assert.match(await warningsOf(certificate), /^authentication\.client_certificate: Nobody is asked/);
    const secret = { secret: 'x'.repeat(32), audiences: ['b'] };
    const proven = { authentication: { jwt: { jwks: [secret], dpop: {} } } };
    assert.match(await warningsOf(proven), /^authentication\.jwt\.dpop: Without "public_url"/);
    assert.equal(await warningsOf({ ...proven, public_url: 'https://api.example.com/graphql' }), '');
    const told = { authentication: { client_certificate: { header: 'x-ssl-client-cert' } }, trusted_hops: 1 };
    assert.equal(await warningsOf(told), '');
    assert.match(
      await warningsOf({ ...told, host: '0.0.0.0' }),
      /client_certificate\.header: Whoever reaches "0\.0\.0\.0"/,
    );
    const header = { name: 'x-ssl-client-cert', from: ['10.0.0.0/8'] };
    const fromProxies = { authentication: { client_certificate: { header } }, trusted_hops: 1, host: '0.0.0.0' };
    assert.equal(await warningsOf(fromProxies), '');
  });

  it('warns of what is remembered for everybody, and of an open door to forget it', async () => {
    const warningsOf = async (response_cache: object, headers: object = {}) =>
      (await load({ response_cache, headers })).warnings.map(({ path, message }) => `${path}: ${message}`).join('\n');
    const isPublic = { subgraph: { all: { ttl: '1m', scope: 'public' } } };
    assert.equal(await warningsOf(isPublic), '');
    assert.match(
      await warningsOf(isPublic, { propagate: ['authorization'] }),
      /subgraph\.all\.scope: .*"authorization".*everybody/,
    );
    const compute = { request: [{ insert: { name: 'x-user', expression: 'caller.id' } }] };
    assert.match(await warningsOf(isPublic, compute), /"x-user"/);
    const own = { subgraph: { all: { ttl: '1m' }, subgraphs: { a: { scope: 'public' } } } };
    assert.match(await warningsOf(own, { propagate: ['cookie'] }), /subgraph\.subgraphs\.a\.scope/);
    assert.equal(await warningsOf({ subgraph: { all: { ttl: '1m' } } }, { propagate: ['cookie'] }), '');
    const invalidation = { shared_key: 'a key that is long enough', listen: '0.0.0.0:4009' };
    assert.match(
      await warningsOf({ subgraph: { all: { ttl: '1m' } }, invalidation }),
      /invalidation\.listen: .*loopback/,
    );
    assert.equal(
      await warningsOf({ subgraph: { all: { ttl: '1m' } }, invalidation: { shared_key: 'a key that is long enough' } }),
      '',
    );
  });
});

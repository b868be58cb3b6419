import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { IssuesError } from '../../src/errors/Issue.ts';
import { startIssuer } from '../plugins/authentication/support/startIssuer.ts';
import { transports } from '../plugins/authentication/support/transports.ts';
import { send } from '../server/support/send.ts';
import { answer, serveHttp } from '../sources/graphql/serveHttp.ts';
import { freePort } from '../support/freePort.ts';
import { until } from '../support/until.ts';
import { startVictim } from './support/startVictim.ts';

/** One for each place, so that a leak says where it came from. */
const canary = (place: string) => `canary-${place}-0123456789abcdef0123456789abcdef`;
const CANARY = /canary-[\w]+-0123456789/;

const SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@policy"])
  type Query { a: Int paid: Int @policy(policies: [["pays"]]) }`;
const json = { 'content-type': 'application/json' };

/** Everything that a configuration can keep secret, at services that behave as `act` says. */
async function open(t: TestContext, act: Parameters<typeof serveHttp>[1]) {
  const service = await serveHttp(t, act);
  const issuer = await startIssuer();
  t.after(() => issuer[Symbol.asyncDispose]());
  const withUser = service.url.replace('http://', `http://user:${canary('urlpassword')}@`);
  const victim = await startVictim(t, {
    subgraphs: [
      {
        name: 'a',
        url: withUser,
        schema: { sdl: SDL },
        headers: { send: { 'x-token': canary('subgraphheader') } },
        traffic_shaping: { timeout: '100ms' },
      },
      {
        name: 'b',
        url: withUser,
        schema: { introspection: { url: withUser, headers: { authorization: canary('schemaheader') } } },
      },
    ],
    poll_interval: 1,
    headers: { send: { 'x-all': canary('allheader') } },
    authentication: {
      anonymous: true,
      jwt: {
        jwks: [
          { url: service.url, issuers: ['i'], audiences: ['a'], headers: { authorization: canary('jwksheader') } },
          { secret: canary('jwtsecret'), issuers: ['j'], audiences: ['a'] },
        ],
      },
      introspection: { url: service.url, client_id: 'weft', client_secret: canary('clientsecret'), timeout: '100ms' },
      forward: { url: `${service.url}?key=${canary('forwardurl')}`, headers: ['x-forward'], timeout: '100ms' },
    },
    authorization: {
      policy_service: { url: service.url, timeout: '100ms', headers: { authorization: canary('policyheader') } },
    },
    redis: { url: `redis://:${canary('redispassword')}@127.0.0.1:${await freePort()}`, timeout: 100 },
    rate_limit: { rules: [{ name: 'few', key: 'caller', rate: 1_000, window: '1m' }], on_store_failure: 'open' },
    response_cache: {
      redis: true,
      invalidation: { listen: `127.0.0.1:${await freePort()}`, shared_key: canary('sharedkey') },
      subgraph: { all: { ttl: '1s' } },
    },
    persisted_documents: { manifests: [{ url: service.url, headers: { authorization: canary('manifestheader') } }] },
    expose_plan: true,
  });
  return victim;
}

const ACTS: Readonly<Record<string, Parameters<typeof serveHttp>[1]>> = {
  'break every connection': (request) => void request.socket.destroy(),
  'answer 500 with text': answer(500, 'boom', 'text/plain'),
  'answer 401': answer(401, '{"error":"unauthorized"}'),
  'answer JSON that nobody expects': answer(200, '{"x":[1]}'),
  'answer what is no JSON': answer(200, '<html>'),
  'are silent': () => undefined,
  'send all elsewhere': (_request, response) =>
    void response.writeHead(302, { location: 'http://127.0.0.1:1/x' }).end(),
  // What comes back is what was sent: the worst that a debugging service can do.
  'answer an error with the headers that they got': (request, response) => {
    response.writeHead(500, { 'content-type': 'text/plain', 'x-echo': String(request.headers['x-token']) });
    response.end(JSON.stringify(request.headers));
  },
};

describe('CVE-2022-29266: what is secret in the configuration', { timeout: 120_000 }, () => {
  for (const [name, act] of Object.entries(ACTS))
    it(`CVE-2022-29266: is in no answer and no line of the log while services ${name}`, async (t) => {
      const { url, logged, gateway } = await open(t, act);
      const seen: string[] = [];
      const tokens = [
        '',
        'nonsense',
        'a.b.c',
        `${btoa('{"alg":"HS256"}')}.${btoa('{"iss":"j","exp":1}')}.x`,
        `${btoa('{"alg":"RS256"}')}.${btoa('{"iss":"i"}')}.x`,
      ];
      const queries = [
        '{ a }',
        '{ paid }',
        '{',
        '{ nothing }',
        'subscription { x }',
        '{ __typename }',
        'query($v: Int!) { a }',
      ];
      for (const transport of name === 'are silent' ? transports.slice(0, 1) : transports)
        for (const query of queries) {
          const headers = { 'x-forward': '1', 'weft-plan': '1' };
          seen.push(JSON.stringify(await transport.ask(url, { headers }, query)));
        }
      // A key set that does not come is waited for five seconds.
      for (const token of name === 'are silent' ? [] : tokens) {
        const sent = { headers: { ...json, authorization: `Bearer ${token}` }, body: '{"query":"{ a paid }"}' };
        seen.push(JSON.stringify(await send(url, sent)));
      }
      for (const path of ['/health', '/ready', '/metrics', '/graphql?query={a}', '/x'])
        seen.push(JSON.stringify(await send(new URL(path, url).href, { method: 'GET' })));
      const reloads = logged.length;
      // Nothing comes of another try at what says nothing.
      if (name !== 'are silent')
        await gateway.reload('a test').catch((error: unknown) => seen.push(inspect(error, { depth: 9 })));
      await until(() => logged.length >= reloads);
      seen.push(JSON.stringify(gateway.status()));
      for (const text of [...seen, ...logged]) assert.doesNotMatch(text, CANARY);
    });

  it('CVE-2022-29266: what clients keep secret is in no line of the log, and in no answer', async (t) => {
    const { url, logged } = await open(t, answer(500, 'boom', 'text/plain'));
    for (const transport of transports)
      for (const header of ['authorization', 'x-api-key', 'cookie', 'x-forward', 'x-unknown']) {
        const value = header === 'authorization' ? `Bearer ${canary('client')}` : canary('client');
        const { body } = await transport.ask(url, { headers: { [header]: value } }, '{ a paid }');
        assert.doesNotMatch(body, CANARY);
        const variables = { v: canary('client') };
        assert.doesNotMatch((await transport.ask(url, {}, 'query($v: Int) { a }', variables)).body, /canary.*canary/);
      }
    for (const text of logged) assert.doesNotMatch(text, CANARY);
  });

  const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];
  const WRONG: Readonly<Record<string, object>> = {
    'a password with a wrong scheme': { redis: { url: `redsi://:${canary('redis')}@h` } },
    'a list for an address': { redis: { url: [canary('redis')] } },
    'a secret under a wrong key': { redis: { url: 'redis://h', password: canary('redis') } },
    'a secret that is too short': { authentication: { jwt: { jwks: [{ secret: 'canary-x-0123456789' }] } } },
    'a secret beside a URL': { authentication: { jwt: { jwks: [{ secret: canary('jwt'), url: 'https://h' }] } } },
    'a key in place of its hash': {
      authentication: { api_keys: { keys: [{ consumer: 'a', hash: canary('key') }] } },
    },
    'a password in place of its hash': {
      authentication: { basic: { users: [{ name: 'a', password_hash: canary('password') }] } },
    },
    'a header that is no text': { headers: { send: { 'x-a': [canary('header')] } } },
    'a value in the place of a section': { authentication: canary('section') },
    'a subgraph with a wrong address': { subgraphs: [{ name: 'a', url: `htp://u:${canary('url')}@h` }] },
  };
  for (const [name, input] of Object.entries(WRONG))
    it(`CVE-2022-29266: is in no issue of a configuration with ${name}`, async () => {
      const error = await loadConfig({ directory: process.cwd(), input: { subgraphs, ...input } }).then(
        () => assert.fail('The configuration is valid.'),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof IssuesError);
      assert.doesNotMatch(inspect(error, { depth: 9 }), CANARY);
    });
});

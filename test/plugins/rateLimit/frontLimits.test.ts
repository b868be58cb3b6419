import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { IssuesError } from '../../../src/errors/Issue.ts';
import { hashOf } from '../../../src/plugins/hashOf.ts';
import { send } from '../../server/support/send.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import { hasRedis, startRedis } from '../../stores/support/startRedis.ts';
import { until } from '../../support/until.ts';
import { openTestDoor } from '../authentication/support/openTestDoor.ts';
import { type TransportCase, transports } from '../authentication/support/transports.ts';

const authentication = {
  api_keys: {
    keys: [
      { hash: await hashOf('good'), consumer: 'ann', plan: 'pro' },
      { hash: await hashOf('fine'), consumer: 'bob', plan: 'free' },
    ],
  },
};
const GOOD = { headers: { 'x-api-key': 'good' } };
const BAD = { headers: { 'x-api-key': 'bad' } };
const from = (address: string, { headers }: typeof GOOD) => ({ headers: { ...headers, 'x-forwarded-for': address } });

async function open(transport: TransportCase, rate_limit: object, more: object = {}) {
  const frontDoor = await openTestDoor({ authentication, rate_limit, ...more });
  return startTestGateway({ fastLane: transport.fastLane, frontDoor, config: { trusted_hops: 1 } });
}

for (const transport of transports) {
  describe(`limits before authentication, ${transport.name}`, { timeout: 30_000 }, () => {
    const isSocket = transport.name.startsWith('WebSocket');
    // A socket asks to connect, and then for an operation.
    const each = isSocket ? 2 : 1;
    const limited = isSocket ? 4403 : 429;

    it('count requests by address whatever their credentials, and refuse before these are looked at', async () => {
      await using test = await open(transport, { rules: [{ name: 'wide', key: 'address', rate: 3, window: '1h' }] });
      for (let tries = 0; tries < 3; tries += 1)
        assert.equal((await transport.ask(test.url, BAD)).status, transport.refusal);
      for (const credentials of [BAD, GOOD, {}]) {
        const { status, body, challenge } = await transport.ask(test.url, credentials);
        assert.equal(status, limited, body);
        assert.match(body, /The limit \\?"wide\\?" \(3 requests in 3600 s, 3 at once\) is reached/);
        assert.equal(challenge, undefined);
      }
      assert.equal(test.probe.executions, 0);
    });

    it('count wrong credentials by themselves, and neither right ones nor none', async () => {
      const rules = [{ name: 'guesses', on: 'failed_authentication', key: 'address', rate: 3, window: '1h' }];
      await using test = await open(transport, { rules });
      for (let times = 0; times < 6; times += 1) assert.equal((await transport.ask(test.url, GOOD)).status, 200);
      for (let times = 0; times < 6; times += 1)
        assert.equal((await transport.ask(test.url, {})).status, transport.refusal);
      for (let tries = 0; tries < 3; tries += 1)
        assert.equal((await transport.ask(test.url, BAD)).status, transport.refusal);
      const { status, body } = await transport.ask(test.url, BAD);
      assert.equal(status, limited);
      assert.match(body, /The limit \\?"guesses\\?" .* is reached; try again in 1200 s/);
      assert.equal((await transport.ask(test.url, GOOD)).status, limited);
      if (transport.name !== 'WebSocket, connection_init')
        assert.equal((await transport.ask(test.url, from('6.6.6.6', GOOD))).status, 200);
    });

    it('charge a request once a rule, and give back what another one refuses', async () => {
      const rules = [
        { name: 'each', rate: 1, window: '1h' },
        { name: 'wide', key: ['address', 'all'], rate: 3 * each, window: '1h' },
        { name: 'guesses', on: 'failed_authentication', rate: 2, window: '1h' },
      ];
      await using test = await open(transport, { rules });
      assert.equal((await transport.ask(test.url, GOOD)).status, 200);
      // Refused by "each", which is behind authentication: "wide" has it back but for the connection of a socket.
      assert.match((await transport.ask(test.url, GOOD)).body, /"each/);
      if (!isSocket)
        for (let tries = 0; tries < 4; tries += 1) assert.match((await transport.ask(test.url, GOOD)).body, /"each/);
      assert.equal((await transport.ask(test.url, BAD)).status, transport.refusal);
      assert.equal((await transport.ask(test.url, BAD)).status, transport.refusal);
      assert.match(
        (await transport.ask(test.url, BAD)).body,
        isSocket ? /limit "(guesses|wide)"/ : /limit \\"(guesses|wide)/,
      );
    });
  });
}

const [post] = transports as [TransportCase];
const ask = (url: string, headers: Readonly<Record<string, string>>) =>
  send(url, { headers: { 'content-type': 'application/json', ...headers }, body: '{"query":"{ hello }"}' });

describe('limits before authentication', { timeout: 30_000 }, () => {
  it('stand in the headers before the others, and say when to come back', async () => {
    const rules = [
      { name: 'each', rate: 5, window: '1h' },
      { name: 'wide', key: 'address', rate: 4, window: '1h' },
      { name: 'guesses', on: 'failed_authentication', rate: 2, window: '1h' },
    ];
    await using test = await open(post, { rules });
    const { headers } = await ask(test.url, GOOD.headers);
    assert.equal(headers['ratelimit'], '"wide";r=3;t=900, "each";r=4;t=720');
    assert.equal((await ask(test.url, BAD.headers)).headers['ratelimit'], '"wide";r=2;t=1800');
    assert.equal((await ask(test.url, BAD.headers)).status, 401);
    const refused = await ask(test.url, GOOD.headers);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers['retry-after'], '1800');
    assert.match(refused.headers['ratelimit'] as string, /^"guesses";r=0;t=1800$/);
    assert.equal((await ask(test.url, { ...GOOD.headers, 'x-forwarded-for': '6.6.6.6' })).status, 200);
  });

  it('leave the others what these need to know: who asks, and his plan', async () => {
    const rules = [
      { name: 'each', rate: 1, window: '1h' },
      { name: 'wide', key: 'address', rate: 100, window: '1h' },
    ];
    const plans = { pro: { rate: 50, window: '1h' }, free: { rate: 5, window: '1h' } };
    await using test = await open(post, { rules, plans });
    const { headers } = await ask(test.url, GOOD.headers);
    assert.match(headers['ratelimit'] as string, /^"wide";r=99;.*"each";r=0;.*"pro";r=49;/);
    assert.equal((await ask(test.url, GOOD.headers)).status, 429);
    const other = await ask(test.url, { 'x-api-key': 'fine' });
    assert.equal(other.status, 200);
    assert.match(other.headers['ratelimit'] as string, /"free";r=4;/);
  });

  it('keep guesses from whoever judges them, however many come at once', async () => {
    let asked = 0;
    const release = Promise.withResolvers<void>();
    const service = createServer(async (_request, response) => {
      asked += 1;
      await release.promise;
      response.statusCode = 401;
      response.end();
    });
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    try {
      const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;
      const rules = [{ name: 'guesses', on: 'failed_authentication', rate: 2, window: '1h' }];
      const frontDoor = await openTestDoor({ authentication: { forward: { url } }, rate_limit: { rules } });
      await using test = await startTestGateway({ frontDoor });
      const guess = (password: number) => ask(test.url, { authorization: `Basic ${btoa(`ann:${password}`)}` });
      const first = Array.from({ length: 6 }, (_, password) => guess(password));
      await until(() => asked === 6);
      release.resolve();
      for (const { status } of await Promise.all(first)) assert.equal(status, 401);
      const refused = await guess(7);
      assert.equal(refused.status, 429);
      // All of those that had begun are to be waited for: a half hour each, but for one.
      assert.equal(refused.headers['retry-after'], String(5 * 1_800));
      for (let password = 8; password < 20; password += 1) assert.equal((await guess(password)).status, 429);
      assert.equal(asked, 6);
    } finally {
      service.closeAllConnections();
      service.close();
    }
  });

  it('do not stand before where they speak of the caller, of headers or of the operation', async () => {
    for (const rule of [
      { key: 'caller' },
      { key: ['address', 'plan'] },
      { key: 'headers["x-tenant"]' },
      { key: 'address', when: 'caller == null' },
      { key: 'all', when: 'operation.kind == "query"' },
    ]) {
      await using test = await open(post, { rules: [{ name: 'one', rate: 1, window: '1h', ...rule }] });
      for (let tries = 0; tries < 3; tries += 1) assert.equal((await ask(test.url, BAD.headers)).status, 401);
      assert.equal((await ask(test.url, GOOD.headers)).status, 200, JSON.stringify(rule));
    }
  });

  it('may be for some of the requests, by what these say themselves', async () => {
    const rules = [{ name: 'bots', key: 'address', when: 'headers["user-agent"] == "bot"', rate: 1, window: '1h' }];
    await using test = await open(post, { rules });
    assert.equal((await ask(test.url, { ...BAD.headers, 'user-agent': 'bot' })).status, 401);
    assert.equal((await ask(test.url, { ...GOOD.headers, 'user-agent': 'bot' })).status, 429);
    assert.equal((await ask(test.url, GOOD.headers)).status, 200);
  });

  it('are none of all together: who is not let in does not use up what is left for the others', async () => {
    await using test = await open(post, { rules: [{ name: 'everybody', key: 'all', rate: 1, window: '1h' }] });
    for (let n = 0; n < 3; n += 1) assert.equal((await ask(test.url, BAD.headers)).status, 401);
    assert.equal((await ask(test.url, GOOD.headers)).status, 200);
    assert.equal((await ask(test.url, GOOD.headers)).status, 429);
  });

  it('are those of a changed configuration, and of none without authentication', async () => {
    const rate_limit = { rules: [{ name: 'wide', key: 'address', rate: 100, window: '1h' }] };
    const frontDoor = await openTestDoor({ authentication, rate_limit });
    await using test = await startTestGateway({ frontDoor });
    const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];
    const rules = [{ name: 'guesses', on: 'failed_authentication', quota: { day: 1 } }];
    const input = { subgraphs, authentication, rate_limit: { rules } };
    await frontDoor.update?.((await loadConfig({ directory: process.cwd(), input })).config);
    assert.equal((await ask(test.url, BAD.headers)).status, 401);
    assert.equal((await ask(test.url, BAD.headers)).status, 429);
    assert.equal((await openTestDoor({ rate_limit })).plugins.frontLimits, undefined);
  });

  it('are counted in Redis for all gateways', { skip: !hasRedis }, async () => {
    await using redis = await startRedis();
    const rules = [
      { name: 'wide', key: 'all', rate: 100, window: '1h' },
      { name: 'guesses', on: 'failed_authentication', key: ['address'], rate: 2, window: '1h' },
    ];
    const more = { redis: { url: redis.url } };
    await using one = await open(post, { rules }, more);
    await using other = await open(post, { rules }, more);
    assert.equal((await ask(one.url, BAD.headers)).status, 401);
    assert.equal((await ask(other.url, BAD.headers)).status, 401);
    for (const { url } of [one, other]) {
      const { status, headers } = await ask(url, GOOD.headers);
      assert.equal(status, 429);
      assert.match(headers['ratelimit'] as string, /^"guesses";r=0/);
    }
    // Who is refused is not charged for what is everybody's.
    const elsewhere = await ask(one.url, { ...GOOD.headers, 'x-forwarded-for': '6.6.6.6' });
    assert.equal(elsewhere.status, 200);
    assert.match(elsewhere.headers['ratelimit'] as string, /^"wide";r=99;/);
  });

  it('have to be ones that can be judged then', async () => {
    const limit = { name: 'a', on: 'failed_authentication', rate: 1, window: '1s' };
    const issuesOf = async (rule: object, more: object = { authentication }) => {
      const error: unknown = await openTestDoor({ ...more, rate_limit: { rules: [{ ...limit, ...rule }] } }).catch(
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof IssuesError)) return [];
      return error.issues.map(({ path, message }) => `${path}: ${message}`);
    };
    for (const rule of [{}, { key: 'caller' }, { key: 'all' }, { key: ['address', 'headers["x-plan"]'] }])
      assert.deepEqual(await issuesOf(rule), [], JSON.stringify(rule));
    for (const rule of [{ key: 'plan' }, { key: 'caller.id' }, { key: ['operation'] }, { when: 'caller == null' }])
      assert.match((await issuesOf(rule)).join(), /^rate_limit\.rules\[0\]: Expected a "key" and a "when"/);
    for (const rule of [{ count: 'cost' }, { concurrency: 2 }, { fields: ['Query.a'] }])
      assert.match((await issuesOf(rule)).join(), /^rate_limit\.rules\[0\]: Expected a "rate" or "quota" by requests/);
    assert.deepEqual(await issuesOf({}, {}), [
      'rate_limit.rules[0].on: Expected a section "authentication" beside this; nobody judges credentials without.',
    ]);
  });
});

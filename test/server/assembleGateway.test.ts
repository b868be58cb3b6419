import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Plugin } from '@envelop/core';
import { buildSchema, GraphQLError } from 'graphql';
import { type Sent, send } from './support/send.ts';
import { createSnapshot, startTestGateway } from './support/startTestGateway.ts';

function query(url: string, text: string, headers: Record<string, string> = {}): Promise<Sent> {
  return send(url, {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: text }),
  });
}

/** Rejections of a refused or cut connection. */
const noConnection = /ECONNREFUSED|ECONNRESET|socket hang up/;

describe('probes', () => {
  it('tell life and readiness, with the state of every subgraph', async () => {
    await using test = await startTestGateway();
    const health = await send(`${test.origin}/health`, { method: 'GET' });
    assert.deepEqual([health.status, health.body], [200, '{"alive":true}\n']);
    const ready = await send(`${test.origin}/ready`, { method: 'GET' });
    assert.equal(ready.status, 200);
    assert.deepEqual(JSON.parse(ready.body), {
      ready: true,
      stopping: false,
      subgraphs: [{ name: 'accounts', state: 'serving' }],
    });
    assert.equal((await send(`${test.origin}/ready`, { method: 'HEAD' })).status, 200);
    assert.equal((await send(`${test.origin}/ready`, {})).status, 405);
  });

  it('are at exact paths', async () => {
    await using test = await startTestGateway();
    assert.equal((await send(`${test.origin}/other/health`, { method: 'GET' })).status, 404);
  });

  it('say that nothing is served, and so does the endpoint', async () => {
    await using test = await startTestGateway();
    test.setCurrent(undefined);
    assert.equal((await send(`${test.origin}/health`, { method: 'GET' })).status, 200);
    assert.equal((await send(`${test.origin}/ready`, { method: 'GET' })).status, 503);
    const answer = await query(test.url, '{ hello }');
    assert.equal(answer.status, 503);
    assert.match(answer.body, /NOT_READY/);
  });
});

for (const fastLane of [true, false]) {
  describe(`a gateway ${fastLane ? 'with the fast lane' : 'through Yoga alone'}`, () => {
    it('lets a request finish on the snapshot that it began with', async () => {
      await using test = await startTestGateway({ fastLane });
      const slow = query(test.url, '{ slow }');
      await test.probe.slowStarted;
      test.setCurrent(createSnapshot(buildSchema('type Query { fresh: String }'), { fresh: 'new' }));
      assert.equal((await query(test.url, '{ fresh }')).body, '{"data":{"fresh":"new"}}');
      assert.equal(test.snapshot.users, 1);
      test.probe.releaseSlow();
      assert.equal((await slow).body, '{"data":{"slow":"done"}}');
      assert.equal(test.snapshot.users, 0);
    });

    it('finishes requests in flight when it stops, and takes no others', async () => {
      const test = await startTestGateway({ fastLane });
      const slow = query(test.url, '{ slow }');
      await test.probe.slowStarted;
      const closed = test.gateway.close();
      await assert.rejects(query(test.url, '{ hello }'), noConnection);
      test.probe.releaseSlow();
      const answer = await slow;
      assert.equal(answer.body, '{"data":{"slow":"done"}}');
      assert.equal(answer.headers['connection'], 'close');
      await closed;
    });

    it('cuts requests that outlast the time of a stop', async () => {
      const test = await startTestGateway({ fastLane, config: { shutdown_timeout: 1 } });
      const slow = assert.rejects(query(test.url, '{ slow }'), noConnection);
      await test.probe.slowStarted;
      await test.gateway.close();
      await slow;
    });

    it('runs the plugins of the embedder around every phase', async () => {
      const phases: string[] = [];
      const plugin: Plugin = {
        onParse: () => void phases.push('parse'),
        onValidate: () => void phases.push('validate'),
        onContextBuilding: () => void phases.push('context'),
        onExecute: () => void phases.push('execute'),
      };
      await using test = await startTestGateway({ fastLane, plugins: [plugin] });
      await query(test.url, '{ hello }');
      assert.deepEqual(phases, ['parse', 'validate', 'context', 'execute']);
    });

    it('passes what a plugin refuses on purpose and masks what breaks in it', async () => {
      const refuse: Plugin = {
        onExecute({ args }) {
          const headers = (args.contextValue as { headers: { get(name: string): string | null } }).headers;
          if (headers.get('x-break') !== null) throw new TypeError('internal detail');
          throw new GraphQLError('Not for you.', {
            extensions: { code: 'FORBIDDEN', http: { status: 403, headers: { 'x-why': 'role' } } },
          });
        },
      };
      await using test = await startTestGateway({ fastLane, plugins: [refuse] });
      const refused = await query(test.url, '{ hello }');
      assert.equal(refused.status, 403);
      assert.equal(refused.headers['x-why'], 'role');
      assert.equal(refused.body, '{"errors":[{"message":"Not for you.","extensions":{"code":"FORBIDDEN"}}]}');
      const broken = await query(test.url, '{ hello }', { 'x-break': '1' });
      assert.equal(broken.status, 500);
      assert.equal(
        broken.body,
        '{"errors":[{"message":"Unexpected error.","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}',
      );
      assert.match(String(test.logged[0]), /internal detail/);
    });

    it('hides the schema where introspection is off, suggestions included', async () => {
      await using test = await startTestGateway({ fastLane, config: { introspection: false } });
      assert.match((await query(test.url, '{ __schema { types { name } } }')).body, /GRAPHQL_VALIDATION_FAILED/);
      assert.doesNotMatch((await query(test.url, '{ helo }')).body, /Did you mean/);
    });

    it('answers origins that CORS lists', async () => {
      const cors = {
        origins: ['https://a.example', 'https://b.example'],
        credentials: true,
        allow_headers: ['content-type'],
        expose_headers: ['dpop-nonce', 'www-authenticate'],
        max_age: 60,
      };
      await using test = await startTestGateway({ fastLane, config: { cors } });
      const allowed = await query(test.url, '{ hello }', { origin: 'https://b.example' });
      assert.equal(allowed.headers['access-control-allow-origin'], 'https://b.example');
      assert.equal(allowed.headers['access-control-allow-credentials'], 'true');
      assert.equal(allowed.headers['access-control-expose-headers'], 'dpop-nonce, www-authenticate');
      const refused = await query(test.url, '{ hello }', { origin: 'https://evil.example' });
      assert.equal(refused.headers['access-control-allow-origin'], undefined);
      assert.equal(refused.headers['access-control-expose-headers'], undefined);
      assert.equal(refused.headers['vary'], 'Origin');
      const preflight = await send(test.url, {
        method: 'OPTIONS',
        headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
      });
      assert.equal(preflight.headers['access-control-allow-methods'], 'GET, POST');
      assert.equal(preflight.headers['access-control-allow-headers'], 'content-type');
      assert.equal(preflight.headers['access-control-max-age'], '60');
    });
  });
}

describe('a gateway', () => {
  it('names a taken port and how to choose another', async () => {
    await using test = await startTestGateway();
    const port = Number(new URL(test.url).port);
    await assert.rejects(test.gateway.listen({ port }), (error: Error & { code?: unknown }) => {
      assert.equal(error.code, 'PORT_TAKEN');
      assert.match(error.message, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken.*--port.*WEFT_PORT.*"port"`));
      return true;
    });
  });

  it('serves the fetch API without listening', async () => {
    await using test = await startTestGateway();
    const request = new Request('http://any.example/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ hello }"}',
    });
    assert.deepEqual(await (await test.gateway.fetch(request)).json(), { data: { hello: 'world' } });
    assert.equal((await test.gateway.fetch(new Request('http://any.example/ready'))).status, 200);
    assert.equal(test.snapshot.users, 0);
  });

  it('stops once, however often it is told', async () => {
    const test = await startTestGateway();
    await Promise.all([test.gateway.close(), test.gateway.close()]);
    await test.gateway.close();
    const ready = await test.gateway.fetch(new Request('http://any.example/ready'));
    assert.equal(ready.status, 503);
    assert.match(await ready.text(), /"ready":false.*"stopping":true/);
    await assert.rejects(test.gateway.listen(), /stopping/);
  });
});

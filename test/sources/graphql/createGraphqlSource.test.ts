import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../../src/errors/GatewayError.ts';
import type { SourceOperation } from '../../../src/execute/Source.ts';
import { createGraphqlSource, type GraphqlSourceOptions } from '../../../src/sources/graphql/createGraphqlSource.ts';
import { createHttpClient } from '../../../src/upstream/createHttpClient.ts';
import { toRequest } from '../contract.ts';
import { answer, serveHttp } from './serveHttp.ts';

test('The document and the variables go out as one JSON body, again and again.', async (t) => {
  const bodies: unknown[] = [];
  const { url } = await serveHttp(t, async (request, response) => {
    bodies.push({ type: request.headers['content-type'], body: JSON.parse(await text(request)) });
    response.end('{"data":{"a":1}}');
  });
  const operation: SourceOperation = { kind: 'query', document: 'query ($q: String = "\\"é") { a(q: $q) }' };
  const request = { ...toRequest('query', ''), operation };
  const things = source(t, { url });
  await things.fetch({ ...request, variables: '{"q":"x"}' });
  await things.fetch({ ...request, variables: '{}' });
  assert.deepEqual(bodies, [
    { type: 'application/json', body: { query: operation.document, variables: { q: 'x' } } },
    { type: 'application/json', body: { query: operation.document, variables: {} } },
  ]);
});

test('Hop-by-hop headers and those of the body are never sent on, whatever the rules say.', async (t) => {
  let seen: IncomingHttpHeaders = {};
  const { url } = await serveHttp(t, (request, response) => {
    seen = request.headers;
    response.end('{"data":{"a":1}}');
  });
  const propagate = ['Host', 'connection', 'content-length', 'accept-encoding', 'te', 'Authorization', 'x-absent'];
  const headers = { send: { Host: 'elsewhere', 'Transfer-Encoding': 'chunked', 'X-Fixed': '1' }, propagate };
  const client = new Headers({ 'accept-encoding': 'br', te: 'trailers', authorization: 'Bearer 1', cookie: 'no' });
  await source(t, { url, headers }).fetch(toRequest('query', '{ a }', { context: { headers: client } }));
  assert.equal(seen.authorization, 'Bearer 1');
  assert.equal(seen['x-fixed'], '1');
  assert.equal(seen.host, new URL(url).host);
  assert.equal(seen.accept, 'application/graphql-response+json, application/json');
  for (const name of ['te', 'accept-encoding', 'cookie', 'x-absent', 'transfer-encoding']) {
    assert.equal(seen[name], undefined, name);
  }
});

test('Data and errors come as the backend sent them, whatever the status.', async (t) => {
  const body = {
    data: { a: null },
    errors: [{ message: 'No.', path: ['a', 0], locations: [], extensions: { code: 'X' } }],
  };
  for (const status of [200, 400, 500]) {
    const { url } = await serveHttp(t, answer(status, JSON.stringify(body)));
    assert.deepEqual(await source(t, { url }).fetch(toRequest('query', '{ a }')), {
      data: { a: null },
      errors: [{ message: 'No.', path: ['a', 0], extensions: { code: 'X' } }],
    });
  }
});

test('An error status without a GraphQL body is SUBGRAPH_HTTP_ERROR with the status.', async (t) => {
  for (const body of ['<html>Bad gateway</html>', '', '{"error":"no"}', '{"errors":"no"}']) {
    const { url } = await serveHttp(t, answer(502, body));
    const error = await failure(source(t, { url }).fetch(toRequest('query', '{ a }')));
    assert.equal(error.code, 'SUBGRAPH_HTTP_ERROR');
    assert.deepEqual(error.extensions, { code: 'SUBGRAPH_HTTP_ERROR', subgraph: 'things', http: { status: 502 } });
  }
});

test('What is no GraphQL answer is SUBGRAPH_INVALID_RESPONSE that says why.', async (t) => {
  const cases: [string, RegExp][] = [
    ['', /an empty answer/],
    ['{"data":', /not JSON/],
    ['[]', /an object was expected, a list came/],
    ['null', /an object was expected, null came/],
    ['{}', /neither data nor errors/],
    ['{"data":null}', /neither data nor errors/],
    ['{"data":null,"errors":[]}', /neither data nor errors/],
    ['{"data":[]}', /"data" must be an object or null, a list came/],
    ['{"data":{},"errors":{}}', /"errors" must be a list, an object came/],
    ['{"data":null,"errors":["no"]}', /an object with a "message"/],
    ['{"data":null,"errors":[{"message":1}]}', /an object with a "message"/],
  ];
  for (const [body, reason] of cases) {
    const { url } = await serveHttp(t, answer(200, body));
    const error = await failure(source(t, { url }).fetch(toRequest('query', '{ a }')));
    assert.equal(error.code, 'SUBGRAPH_INVALID_RESPONSE', body);
    assert.match(error.message, reason, body);
    assert.deepEqual(error.extensions, { code: 'SUBGRAPH_INVALID_RESPONSE', subgraph: 'things' });
  }
});

test('Forgivable oddities are read: null for no errors, a path or extensions of a wrong type.', async (t) => {
  const nothing = await serveHttp(t, answer(200, '{"data":{"a":1},"errors":null}'));
  assert.deepEqual(await source(t, { url: nothing.url }).fetch(toRequest('query', '{ a }')), { data: { a: 1 } });
  const odd = await serveHttp(t, answer(200, '{"errors":[{"message":"m","path":"a","extensions":[]}]}'));
  assert.deepEqual(await source(t, { url: odd.url }).fetch(toRequest('query', '{ a }')), {
    errors: [{ message: 'm' }],
  });
});

test('A query is sent again where the connection broke before the answer; a mutation never.', async (t) => {
  let requests = 0;
  const { url } = await serveHttp(t, (request, response) => {
    requests++;
    if (requests === 1) {
      request.socket.destroy();
    } else {
      response.end('{"data":{"a":1}}');
    }
  });
  const things = source(t, { url });
  assert.deepEqual(await things.fetch(toRequest('query', '{ a }')), { data: { a: 1 } });
  assert.equal(requests, 2);
  requests = 0;
  const error = await failure(things.fetch(toRequest('mutation', 'mutation { a }')));
  assert.equal(error.code, 'SUBGRAPH_UNREACHABLE');
  assert.equal(requests, 1);
});

test('A source without subscriptions has no subscribe.', async (t) => {
  assert.equal(source(t, {}).subscribe, undefined);
});

function source(t: TestContext, options: Partial<GraphqlSourceOptions>) {
  const http = createHttpClient();
  t.after(() => http.close());
  const defaults = { name: 'things', url: 'http://127.0.0.1:1/', headers: { send: {}, propagate: [] }, timeout: 5000 };
  return createGraphqlSource({ ...defaults, http, ...options });
}

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GatewayError, `expected a GatewayError, got ${String(error)}`);
  return error;
}

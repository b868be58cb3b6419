import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from 'graphql-sse';
import { collect } from './support/collect.ts';
import { readEvents } from './support/readEvents.ts';
import { startTestGateway } from './support/startTestGateway.ts';

function subscribe(url: string, query: string, accept: string, signal?: AbortSignal): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query }),
    ...(signal === undefined ? {} : { signal }),
  });
}

describe('Server-Sent Events', () => {
  it('carry every event and say when they are complete', async () => {
    await using test = await startTestGateway();
    const response = await subscribe(test.url, 'subscription { ticks(to: 2) }', 'text/event-stream');
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.deepEqual(await collect(readEvents(response)), [
      { event: 'next', data: { data: { ticks: 1 } } },
      { event: 'next', data: { data: { ticks: 2 } } },
      { event: 'complete', data: undefined },
    ]);
    assert.equal(test.snapshot.users, 0);
  });

  it('serve the client graphql-sse', async () => {
    await using test = await startTestGateway();
    const client = createClient({ url: test.url, singleConnection: false });
    const results = (await collect(client.iterate({ query: 'subscription { ticks(to: 3) }' }))).map(
      (result) => result.data?.['ticks'],
    );
    assert.deepEqual(results, [1, 2, 3]);
    client.dispose();
  });

  it('can be read by GET, as EventSource does', async () => {
    await using test = await startTestGateway();
    const headers = { accept: 'text/event-stream', 'x-weft-csrf': '1' };
    const response = await fetch(`${test.url}?query=${encodeURIComponent('subscription { ticks(to: 1) }')}`, {
      headers,
    });
    assert.equal((await collect(readEvents(response))).length, 2);
  });

  it('carry a request error', async () => {
    await using test = await startTestGateway();
    const [event] = await collect(readEvents(await subscribe(test.url, '{ nothing }', 'text/event-stream')));
    assert.match(JSON.stringify(event), /GRAPHQL_VALIDATION_FAILED/);
    assert.doesNotMatch(JSON.stringify(event), /"http"/);
  });

  it('leave the status to what is wrong with the HTTP request', async () => {
    await using test = await startTestGateway();
    const response = await fetch(test.url, { method: 'PUT', headers: { accept: 'text/event-stream' } });
    assert.equal(response.status, 405);
    assert.match(await response.text(), /METHOD_NOT_ALLOWED/);
  });

  it('end with an error when the backend dies', async () => {
    await using test = await startTestGateway();
    const events = await collect(readEvents(await subscribe(test.url, 'subscription { dies }', 'text/event-stream')));
    assert.deepEqual(
      events.map(({ event }) => event),
      ['next', 'next', 'complete'],
    );
    assert.match(JSON.stringify(events[1]), /"code":"SUBGRAPH_UNREACHABLE","subgraph":"reviews"/);
  });

  it('end the upstream subscription when the client leaves', async () => {
    await using test = await startTestGateway();
    const leave = new AbortController();
    const events = readEvents(await subscribe(test.url, 'subscription { forever }', 'text/event-stream', leave.signal));
    await events.next();
    assert.equal(test.snapshot.users, 1);
    leave.abort();
    await test.probe.ended;
    assert.equal(test.snapshot.users, 0);
  });

  it('are completed when the gateway stops', async () => {
    const test = await startTestGateway();
    const events = readEvents(await subscribe(test.url, 'subscription { forever }', 'text/event-stream'));
    await events.next();
    const rest = collect(events);
    await test.gateway.close();
    assert.deepEqual(await rest, [{ event: 'complete', data: undefined }]);
    await test.probe.ended;
  });
});

describe('multipart', () => {
  it('carries subscriptions in the words of the multipart subscription protocol', async () => {
    await using test = await startTestGateway();
    const accept = 'multipart/mixed; subscriptionSpec="1.0", application/json';
    const response = await subscribe(test.url, 'subscription { ticks(to: 2) }', accept);
    assert.equal(response.headers.get('content-type'), 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"');
    const parts = (await response.text()).split('--graphql').map((part) => part.split('\r\n\r\n')[1]?.trim());
    assert.deepEqual(parts, [
      undefined,
      '{"payload":{"data":{"ticks":1}}}',
      '{"payload":{"data":{"ticks":2}}}',
      undefined,
    ]);
  });

  it('carries plain results', async () => {
    await using test = await startTestGateway();
    const response = await subscribe(test.url, 'subscription { ticks(to: 1) }', 'multipart/mixed');
    assert.equal(
      await response.text(),
      '---\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{"data":{"ticks":1}}\r\n-----\r\n',
    );
  });

  it('leaves queries in JSON for clients that read both', async () => {
    await using test = await startTestGateway();
    const response = await subscribe(
      test.url,
      '{ hello }',
      'multipart/mixed; subscriptionSpec=1.0, application/graphql-response+json',
    );
    assert.equal(response.headers.get('content-type'), 'application/graphql-response+json; charset=utf-8');
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

describe('a request target', () => {
  let test: TestGateway;
  before(async () => {
    test = await startTestGateway();
  });
  after(() => test.gateway.close());

  /** Writes a request as it is: no client would send these. */
  async function raw(head: string): Promise<string> {
    const socket = connect(Number(new URL(test.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.end(`${head}\r\nConnection: close\r\n\r\n`);
    return text(socket);
  }

  it('in absolute form is served', async () => {
    const answer = await raw('GET http://any.example/graphql?query=%7Bhello%7D HTTP/1.1\r\nHost: any.example');
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.match(answer, /"hello"/);
  });

  for (const head of [
    'OPTIONS * HTTP/1.1\r\nHost: a',
    'GET /health HTTP/1.1\r\nHost: a b',
    'GET /graphql HTTP/1.1\r\nHost: a@b',
  ]) {
    it(`that is none is a 400 without a stack: ${JSON.stringify(head)}`, async () => {
      const answer = await raw(head);
      assert.match(answer, /^HTTP\/1\.1 400 /);
      assert.doesNotMatch(answer, / at |node_modules|TypeError/);
    });
  }
});

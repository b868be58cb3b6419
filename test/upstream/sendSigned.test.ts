import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createHttpClient } from '../../src/upstream/createHttpClient.ts';
import type { CredentialHeaders, Credentials } from '../../src/upstream/credentials/Credentials.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';
import { until } from '../support/until.ts';

const request = { subgraph: 'a', method: 'GET', headers: {}, timeout: 5_000, idempotent: true } as const;

function credentials(headersOf: Credentials['headersOf'], renew: Credentials['renew'] = () => false): Credentials {
  return { names: ['authorization'], headersOf, renew, tokensOf: () => ({}) };
}

async function open(t: TestContext, status: (authorization: string | undefined) => number = () => 200) {
  const heard: (string | undefined)[] = [];
  const { url, server } = await serveHttp(t, ({ headers: { authorization } }, response) => {
    heard.push(authorization);
    response.writeHead(status(authorization));
    // Longer than what waits unread without pausing the connection.
    response.end('x'.repeat(2_000_000));
  });
  const http = createHttpClient();
  t.after(() => http.close());
  return { http, url, heard, server };
}

describe('a request that waits for its credentials', { timeout: 20_000 }, () => {
  it('ends at its deadline', async (t) => {
    const { http, url, heard } = await open(t);
    const never = credentials(() => new Promise<CredentialHeaders>(() => undefined));
    await assert.rejects(http.request({ ...request, url, timeout: 20, credentials: never }), {
      code: 'SUBGRAPH_TIMEOUT',
    });
    assert.deepEqual(heard, []);
  });

  it('ends when the client leaves, and what fails later bothers nobody', async (t) => {
    const { http, url, heard } = await open(t);
    const strays: unknown[] = [];
    const note = (error: unknown): void => void strays.push(error);
    process.on('unhandledRejection', note);
    t.after(() => process.off('unhandledRejection', note));
    for (const isBefore of [true, false]) {
      const { promise, reject } = Promise.withResolvers<CredentialHeaders>();
      const controller = new AbortController();
      const left = new Error('left');
      if (isBefore) controller.abort(left);
      const late = credentials(() => promise);
      const answer = http.request({ ...request, url, signal: controller.signal, credentials: late });
      if (!isBefore) controller.abort(left);
      await assert.rejects(answer, left);
      reject(new Error('late'));
      await turn();
      await turn();
    }
    assert.deepEqual(strays, []);
    assert.deepEqual(heard, []);
  });
});

describe('a request that is refused', { timeout: 20_000 }, () => {
  for (const way of ['request', 'stream'] as const) {
    it(`is sent once more with fresh credentials, and never twice more (${way})`, async (t) => {
      let count = 0;
      const { http, url, heard, server } = await open(t, () => 401);
      const fresh = credentials(
        () => ({ authorization: `t${++count}` }),
        ({ authorization }) => authorization === `t${count}`,
      );
      const answer = await http[way]({ ...request, url, credentials: fresh });
      assert.equal(answer.status, 401);
      assert.deepEqual(heard, ['t1', 't2']);
      if (way === 'request') return;
      // The first answer holds no connection.
      const connections = (): Promise<number> =>
        new Promise((resolve, reject) =>
          server.getConnections((error, found) => (error === null ? resolve(found) : reject(error))),
        );
      const before = performance.now();
      await until(async () => (await connections()) === 1);
      // Forgotten ones are closed as idle, after seconds.
      assert.ok(performance.now() - before < 2_000);
    });
  }

  it('stays so where there is nothing fresh', async (t) => {
    const { http, url, heard } = await open(t, () => 401);
    await http.request({ ...request, url, credentials: credentials(() => ({ authorization: 't' })) });
    assert.deepEqual(heard, ['t']);
  });
});

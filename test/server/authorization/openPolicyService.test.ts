import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { PolicyInput } from '../../../src/plugins/authorization/PolicyService.ts';
import { openPolicyService } from '../../../src/server/authorization/openPolicyService.ts';
import { createHttpClient } from '../../../src/upstream/createHttpClient.ts';
import { serveHttp } from '../../sources/graphql/serveHttp.ts';

const input = (id: string): PolicyInput => ({
  policies: ['p'],
  caller: { id, method: 'test', scopes: [], claims: {} },
  operation: { name: '', kind: 'query' },
});

async function start(t: TestContext, cache?: number) {
  let asked = 0;
  let time = 1_000;
  const { url } = await serveHttp(t, async (request, response) => {
    asked += 1;
    const question = JSON.parse(await text(request)) as { input: PolicyInput };
    response.end(JSON.stringify({ result: { p: question.input.caller?.id === 'ada' } }));
  });
  const http = createHttpClient();
  t.after(() => http.close());
  const decide = openPolicyService({ url, headers: {}, timeout: 5_000, cache }, http, () => time);
  return {
    decide,
    asked: () => asked,
    pass(milliseconds: number) {
      time += milliseconds;
    },
  };
}

test('an answer is kept for as long as is configured, for who may ask the same', async (t) => {
  const service = await start(t, 100);
  assert.deepEqual([...(await service.decide(input('ada')))], ['p']);
  assert.deepEqual([...(await service.decide(input('ada')))], ['p']);
  assert.equal(service.asked(), 1);
  assert.deepEqual([...(await service.decide(input('bob')))], []);
  assert.equal(service.asked(), 2);
  service.pass(99);
  await service.decide(input('ada'));
  assert.equal(service.asked(), 2);
  service.pass(1);
  await service.decide(input('ada'));
  assert.equal(service.asked(), 3);
});

test('nothing is kept where that is not configured; equal questions under way are asked once', async (t) => {
  const service = await start(t);
  await Promise.all([service.decide(input('ada')), service.decide(input('ada')), service.decide(input('bob'))]);
  assert.equal(service.asked(), 2);
  await service.decide(input('ada'));
  assert.equal(service.asked(), 3);
});

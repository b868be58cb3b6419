import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Backend } from '../../subgraphs/Backend.ts';
import { startInventory } from '../../subgraphs/inventory/startInventory.ts';

let inventory: Backend;
before(async () => {
  inventory = await startInventory({ port: 0 });
});
beforeEach(() => inventory.reset());
after(() => inventory.close());

interface Reply {
  readonly status: number;
  readonly type: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

async function call(path: string, body?: unknown): Promise<Reply> {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${inventory.url}${path}`, init);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: (await response.json()) as Reply['body'],
  };
}

test('inventory answers one and several products, leaving unknown ones out', async () => {
  const one = await call('/stock/p1');
  assert.equal(one.status, 200);
  assert.deepEqual(Object.keys(one.body).sort(), ['inStock', 'quantity', 'restockDate', 'upc', 'warehouse']);
  const several = await call('/stock?upcs=p1,nope,p3');
  const upcs = (several.body as unknown as { upc: string }[]).map(({ upc }) => upc);
  assert.deepEqual(upcs.sort(), ['p1', 'p3']);
  assert.deepEqual(inventory.log(), ['GET /stock/p1', 'GET /stock?upcs=p1,nope,p3']);
  assert.equal(inventory.requests(), 2);
});

test('an adjustment changes the stock', async () => {
  const before = await call('/stock/p5');
  const reply = await call('/stock/p5/adjustments', { delta: 7, reason: 'delivery' });
  assert.equal(reply.status, 200);
  assert.equal(reply.body['quantity'], Number(before.body['quantity']) + 7);
  assert.deepEqual((await call('/stock/p5')).body, reply.body);
});

test('inventory reports problems as problem documents', async () => {
  const replies = [
    await call('/stock/nope'),
    await call('/stock/p1/adjustments', { delta: -100_000, reason: 'sale' }),
    await call('/stock/p1/adjustments', { delta: 0, reason: 'sale' }),
    await call('/stock/p1/adjustments', { delta: 1, reason: 'whim' }),
    await call('/stock?upcs='),
    await call('/elsewhere'),
  ];
  assert.deepEqual(
    replies.map(({ status }) => status),
    [404, 409, 422, 422, 422, 404],
  );
  for (const { type, body, status } of replies) {
    assert.equal(type, 'application/problem+json');
    assert.equal(body['status'], status);
    assert.equal(typeof body['detail'], 'string');
  }
});

test('a body that is not JSON is a problem, not a crash', async () => {
  const response = await fetch(`${inventory.url}/stock/p1/adjustments`, { method: 'POST', body: '{' });
  assert.equal(response.status, 400);
  assert.equal((await call('/stock/p1')).status, 200);
});

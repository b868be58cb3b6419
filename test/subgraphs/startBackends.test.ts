import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StartBackend } from '../../subgraphs/Backend.ts';
import { closeBackends } from '../../subgraphs/closeBackends.ts';
import { startInventory } from '../../subgraphs/inventory/startInventory.ts';
import { startReviews } from '../../subgraphs/reviews/startReviews.ts';
import { startShipping } from '../../subgraphs/shipping/startShipping.ts';
import { startBackends } from '../../subgraphs/startBackends.ts';

const free = { accounts: 0, products: 0, reviews: 0, inventory: 0, shipping: 0 };

test('all five services start on free ports and end', async () => {
  const backends = await startBackends(free);
  assert.deepEqual(
    Object.values(backends).map(({ name }) => name),
    ['accounts', 'products', 'reviews', 'inventory', 'shipping'],
  );
  assert.equal(new Set(Object.values(backends).map(({ port }) => port)).size, 5);
  await closeBackends(backends);
});

test('a taken port names the service, the port and how to choose another, and leaves nothing running', async () => {
  for (const start of [startReviews, startInventory, startShipping] as StartBackend[]) {
    const holder = await start({ port: 0 });
    const message = new RegExp(`Port ${holder.port} on 127.0.0.1 is taken, so "${holder.name}" cannot start.*--port N`);
    await assert.rejects(start({ port: holder.port }), { message });
    await assert.rejects(startBackends({ ...free, [holder.name]: holder.port }), { message });
    await holder.close();
  }
});

test('a service that was closed starts again on the same port', async () => {
  for (const start of [startReviews, startInventory, startShipping] as StartBackend[]) {
    const first = await start({ port: 0 });
    await first.close();
    const second = await start({ port: first.port });
    assert.equal(second.port, first.port);
    await second.close();
  }
});

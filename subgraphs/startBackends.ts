import { startAccounts } from './accounts/startAccounts.ts';
import type { Backend } from './Backend.ts';
import { startInventory } from './inventory/startInventory.ts';
import { startProducts } from './products/startProducts.ts';
import { type ReviewsBackend, startReviews } from './reviews/startReviews.ts';
import { type ShippingBackend, startShipping } from './shipping/startShipping.ts';

export interface Backends {
  readonly accounts: Backend;
  readonly products: Backend;
  readonly reviews: ReviewsBackend;
  readonly inventory: Backend;
  readonly shipping: ShippingBackend;
}

/** Ports by name; 0 takes any free one; absent: 4101 to 4105. */
export type BackendPorts = Readonly<Partial<Record<keyof Backends, number>>>;

/** Starts all five services of the shop. Where one cannot start, those that have are ended, and the reason of the first is thrown. */
export async function startBackends(ports: BackendPorts = {}): Promise<Backends> {
  const starting = {
    accounts: startAccounts({ port: ports.accounts }),
    products: startProducts({ port: ports.products }),
    reviews: startReviews({ port: ports.reviews }),
    inventory: startInventory({ port: ports.inventory }),
    shipping: startShipping({ port: ports.shipping }),
  };
  const settled = await Promise.allSettled(Object.values<Promise<Backend>>(starting));
  const failure = settled.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await Promise.all(settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value.close()] : [])));
    throw failure.reason;
  }
  return {
    accounts: await starting.accounts,
    products: await starting.products,
    reviews: await starting.reviews,
    inventory: await starting.inventory,
    shipping: await starting.shipping,
  };
}

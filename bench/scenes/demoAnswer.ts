import { createProducts } from '../../subgraphs/data/createProducts.ts';
import { createReviews } from '../../subgraphs/data/createReviews.ts';
import { createShipments } from '../../subgraphs/data/createShipments.ts';
import { createStock } from '../../subgraphs/data/createStock.ts';

/** One list, joined over four kinds of source. */
export const DEMO_QUERY = '{ topProducts(first: 20) { upc name reviewCount quantity lastShipment { id carrier } } }';

/** What the data of the demo says to it, without a server. */
export function demoAnswer(): unknown {
  const reviews = createReviews();
  const stock = new Map(createStock().map(({ upc, quantity }) => [upc, quantity]));
  const shipments = new Map(createShipments().map(({ upc, id, carrier }) => [upc, { id, carrier }]));
  const best = [...createProducts().products].sort((a, b) => b.sold - a.sold).slice(0, 20);
  const topProducts = best.map(({ upc, name }) => ({
    upc,
    name,
    reviewCount: reviews.filter((review) => review.upc === upc).length,
    quantity: stock.get(upc) ?? null,
    lastShipment: shipments.get(upc) ?? null,
  }));
  return { data: { topProducts } };
}

import { createProducts } from '../../../subgraphs/data/createProducts.ts';
import { createReviews, type ReviewRecord } from '../../../subgraphs/data/createReviews.ts';
import { createShipments } from '../../../subgraphs/data/createShipments.ts';
import { createStock } from '../../../subgraphs/data/createStock.ts';
import { createUsers } from '../../../subgraphs/data/createUsers.ts';

const catalogue = createProducts();
const newestFirst = createReviews().toReversed();
const users = createUsers();
const productsByUpc = new Map(catalogue.products.map((product) => [product.upc, product]));
const usersById = new Map(users.map((user) => [user.id, user]));
const stockByUpc = new Map(createStock().map((stock) => [stock.upc, stock]));
const shipmentsByUpc = new Map(createShipments().map((shipment) => [shipment.upc, shipment]));

function get<T>(map: ReadonlyMap<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(`The demo has no "${key}".`);
  return value;
}

const reviewsOf = (upc: string): readonly ReviewRecord[] => newestFirst.filter((review) => review.upc === upc);

/** The data of the demo as its services start with it: what answers are computed from, without any service. */
export const shop = {
  ...catalogue,
  users,
  product: (upc: string) => get(productsByUpc, upc),
  user: (id: string) => get(usersById, id),
  stock: (upc: string) => get(stockByUpc, upc),
  shipment: (upc: string) => get(shipmentsByUpc, upc),
  reviewsOf,
  reviewCountBy: (userId: string): number => newestFirst.filter(({ authorId }) => authorId === userId).length,
  averageRating(upc: string): number | null {
    const ratings = reviewsOf(upc).map(({ rating }) => rating);
    const sum = ratings.reduce((total, rating) => total + rating, 0);
    return ratings.length === 0 ? null : Math.round((sum / ratings.length) * 100) / 100;
  },
  wishlistCount: (upc: string): number => users.filter(({ wishlist }) => wishlist.includes(upc)).length,
  trust(userId: string): string {
    const count = shop.reviewCountBy(userId);
    if (count >= 30) return 'EXPERT';
    return count >= 22 ? 'KNOWN' : 'NEW';
  },
  shippingEstimate(upc: string): { cents: number } | null {
    const { quantity, warehouse } = shop.stock(upc);
    const perUnit = warehouse.country === 'US' ? 12 : 4;
    return quantity === 0 ? null : { cents: 390 + (shop.product(upc).weight / 100) * perUnit };
  },
};

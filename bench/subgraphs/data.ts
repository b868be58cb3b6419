/**
 * The data of the public gateways benchmark in size and shape (github.com/graphql-hive/graphql-gateways-benchmark: six users, nine
 * products, eleven reviews), in words of our own.
 */

export interface User {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly birthday: number;
}

export interface Product {
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
}

export interface Review {
  readonly id: string;
  readonly body: string;
  readonly upc: string;
}

export const users: readonly User[] = ['Ada Bell', 'Ben Cole', 'Cleo Dunn', 'Dina Egg', 'Elio Fox', 'Fay Gray'].map(
  (name, index) => ({
    id: String(index + 1),
    name,
    username: name.toLowerCase().replace(' ', ''),
    birthday: 1_234_567_890,
  }),
);

const PRODUCTS: readonly (readonly [name: string, price: number, weight: number])[] = [
  ['Table', 899, 100],
  ['Couch', 1299, 1000],
  ['Glass', 15, 20],
  ['Chair', 499, 100],
  ['Screen', 1299, 1000],
  ['Lamp', 6999, 300],
  ['Stove', 3999, 2000],
  ['Fridge', 100_000, 6000],
  ['Sofa', 9999, 800],
];

export const products: readonly Product[] = PRODUCTS.map(([name, price, weight], index) => ({
  upc: String(index + 1),
  name,
  price,
  weight,
}));

/** Products that are in stock. */
export const stocked: ReadonlySet<string> = new Set(['1', '5', '6', '7', '9']);

/** Product and length of each review. */
const REVIEWS: readonly (readonly [upc: string, length: number])[] = [
  ['1', 445],
  ['1', 289],
  ['1', 275],
  ['1', 143],
  ['2', 445],
  ['2', 289],
  ['2', 275],
  ['2', 143],
  ['3', 143],
  ['4', 143],
  ['4', 844],
];

const WORDS =
  'It came on time and stands where we wanted it, though the box was torn and one screw was missing; we would buy it again. ';

export const reviews: readonly Review[] = REVIEWS.map(([upc, length], index) => ({
  id: String(index + 1),
  upc,
  body: WORDS.repeat(8).slice(index, index + length),
}));

import { createRandom } from './createRandom.ts';
import { ids } from './ids.ts';

const adjectives = [
  'Oak',
  'Linen',
  'Copper',
  'Folding',
  'Quiet',
  'Winter',
  'Small',
  'Striped',
  'Glass',
  'Northern',
] as const;

/** The kinds of thing on sale, by the slug of their category. */
export const thingsByCategory = {
  furniture: ['Chair', 'Table', 'Shelf', 'Stool'],
  kitchen: ['Pan', 'Teapot', 'Knife', 'Board'],
  garden: ['Spade', 'Bench', 'Lantern', 'Hose'],
  textiles: ['Blanket', 'Curtain', 'Cushion', 'Towel'],
  lighting: ['Lamp', 'Candle', 'Chandelier', 'Torch'],
} as const;

export interface ProductName {
  readonly upc: string;
  readonly name: string;
  readonly category: keyof typeof thingsByCategory;
}

/** Names of all products in the order of their upcs: the one fact that accounts keeps a copy of, to provide it in wishlists. */
export function createProductNames(): readonly ProductName[] {
  const random = createRandom(1);
  const categories = Object.keys(thingsByCategory) as (keyof typeof thingsByCategory)[];
  return ids.upcs.map((upc, index) => {
    const category = random.pick(categories);
    return {
      upc,
      category,
      name: `${random.pick(adjectives)} ${random.pick(thingsByCategory[category])} ${index + 1}`,
    };
  });
}

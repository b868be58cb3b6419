import { createProductNames, thingsByCategory } from './createProductNames.ts';
import { createRandom } from './createRandom.ts';
import { ids } from './ids.ts';

export interface ProductRecord {
  readonly upc: string;
  readonly name: string;
  readonly cents: number;
  /** Grams. */
  readonly weight: number;
  /** Slug. */
  readonly category: string;
  /** Items sold so far; the order of `topProducts`. */
  readonly sold: number;
}

export interface BundleRecord {
  readonly id: string;
  readonly name: string;
  readonly cents: number;
  readonly upcs: readonly string[];
}

export interface CategoryRecord {
  readonly slug: string;
  readonly name: string;
}

export interface Catalogue {
  readonly products: readonly ProductRecord[];
  readonly bundles: readonly BundleRecord[];
  readonly categories: readonly CategoryRecord[];
}

export function createProducts(): Catalogue {
  const random = createRandom(3);
  const products = createProductNames().map((named) => ({
    ...named,
    cents: random.integer(5, 400) * 50 - 1,
    weight: random.integer(1, 120) * 100,
    sold: random.integer(0, 20_000),
  }));
  const bundles = Array.from({ length: 50 }, (_, index) => {
    const upcs = [...new Set(Array.from({ length: random.integer(2, 4) }, () => random.pick(ids.upcs)))];
    const sum = products.filter(({ upc }) => upcs.includes(upc)).reduce((total, { cents }) => total + cents, 0);
    return { id: `b${index + 1}`, name: `Bundle ${index + 1}`, cents: Math.round(sum * 0.9), upcs };
  });
  const categories = Object.keys(thingsByCategory).map((slug) => ({
    slug,
    name: slug.charAt(0).toUpperCase() + slug.slice(1),
  }));
  return { products, bundles, categories };
}

import { GraphQLError } from 'graphql';

/** What `Product.shippingEstimate` requires of another service, as it came in the representation. */
interface Requirement {
  readonly inStock?: unknown;
  readonly warehouse?: { readonly country?: unknown } | null;
}

/** Cents for one item: by weight in grams, dearer from outside the EU; null while it is not in stock. Throws where the requirement did not come. */
export function shippingEstimate(weight: number, { inStock, warehouse }: Requirement): number | null {
  if (typeof inStock !== 'boolean' || typeof warehouse?.country !== 'string') {
    throw new GraphQLError('"Product.shippingEstimate" needs "inStock warehouse { country }" in the representation.', {
      extensions: { code: 'MISSING_REQUIREMENT' },
    });
  }
  if (!inStock) return null;
  return 390 + Math.round(weight / 100) * (warehouse.country === 'US' ? 12 : 4);
}

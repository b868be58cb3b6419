import { GraphQLError } from 'graphql';
import type { Backend, BackendOptions } from '../Backend.ts';
import { type BundleRecord, type CategoryRecord, createProducts, type ProductRecord } from '../data/createProducts.ts';
import { createFederatedSchema } from '../server/createFederatedSchema.ts';
import { readSchema } from '../server/readSchema.ts';
import { startGraphqlBackend } from '../server/startGraphqlBackend.ts';
import { shippingEstimate } from './shippingEstimate.ts';

interface Page {
  readonly first: number;
  readonly offset: number;
}

const money = (cents: number) => ({ cents, currency: 'EUR' });

/** The products service: GraphQL, Federation 2, with an interface, a union and a mutation; its default port is 4102. */
export function startProducts(options: BackendOptions = {}): Promise<Backend> {
  const catalogue = createProducts();
  const products = new Map(catalogue.products.map((product) => [product.upc, { __typename: 'Product', ...product }]));
  const bundles = new Map(catalogue.bundles.map((bundle) => [bundle.id, { __typename: 'Bundle', ...bundle }]));
  const categories = new Map(
    catalogue.categories.map((category) => [category.slug, { __typename: 'Category', ...category }]),
  );
  const best = [...catalogue.products].sort((a, b) => b.sold - a.sold).map(({ upc }) => upc);
  const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
  const offers = () => [...products.values(), ...bundles.values()].sort(byName);

  const schema = createFederatedSchema({
    sdl: readSchema('products.graphql'),
    resolvers: {
      Query: {
        product: (_: unknown, { upc }: { upc: string }) => products.get(upc),
        products: (_: unknown, { first, offset }: Page) => [...products.values()].slice(offset, offset + first),
        topProducts: (_: unknown, { first }: Page) => best.slice(0, first).map((upc) => products.get(upc)),
        category: (_: unknown, { slug }: { slug: string }) => categories.get(slug),
        offers: (_: unknown, { first, offset }: Page) => offers().slice(offset, offset + first),
        search: (_: unknown, { text, first }: { text: string; first: number }) =>
          [...categories.values(), ...offers()]
            .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
            .slice(0, first),
      },
      Mutation: {
        setPrice: (_: unknown, { upc, cents }: { upc: string; cents: number }) => {
          const product = products.get(upc);
          if (product === undefined) throw refusal(`There is no product "${upc}".`, 'NOT_FOUND');
          if (cents < 0) throw refusal(`A price is 0 or more, not ${cents}.`, 'BAD_USER_INPUT');
          const changed = { ...product, cents };
          products.set(upc, changed);
          return changed;
        },
      },
      Product: {
        price: ({ cents }: ProductRecord) => money(cents),
        category: ({ category }: ProductRecord) => categories.get(category),
        shippingEstimate: (product: ProductRecord & { representation?: object }) => {
          const cents = shippingEstimate(product.weight, product.representation ?? {});
          return cents === null ? null : money(cents);
        },
        // The old copy that accounts has taken over: a gateway that asks here ignores @override.
        wishlistCount: () => -1,
      },
      Bundle: {
        price: ({ cents }: BundleRecord) => money(cents),
        products: ({ upcs }: BundleRecord) => upcs.map((upc) => products.get(upc)),
      },
      Category: {
        products: ({ slug }: CategoryRecord, { first }: Page) =>
          [...products.values()].filter(({ category }) => category === slug).slice(0, first),
      },
    },
    references: {
      Product: (representation) => {
        const product = products.get(String(representation['upc']));
        return product === undefined ? null : { ...product, representation };
      },
      Bundle: ({ id }) => bundles.get(String(id)),
      Category: ({ slug }) => categories.get(String(slug)),
    },
  });
  return startGraphqlBackend({ name: 'products', schema, ...options, port: options.port ?? 4102 });
}

function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

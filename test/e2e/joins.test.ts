import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { readExamples } from '../../subgraphs/demo/readExamples.ts';
import { ask } from './support/ask.ts';
import { shop } from './support/shop.ts';
import { type Demo, startDemo } from './support/startDemo.ts';

const timeout = 20_000;
const none = { accounts: 0, products: 0, reviews: 0, inventory: 0, shipping: 0 };

function example(title: string): string {
  const found = readExamples().find((candidate) => candidate.title === title);
  assert.ok(found !== undefined, `no example "${title}"`);
  return found.query;
}

interface Case {
  readonly query: string;
  readonly data: unknown;
  /** Requests by backend; the others get none. */
  readonly requests: Readonly<Record<string, number>>;
  readonly variables?: Readonly<Record<string, unknown>>;
}

async function check(t: TestContext, { query, data, requests, variables }: Case): Promise<Demo> {
  const demo = await startDemo(t);
  assert.deepEqual(await ask(demo.url, query, variables), { data });
  assert.deepEqual(demo.countRequests(), { ...none, ...requests });
  return demo;
}

describe('the examples of the demo', { timeout: 120_000 }, () => {
  it('TopProducts: a list by a federated service, joined by three batches of three kinds', { timeout }, async (t) => {
    const best = shop.products.toSorted((a, b) => b.sold - a.sold).slice(0, 3);
    const data = {
      topProducts: best.map(({ upc, name, cents }) => ({
        name,
        price: { cents, currency: 'EUR' },
        averageRating: shop.averageRating(upc),
        quantity: shop.stock(upc).quantity,
        warehouse: { city: shop.stock(upc).warehouse.city },
        lastShipment: { carrier: shop.shipment(upc).carrier, status: shop.shipment(upc).status },
      })),
    };
    const requests = { products: 1, reviews: 1, inventory: 1, shipping: 1 };
    await check(t, { query: example('TopProducts'), data, requests });
  });

  it('MyAccount: entities of entities and back to the first service; @override has moved a field', {
    timeout,
  }, async (t) => {
    const me = shop.user('u1');
    const data = {
      me: {
        name: me.name,
        wishlist: me.wishlist.map((upc) => ({
          name: shop.product(upc).name,
          price: { cents: shop.product(upc).cents },
          wishlistCount: shop.wishlistCount(upc),
          reviews: shop
            .reviewsOf(upc)
            .slice(0, 2)
            .map(({ rating, authorId }) => ({ rating, author: { name: shop.user(authorId).name } })),
        })),
      },
    };
    await check(t, { query: example('MyAccount'), data, requests: { accounts: 2, products: 1, reviews: 1 } });
  });

  it('Requires: @requires over plain GraphQL and over REST; a oneof as a union', { timeout }, async (t) => {
    const { packaging } = shop.shipment('p42');
    const data = {
      product: {
        name: shop.product('p42').name,
        weight: shop.product('p42').weight,
        shippingEstimate: shop.shippingEstimate('p42'),
        packaging: 'box' in packaging ? packaging.box : packaging.tube,
        reviews: shop
          .reviewsOf('p42')
          .slice(0, 3)
          .map(({ body, authorId }) => ({
            body,
            author: { username: shop.user(authorId).username, trust: shop.trust(authorId) },
          })),
      },
    };
    const requests = { accounts: 1, products: 2, reviews: 1, inventory: 1, shipping: 1 };
    await check(t, { query: example('Requires'), data, requests });
  });

  for (const text of ['lamp 1', 'bundle 1', 'furniture']) {
    it(`Search for "${text}": each type behind a union and an interface is joined on its own`, {
      timeout,
    }, async (t) => {
      const query = example('Search');
      const data = { search: search(text) };
      const some = data.search.some(({ __typename }) => __typename !== 'Category');
      const rated = data.search.some(({ __typename }) => __typename !== 'Bundle');
      const requests = { products: 1, inventory: some ? 1 : 0, reviews: rated ? 1 : 0 };
      await check(t, { query, variables: { text }, data, requests });
    });
  }

  it('Wishlists: @provides spares the service that owns the names', { timeout }, async (t) => {
    const data = {
      users: shop.users.slice(0, 5).map(({ name, wishlist }) => ({
        name,
        wishlist: wishlist.map((upc) => ({ upc, name: shop.product(upc).name })),
      })),
    };
    await check(t, { query: example('Wishlists'), data, requests: { accounts: 1 } });
  });

  it('AddReview: the result of a mutation is joined with what it changed', { timeout }, async (t) => {
    const data = {
      addReview: {
        id: 'r5001',
        rating: 5,
        product: {
          name: shop.product('p42').name,
          reviewCount: shop.reviewsOf('p42').length + 1,
          inStock: shop.stock('p42').quantity > 0,
        },
        author: { name: shop.user('u7').name },
      },
    };
    const requests = { accounts: 1, products: 1, reviews: 1, inventory: 1 };
    await check(t, { query: example('AddReview'), data, requests });
  });

  it('Restock: mutations of two kinds run in the order of the document', { timeout }, async (t) => {
    const { name } = shop.product('p42');
    const data = {
      setPrice: { name, price: { cents: 1999 } },
      adjustStock: { quantity: shop.stock('p42').quantity + 10, name },
    };
    await check(t, { query: example('Restock'), data, requests: { products: 2, inventory: 1 } });
  });
});

function search(text: string): { readonly __typename: string }[] {
  const priced = ({ name, cents }: { readonly name: string; readonly cents: number }) => ({ name, price: { cents } });
  const products = shop.products.map((product) => ({
    __typename: 'Product',
    ...priced(product),
    inStock: shop.stock(product.upc).quantity > 0,
    averageRating: shop.averageRating(product.upc),
  }));
  const bundles = shop.bundles.map((bundle) => ({
    __typename: 'Bundle',
    ...priced(bundle),
    products: bundle.upcs.map((upc) => ({ name: shop.product(upc).name, quantity: shop.stock(upc).quantity })),
  }));
  const categories = shop.categories.map(({ slug, name }) => ({
    __typename: 'Category',
    name,
    slug,
    products: shop.products
      .filter(({ category }) => category === slug)
      .slice(0, 2)
      .map((product) => ({ name: product.name, reviewCount: shop.reviewsOf(product.upc).length })),
  }));
  const offers = [...products, ...bundles].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const found = [...categories, ...offers].filter(({ name }) => name.toLowerCase().includes(text)).slice(0, 5);
  return found.map((item) => ('slug' in item ? withoutName(item) : item));
}

/** A category is no offer, so its name is not asked for. */
function withoutName({ name, ...rest }: { readonly name: string; readonly __typename: string }) {
  return rest;
}

describe('joins beyond the examples', { timeout: 120_000 }, () => {
  it('1,000 entities in one list take one request a service, five where 200 keys are the limit', {
    timeout,
  }, async (t) => {
    const query = '{ products(first: 1000) { upc name averageRating quantity lastShipment { id } wishlistCount } }';
    const data = {
      products: shop.products.map(({ upc, name }) => ({
        upc,
        name,
        averageRating: shop.averageRating(upc),
        quantity: shop.stock(upc).quantity,
        lastShipment: { id: shop.shipment(upc).id },
        wishlistCount: shop.wishlistCount(upc),
      })),
    };
    await check(t, { query, data, requests: { accounts: 1, products: 1, reviews: 1, inventory: 5, shipping: 1 } });
  });

  it('single lookups go out as aliases of one document', { timeout }, async (t) => {
    const { backends, url } = await startDemo(t);
    const data = { users: shop.users.slice(0, 3).map(({ id }) => ({ id, reviewCount: shop.reviewCountBy(id) })) };
    assert.deepEqual(await ask(url, '{ users(first: 3) { id reviewCount } }'), { data });
    assert.equal(backends.reviews.requests(), 1);
    assert.equal(backends.reviews.log()[0]?.match(/userById/g)?.length, 3);
  });

  it('the second key of an entity, and what it takes to get there', { timeout }, async (t) => {
    const { username, id } = shop.user('u9');
    const query = 'query ($name: String!) { userByUsername(username: $name) { id reviewCount trust } }';
    const data = { userByUsername: { id, reviewCount: shop.reviewCountBy(id), trust: shop.trust(id) } };
    const requests = { accounts: 2, reviews: 1 };
    await check(t, { query, variables: { name: username }, data, requests });
  });

  it('one entity at many places is asked for once', { timeout }, async (t) => {
    const query = '{ a: product(upc: "p42") { quantity } b: product(upc: "p42") { quantity restockDate } }';
    const { quantity, restockDate } = shop.stock('p42');
    const demo = await check(t, {
      query,
      data: { a: { quantity }, b: { quantity, restockDate } },
      requests: { products: 1, inventory: 1 },
    });
    assert.equal(demo.log.lines.join(), '');
  });

  it('REST and gRPC fields stand at the root, too', { timeout }, async (t) => {
    const query = `{
      warehouses { code }
      stockByUpc(upc: "p7") { upc name }
      getQuote(upc: "p7", country: "DE", express: true) { carrier parts { key value } }
    }`;
    const days = shop.shipment('p7').deliveryDays['DE'] ?? 0;
    const parts = { base: 390, distance: days * 110, express: 900 };
    const data = {
      warehouses: [{ code: 'BER' }, { code: 'LYS' }, { code: 'PDX' }],
      stockByUpc: { upc: 'p7', name: shop.product('p7').name },
      getQuote: { carrier: 'Night Train', parts: Object.entries(parts).map(([key, value]) => ({ key, value })) },
    };
    await check(t, { query, data, requests: { products: 1, inventory: 2, shipping: 1 } });
  });

  it('an entity that a service does not know is null there and whole elsewhere', { timeout }, async (t) => {
    const demo = await startDemo(t);
    const { data, errors } = await ask(
      demo.url,
      '{ stockByUpcs(upcs: ["p1", "nope"]) { upc quantity } product(upc: "nope") { name } }',
    );
    assert.equal(errors, undefined);
    assert.deepEqual(data, { stockByUpcs: [{ upc: 'p1', quantity: shop.stock('p1').quantity }], product: null });
  });

  it('an error that a REST service reports comes with its path and problem; the mutations beside it stand', {
    timeout,
  }, async (t) => {
    const demo = await startDemo(t);
    const query = `mutation {
      sold: adjustStock(upc: "p42", input: { delta: -99999, reason: sale }) { quantity }
      setPrice(upc: "p42", cents: 1) { price { cents } }
    }`;
    const { data, errors } = await ask(demo.url, query);
    assert.deepEqual(data, { sold: null, setPrice: { price: { cents: 1 } } });
    assert.equal(errors?.length, 1);
    assert.deepEqual(errors[0]?.path, ['sold']);
    assert.equal(errors[0].extensions?.['code'], 'SUBGRAPH_HTTP_ERROR');
    assert.deepEqual(errors[0].extensions['http'], { status: 409 });
  });

  it('variables reach converted services through arguments and input objects', { timeout }, async (t) => {
    const query =
      'mutation ($upc: ID!, $input: StockAdjustmentInput!) { adjustStock(upc: $upc, input: $input) { quantity } }';
    const variables = { upc: 'p3', input: { delta: 4, reason: 'delivery' } };
    const data = { adjustStock: { quantity: shop.stock('p3').quantity + 4 } };
    await check(t, { query, variables, data, requests: { inventory: 1 } });
  });
});
